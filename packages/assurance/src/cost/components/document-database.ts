import { countText, fixed, hoursPerMonth, notPriced, usage } from "../charge.ts";
import { numberAt, textAt } from "../property.ts";
import { databaseGiB, sharersOfStore } from "../site.ts";
import { backupCharge, globalCopies } from "./database-copies.ts";
import type { CostOf } from "./cost-of.ts";

export const costOfDocumentInstance: CostOf = ({ properties }, site) => {
  const instanceClass = textAt(properties, "DBInstanceClass");
  if (instanceClass === null) return [notPriced("database instance", "DBInstanceClass is not known")];
  return [
    fixed(
      "document-databases",
      { service: "docdb", item: instanceClass },
      {
        quantity: hoursPerMonth,
        basis: `${instanceClass}, ${hoursPerMonth} hours`,
        sharers: sharersOfStore(site, textAt(properties, "DBInstanceIdentifier")),
      },
    ),
  ];
};

export const costOfDocumentCluster: CostOf = ({ properties }, site) => {
  const sharers = sharersOfStore(site, textAt(properties, "DBClusterIdentifier"));
  const held = databaseGiB(site, sharers);
  const days = numberAt(properties, "BackupRetentionPeriod") ?? 1;
  const io = site.demand(sharers).requests * site.usage.databaseIoPerRequest;
  const isSecondary = site.isStandby && textAt(properties, "GlobalClusterIdentifier") !== null;
  const ioBasis = `${countText(site.usage.databaseIoPerRequest)} of each request`;
  return [
    usage(
      "document-databases",
      { service: "docdb", item: "Storage" },
      {
        quantity: held,
        basis: `${countText(held)} GiB of documents`,
        assumes: ["databaseGiBPerTenant"],
        sharers,
      },
    ),
    ...(io > 0
      ? [
          usage(
            "document-databases",
            { service: "docdb", item: "I/O requests" },
            {
              quantity: io,
              basis: ioBasis,
              assumes: ["databaseIoPerRequest", "requestsPerTenant"],
              sharers,
            },
          ),
        ]
      : []),
    ...backupCharge(
      { service: "docdb", item: "Backup storage" },
      held * (site.usage.changePercent / 100) * (days / 30),
      days,
      sharers,
    ),
    ...(isSecondary ? globalCopies("document-databases", "docdb", held, sharers, site) : []),
  ];
};

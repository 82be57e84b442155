import type { Resource } from "../../artifacts/shipment.ts";
import {
  type Charge,
  type CostOutcome,
  countText,
  fixed,
  hoursPerMonth,
  noCharge,
  notPriced,
  type Sharers,
  usage,
} from "../charge.ts";
import { isTrueAt, numberAt, textAt } from "../property.ts";
import { databaseGiB, sharersOfStore, type Site } from "../site.ts";
import { backupCharge, globalCopies, transferFrom } from "./database-copies.ts";
import type { CostOf } from "./cost-of.ts";

/** Days of Performance Insights that cost nothing. */
const freeInsightsDays = 7;

/** An instance of Aurora, or a database of RDS with its storage, backups and copies. */
export const costOfRdsInstance: CostOf = (instance, site) => {
  const { properties } = instance;
  const sharers = sharersOfStore(site, identifierOf(instance));
  const instanceClass = textAt(properties, "DBInstanceClass");
  if (instanceClass === null) return [notPriced("database instance", "DBInstanceClass is not known")];
  const insights = insightsOf(instance);
  const source = sourceOf(instance, site);
  const engine =
    textAt(properties, "Engine") ?? (source === null ? null : textAt(source.properties, "Engine"));
  if (textAt(properties, "DBClusterIdentifier") !== null || engine?.startsWith("aurora") === true) {
    return [...auroraInstance(instanceClass, engine, isOptimized(instance, site), sharers), ...insights];
  }
  if (engine !== "postgres")
    return [
      notPriced("database instance", `the engine ${engine ?? "is not known"}: only PostgreSQL is priced`),
    ];
  const copies = isTrueAt(properties, "MultiAZ") ? 2 : 1;
  const zones = copies === 2 ? "MultiAZ: the standby costs as much" : "one zone";
  return [
    fixed(
      "databases",
      { service: "rds", item: `PostgreSQL ${instanceClass} Single-AZ` },
      {
        quantity: copies * hoursPerMonth,
        basis: `${instanceClass}, ${zones}`,
        sharers,
      },
    ),
    ...storageOf(instance, source, { copies, sharers }, site),
    ...insights,
  ];
};

/** What an instance of an I/O-Optimized cluster costs more, as its reads and writes cost nothing. */
const optimizedFactor = 1.3;

function isOptimized({ properties }: Resource, { peers }: Site): boolean {
  const cluster = textAt(properties, "DBClusterIdentifier");
  return peers.some(
    ({ type, physicalId, properties: own }) =>
      type === "AWS::RDS::DBCluster" &&
      physicalId === cluster &&
      textAt(own, "StorageType") === "aurora-iopt1",
  );
}

function auroraInstance(
  instanceClass: string,
  engine: string | null,
  optimized: boolean,
  sharers: Sharers,
): readonly CostOutcome[] {
  if (engine !== "aurora-postgresql") {
    return [
      notPriced("database instance", `the engine ${engine ?? "is not known"}: only PostgreSQL is priced`),
    ];
  }
  if (instanceClass === "db.serverless") {
    return [notPriced("Aurora Serverless capacity", "how many capacity units it takes is not assumed")];
  }
  return [
    fixed(
      "databases",
      { service: "aurora", item: `Aurora PostgreSQL ${instanceClass}` },
      {
        quantity: optimized ? hoursPerMonth * optimizedFactor : hoursPerMonth,
        basis: `${instanceClass}, ${hoursPerMonth} hours`,
        sharers,
        ...(optimized ? { caution: `I/O-Optimized, ${optimizedFactor} times the standard price` } : {}),
      },
    ),
  ];
}

function storageOf(
  instance: Resource,
  source: Resource | null,
  { copies, sharers }: { readonly copies: number; readonly sharers: Sharers },
  site: Site,
): readonly CostOutcome[] {
  const { properties } = instance;
  // A replica begins with as much as its source has.
  const allocated =
    numberAt(properties, "AllocatedStorage") ??
    (source === null ? null : numberAt(source.properties, "AllocatedStorage"));
  if (allocated === null) return [notPriced("storage", "AllocatedStorage is not known")];
  const type = textAt(properties, "StorageType") ?? "gp2";
  if (type !== "gp2" && type !== "gp3") return [notPriced("storage", `StorageType ${type} is not priced`)];
  const held = databaseGiB(site, sharers);
  const stored = Math.max(allocated, held);
  const days = numberAt(properties, "BackupRetentionPeriod") ?? 0;
  const kept = held * (1 + (site.usage.changePercent / 100) * (days / 30));
  return [
    fixed(
      "databases",
      { service: "rds", item: "Storage gp3" },
      {
        quantity: stored * copies,
        basis:
          stored > allocated
            ? `${countText(held)} GiB of rows, more than AllocatedStorage ${allocated}`
            : `AllocatedStorage ${allocated} GiB`,
        assumes: stored > allocated ? ["databaseGiBPerTenant"] : [],
        sharers,
      },
    ),
    ...operationsOf(numberAt(properties, "Iops"), copies, sharers),
    // As much as is allocated is kept without charge.
    ...(days === 0
      ? []
      : backupCharge(
          { service: "rds", item: "Backup storage beyond 100%" },
          Math.max(0, kept - stored),
          days,
          sharers,
        )),
    ...copiesFrom(source, sharers, site),
  ];
}

/** So many operations a second are in the price of the storage. */
const includedOperations = 3000;

function operationsOf(operations: number | null, copies: number, sharers: Sharers): readonly Charge[] {
  const above = (operations ?? 0) - includedOperations;
  if (above <= 0) return [];
  return [
    fixed(
      "databases",
      { service: "rds", item: "gp3 IOPS above 3,000" },
      { quantity: above * copies, basis: `Iops ${operations}`, sharers },
    ),
  ];
}

/** What the writes of the source are on their way to a replica in another region. */
function copiesFrom(source: Resource | null, sharers: Sharers, site: Site): readonly Charge[] {
  return source === null || source.stack.region === site.region
    ? []
    : transferFrom("databases", source.stack.region, databaseGiB(site, sharers), sharers, site);
}

function sourceOf({ properties, stack }: Resource, { inPlatform }: Site): Resource | null {
  const source = textAt(properties, "SourceDBInstanceIdentifier");
  return source === null ? null : inPlatform.database(source, stack.region);
}

function insightsOf({ properties }: Resource): readonly CostOutcome[] {
  const days = numberAt(properties, "PerformanceInsightsRetentionPeriod") ?? freeInsightsDays;
  if (!isTrueAt(properties, "EnablePerformanceInsights")) return [];
  return days <= freeInsightsDays
    ? [noCharge(`${freeInsightsDays} days of Performance Insights cost nothing`)]
    : [notPriced("Performance Insights", `${days} days of it cost something that is not in the price list`)];
}

function identifierOf({ properties }: Resource): string | null {
  return textAt(properties, "DBInstanceIdentifier") ?? textAt(properties, "DBClusterIdentifier");
}

/** Storage, reads and writes, backups and replication of an Aurora cluster; its instances are charged for themselves. */
export const costOfAuroraCluster: CostOf = ({ properties }, site) => {
  const engine = textAt(properties, "Engine") ?? "aurora-postgresql";
  if (engine !== "aurora-postgresql") {
    return [notPriced("database cluster", `the engine ${engine}: only Aurora PostgreSQL is priced`)];
  }
  const sharers = sharersOfStore(site, textAt(properties, "DBClusterIdentifier"));
  const isOptimized = textAt(properties, "StorageType") === "aurora-iopt1";
  const held = databaseGiB(site, sharers);
  const writes = site.demand(sharers).requests * site.usage.databaseIoPerRequest;
  const days = numberAt(properties, "BackupRetentionPeriod") ?? 1;
  const isSecondary = site.isStandby && textAt(properties, "GlobalClusterIdentifier") !== null;
  const io = isOptimized
    ? []
    : [
        usage(
          "databases",
          { service: "aurora", item: "I/O requests (Standard)" },
          {
            quantity: writes,
            basis: `${countText(site.usage.databaseIoPerRequest)} of each request`,
            assumes: ["databaseIoPerRequest", "requestsPerTenant"],
            sharers,
          },
        ),
      ];
  return [
    usage(
      "databases",
      { service: "aurora", item: `Storage (${isOptimized ? "I/O-Optimized" : "Standard"})` },
      {
        quantity: held,
        basis: `${countText(held)} GiB of rows`,
        assumes: ["databaseGiBPerTenant"],
        sharers,
      },
    ),
    ...io.filter(({ quantity }) => quantity > 0),
    ...backupCharge(
      { service: "aurora", item: "Backup storage" },
      held * (site.usage.changePercent / 100) * (days / 30),
      days,
      sharers,
    ),
    ...(isSecondary ? globalCopies("databases", "aurora", held, sharers, site) : []),
  ];
};

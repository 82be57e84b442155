import { type Charge, type CostComponent, countText, type Sharers, usage } from "../charge.ts";
import type { PricedItem } from "../prices/price-list.ts";
import type { Site } from "../site.ts";

/** Automated backups beyond what a database keeps without charge. */
export function backupCharge(
  priced: PricedItem,
  gib: number,
  days: number,
  sharers: Sharers,
): readonly Charge[] {
  if (gib <= 0) return [];
  return [
    usage("backups", priced, {
      quantity: gib,
      basis: `what changes in the ${days} days of BackupRetentionPeriod`,
      assumes: ["databaseGiBPerTenant", "changePercent"],
      sharers,
    }),
  ];
}

/** A page of the storage of Aurora and DocumentDB, which a write changes. */
const pageKiB = 8;
const pagesPerGiB = (1024 * 1024) / pageKiB;

/** What the second cluster of a global one is charged for: what is written there, and its way from the first. */
export function globalCopies(
  component: CostComponent,
  service: string,
  gib: number,
  sharers: Sharers,
  site: Site,
): readonly Charge[] {
  const item =
    service === "aurora" ? "Global Database replicated write I/O" : "Global cluster replicated write I/O";
  return [
    ...transferFrom(component, site.platform.region, gib, sharers, site),
    replicatedWrites(component, { service, item }, gib, sharers, site),
  ];
}

function replicatedWrites(
  component: CostComponent,
  priced: PricedItem,
  gib: number,
  sharers: Sharers,
  { usage: assumed }: Site,
): Charge {
  return usage(component, priced, {
    quantity: ((gib * assumed.changePercent) / 100) * pagesPerGiB,
    basis: `${assumed.changePercent} % of ${countText(gib)} GiB, in pages of ${pageKiB} KiB`,
    assumes: ["databaseGiBPerTenant", "changePercent"],
    sharers,
  });
}

/** What changes in a month on its way from another region. It is charged where it leaves. */
export function transferFrom(
  component: CostComponent,
  region: string,
  gib: number,
  sharers: Sharers,
  { usage: assumed }: Site,
): readonly Charge[] {
  return [
    usage(
      component,
      { service: "data-transfer", item: "To other regions" },
      {
        quantity: (gib * assumed.changePercent) / 100,
        basis: `${assumed.changePercent} % of ${countText(gib)} GiB is written anew each month, and leaves ${region}`,
        assumes: ["databaseGiBPerTenant", "changePercent"],
        region,
        sharers,
      },
    ),
  ];
}

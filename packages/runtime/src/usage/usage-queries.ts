import { sql } from "kysely";
import type { StoreOptions, TenantStore } from "../tenant-store/tenant-store.ts";
import type { Tenant } from "../tenants/tenant.ts";
import { metricNames, type UsageCounts, usageCounters, usageStocks } from "./usage-metrics.ts";

/** A row of `usage_days`, with the day and the amount as text, in which both are exact. */
export interface UsageRow {
  readonly day: string;
  readonly metric: string;
  readonly amount: string;
}

/** Adds what was counted to what is there: all of it or nothing. */
export async function addUsage(
  store: TenantStore,
  tenant: Tenant,
  days: ReadonlyMap<string, UsageCounts>,
  options: StoreOptions,
): Promise<void> {
  const rows = [...days].flatMap(([day, counts]) =>
    // All metrics, also those at zero: the statement then has one text and is prepared once.
    usageCounters.map((counter) => ({
      tenant_id: tenant.id,
      day,
      metric: metricNames[counter],
      amount: counts[counter],
    })),
  );
  await store.transact(
    tenant,
    (db) =>
      db
        .insertInto("usage_days")
        .values(rows)
        .onConflict((conflict) =>
          conflict
            .columns(["tenant_id", "day", "metric"])
            .doUpdateSet({ amount: sql<number>`usage_days.amount + excluded.amount` }),
        ),
    options,
  );
}

/** Measures what the tenant has stored now, as the value of the day. */
export async function measureStocks(
  store: TenantStore,
  tenant: Tenant,
  day: string,
  options: StoreOptions,
): Promise<void> {
  await store.transact(
    tenant,
    (db) => {
      const documents = db
        .selectFrom("documents")
        .select(sql<number>`count(*)`.as("amount"))
        .where("tenant_id", "=", tenant.id);
      const fileBytes = db
        .selectFrom("files")
        .select(sql<number>`coalesce(sum(size_bytes), 0)::bigint`.as("amount"))
        .where("tenant_id", "=", tenant.id);
      return db
        .insertInto("usage_days")
        .values([
          { tenant_id: tenant.id, day, metric: metricNames.documents, amount: documents },
          { tenant_id: tenant.id, day, metric: metricNames.fileBytes, amount: fileBytes },
        ])
        .onConflict((conflict) =>
          conflict
            .columns(["tenant_id", "day", "metric"])
            .doUpdateSet({ amount: sql<number>`excluded.amount` }),
        );
    },
    options,
  );
}

/** The rows of the days, both included, and of what was stored the last rows before them. */
export function readUsageRows(
  store: TenantStore,
  tenant: Tenant,
  { from, to }: { readonly from: string; readonly to: string },
  options: StoreOptions,
): Promise<readonly UsageRow[]> {
  return store.read(
    tenant,
    async (db, execute) => {
      const rows = db
        .selectFrom("usage_days")
        .select([
          // The driver would make a date of the machine's time zone out of it.
          sql<string>`to_char(day, 'YYYY-MM-DD')`.as("day"),
          "metric",
          sql<string>`amount::text`.as("amount"),
        ])
        .where("tenant_id", "=", tenant.id);
      const before = rows
        .where("day", "<", from)
        .where(
          "metric",
          "in",
          usageStocks.map((stock) => metricNames[stock]),
        )
        // All stocks are measured together.
        .orderBy("usage_days.day", "desc")
        .limit(usageStocks.length);
      const within = rows.where("day", ">=", from).where("day", "<=", to).orderBy("usage_days.day");
      return [...(await execute(before)), ...(await execute(within))];
    },
    options,
  );
}

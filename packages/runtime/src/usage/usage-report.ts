import { daysFrom } from "./usage-day.ts";
import {
  metricNames,
  type UsageAmounts,
  type UsageCounter,
  type UsageCounts,
  usageCounters,
  type UsageMetric,
  type UsageStock,
  usageStocks,
} from "./usage-metrics.ts";
import type { UsageRow } from "./usage-queries.ts";

/** Days in UTC, both included. */
export interface UsagePeriod {
  readonly from: string;
  readonly to: string;
}

export interface UsageReport {
  readonly days: readonly (UsageAmounts & { readonly day: string })[];
  readonly totals: UsageAmounts;
}

/**
 * What a tenant used, day by day. A day on which nothing was measured has in store what the day
 * before had: without requests nothing changes. Amounts are exact; one beyond what a JSON number
 * can hold (9,007,199,254,740,991) is reported as that.
 *
 * @param rows of these days, and the last ones of stocks before them
 * @param unwritten what this process has counted and not written
 */
export function usageReport(
  period: UsagePeriod,
  rows: readonly UsageRow[],
  unwritten: ReadonlyMap<string, UsageCounts> = new Map(),
): UsageReport {
  const written = new Map<string, bigint>();
  const stocks = { documents: 0n, fileBytes: 0n };
  for (const { day, metric, amount } of rows) {
    if (day >= period.from) written.set(`${day} ${metric}`, BigInt(amount));
    else setStock(stocks, metric, BigInt(amount));
  }
  const totals = Object.fromEntries(usageCounters.map((counter) => [counter, 0n])) as Record<
    UsageCounter,
    bigint
  >;
  const days = daysFrom(period.from, period.to).map((day) => {
    const amounts: Partial<Record<UsageMetric, number>> = {};
    for (const counter of usageCounters) {
      const added = BigInt(unwritten.get(day)?.[counter] ?? 0);
      const amount = (written.get(`${day} ${metricNames[counter]}`) ?? 0n) + added;
      totals[counter] += amount;
      amounts[counter] = exactNumber(amount);
    }
    for (const stock of usageStocks) {
      stocks[stock] = written.get(`${day} ${metricNames[stock]}`) ?? stocks[stock];
      amounts[stock] = exactNumber(stocks[stock]);
    }
    return { day, ...(amounts as UsageAmounts) };
  });
  return { days, totals: numbersOf({ ...totals, ...stocks }) };
}

function setStock(stocks: Record<UsageStock, bigint>, metric: string, amount: bigint): void {
  const stock = usageStocks.find((one) => metricNames[one] === metric);
  if (stock !== undefined) stocks[stock] = amount;
}

function numbersOf(amounts: Readonly<Record<UsageMetric, bigint>>): UsageAmounts {
  return Object.fromEntries(
    Object.entries(amounts).map(([metric, amount]) => [metric, exactNumber(amount)]),
  ) as Record<UsageMetric, number>;
}

function exactNumber(amount: bigint): number {
  return amount > Number.MAX_SAFE_INTEGER ? Number.MAX_SAFE_INTEGER : Number(amount);
}

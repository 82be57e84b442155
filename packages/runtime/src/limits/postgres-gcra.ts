import { platformSchema } from "../database/database-names.ts";
import type { Rate, RateDecision } from "./gcra.ts";

const nowUs = "(extract(epoch from clock_timestamp()) * 1000000)::bigint";

/** How many of those who ask fit, and the debt that they leave, where this is the debt before. */
const step = (asked: string, debt: string) => `
  lateral (select case when ${asked}.cost <= 0 then ${asked}.asked
    else least(${asked}.asked, (${asked}.burst * ${asked}.period_us - ${debt}) / (${asked}.cost * ${asked}.period_us))
    end as admitted) fit,
  lateral (select greatest(0, ${debt} + fit.admitted * ${asked}.cost * ${asked}.period_us) as debt) kept`;

/**
 * The steps of `gcra` as one upsert: for each bucket, as many of the requests as fit, by the clock of the
 * one server. All requests of a row have the same rate and cost, so taking them together decides as taking one
 * after the other at this moment would. The row is locked before the clock is read. Rows are taken in
 * the order of their names, so that two processes never wait for each other in a circle.
 *
 * $1 buckets, $2 limits, $3 periods in µs, $4 bursts, $5 costs, $6 how many ask. The ticks that a
 * bucket can be ahead fit a bigint once they are cut to an empty bucket; before that they need not.
 */
export const postgresGcra = `
insert into ${platformSchema}.rate_buckets as b
  (bucket, rate_limit, period_us, burst, cost, asked, admitted, debt, us, ticks)
select a.bucket, a.rate_limit, a.period_us, a.burst, a.cost, a.asked, fit.admitted, kept.debt,
  moment.us + kept.debt / a.rate_limit, kept.debt % a.rate_limit
from unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
    as a (bucket, rate_limit, period_us, burst, cost, asked),
  lateral (select ${nowUs} as us) moment,
  ${step("a", "0")}
order by a.bucket
on conflict (bucket) do update
set (rate_limit, period_us, burst, cost, asked, admitted, debt, us, ticks) = (
  select excluded.rate_limit, excluded.period_us, excluded.burst, excluded.cost, excluded.asked,
    fit.admitted, kept.debt, moment.us + kept.debt / excluded.rate_limit, kept.debt % excluded.rate_limit
  from (select ${nowUs} as us) moment,
    lateral (select least((excluded.burst * excluded.period_us)::numeric, greatest(0::numeric,
      (b.us - moment.us)::numeric * excluded.rate_limit + least(b.ticks, excluded.rate_limit - 1)
    ))::bigint as debt) before,
    ${step("excluded", "before.debt")}
)
returning b.bucket, b.admitted, b.debt`;

export interface PostgresGcraRow {
  readonly bucket: string;
  readonly admitted: string;
  readonly debt: string;
}

/**
 * The decisions of those who asked together, in their order: the first of them were admitted. Those
 * who gave something back all hear what is there after all of them have.
 */
export function decisionsOfRow(
  row: PostgresGcraRow,
  rate: Rate,
  cost: number,
  asked: number,
): RateDecision[] {
  const [admitted, debt] = [Number(row.admitted), Number(row.debt)];
  const { limit, periodUs, burst } = rate;
  const tolerance = burst * periodUs;
  return Array.from({ length: asked }, (_, index) => {
    const allowed = index < admitted;
    // What the bucket owed when this one had been admitted, and those behind it had not.
    const kept = allowed && cost > 0 ? debt - (admitted - 1 - index) * cost * periodUs : debt;
    return {
      allowed,
      remaining: Math.floor((tolerance - kept) / periodUs),
      retryAfterMs: allowed ? 0 : Math.ceil(Math.ceil((kept + cost * periodUs - tolerance) / limit) / 1_000),
      resetMs: Math.ceil(Math.ceil(kept / limit) / 1_000),
    };
  });
}

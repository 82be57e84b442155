import { assert } from "@tenantry/base";
import type { ControlDatabase } from "../database/control-database.ts";
import { platformSchema } from "../database/database-names.ts";
import type { Rate, RateDecision } from "./gcra.ts";
import { decisionsOfRow, postgresGcra, type PostgresGcraRow } from "./postgres-gcra.ts";
import { type RateBackend, SharedRateBuckets, type SharedRateBucketsOptions } from "./shared-rate-buckets.ts";

export interface PostgresRateBucketsOptions extends Omit<SharedRateBucketsOptions, "open"> {
  readonly control: Pick<ControlDatabase, "query">;
  /** Stands before the names of all buckets. */
  readonly prefix: string;
}

/** How often buckets that are full again are removed. */
const pruneEveryMs = 60_000;
const pruneRowsMax = 10_000;

/** The buckets of all processes, in the database that they share anyway. */
export class PostgresRateBuckets extends SharedRateBuckets {
  constructor({ control, prefix, ...options }: PostgresRateBucketsOptions) {
    super({ ...options, open: () => openPostgres(control, prefix, options.clock) });
  }
}

async function openPostgres(
  control: PostgresRateBucketsOptions["control"],
  prefix: string,
  clock: SharedRateBucketsOptions["clock"],
): Promise<RateBackend> {
  await control.query(`select from ${platformSchema}.rate_buckets limit 0`);
  const batches = new RateBatches(control);
  const closing = new AbortController();
  void keepPruning(control, clock, closing.signal);
  return {
    take: (bucket, rate, cost) => batches.take(`${prefix}${bucket}`, rate, cost),
    close: () => closing.abort("closed"),
  };
}

/** Those who ask the same of the same bucket, and wait for one answer. */
interface Group {
  readonly bucket: string;
  readonly rate: Rate;
  readonly cost: number;
  readonly asking: {
    readonly resolve: (decision: RateDecision) => void;
    readonly reject: (error: unknown) => void;
  }[];
}

const groupsPerQueryMax = 500;

/**
 * Asks for all that came while the last question was under way at once. So a process has one question
 * open whatever its load, one request alone waits for nobody, and each is still decided by the database.
 */
class RateBatches {
  readonly #control: PostgresRateBucketsOptions["control"];
  /** In the order in which they came. */
  #waiting: Group[] = [];
  #isAsking = false;

  constructor(control: PostgresRateBucketsOptions["control"]) {
    this.#control = control;
  }

  take(bucket: string, rate: Rate, cost: number): Promise<RateDecision> {
    return new Promise((resolve, reject) => {
      const isSame = (group: Group) => group.bucket === bucket;
      // Only the last question about a bucket can take one more: those before it came first.
      let group = this.#waiting.findLast(isSame);
      if (group === undefined || group.rate !== rate || group.cost !== cost) {
        group = { bucket, rate, cost, asking: [] };
        this.#waiting.push(group);
      }
      group.asking.push({ resolve, reject });
      if (!this.#isAsking) void this.#askAll();
    });
  }

  async #askAll(): Promise<void> {
    this.#isAsking = true;
    // Whoever comes in the same turn of the event loop travels along.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const groups = this.#nextGroups();
      await this.#ask(groups).catch((error: unknown) => {
        for (const { reject } of groups.flatMap(({ asking }) => asking)) reject(error);
      });
    }
    this.#isAsking = false;
  }

  /** A row can be taken once in a statement: what is asked again of the same bucket waits for the next. */
  #nextGroups(): readonly Group[] {
    const taken = new Set<string>();
    const groups: Group[] = [];
    const later: Group[] = [];
    for (const group of this.#waiting) {
      const isNext = groups.length < groupsPerQueryMax && !taken.has(group.bucket);
      taken.add(group.bucket);
      (isNext ? groups : later).push(group);
    }
    this.#waiting = later;
    return groups;
  }

  async #ask(groups: readonly Group[]): Promise<void> {
    const rows = await this.#control.query<PostgresGcraRow & Record<string, unknown>>(postgresGcra, [
      groups.map(({ bucket }) => bucket),
      groups.map(({ rate }) => rate.limit),
      groups.map(({ rate }) => rate.periodUs),
      groups.map(({ rate }) => rate.burst),
      groups.map(({ cost }) => cost),
      groups.map(({ asking }) => asking.length),
    ]);
    const rowOf = new Map(rows.map((row) => [row.bucket, row]));
    for (const { bucket, rate, cost, asking } of groups) {
      const row = rowOf.get(bucket);
      assert(row !== undefined, "a bucket was asked for and did not answer");
      const decisions = decisionsOfRow(row, rate, cost, asking.length);
      asking.forEach(({ resolve }, index) => resolve(decisions[index] as RateDecision));
    }
  }
}

/** A bucket that is full again says nothing that a new one would not say. */
async function keepPruning(
  control: PostgresRateBucketsOptions["control"],
  clock: SharedRateBucketsOptions["clock"],
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    await clock.sleep(pruneEveryMs, signal).catch(() => undefined);
    if (signal.aborted) return;
    // What another process is using right now is not full.
    await control
      .query(
        `delete from ${platformSchema}.rate_buckets where bucket in (
           select bucket from ${platformSchema}.rate_buckets
           where us < (extract(epoch from clock_timestamp()) * 1000000)::bigint
           limit ${pruneRowsMax} for update skip locked)`,
      )
      .catch(() => undefined);
  }
}

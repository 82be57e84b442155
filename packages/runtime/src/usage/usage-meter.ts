import { type Clock, isCodedError } from "@tenantry/base";
import type { TenantId } from "@tenantry/model";
import { LRUCache } from "lru-cache";
import type { Log } from "../http/log-entry.ts";
import type { StoreOptions, TenantStore } from "../tenant-store/tenant-store.ts";
import type { Tenant } from "../tenants/tenant.ts";
import type { TenantRegistry } from "../tenants/tenant-registry.ts";
import { usageDay } from "./usage-day.ts";
import type { UsageCounter, UsageCounts } from "./usage-metrics.ts";
import { addUsage, measureStocks } from "./usage-queries.ts";

export interface UsageMeterOptions {
  readonly store: TenantStore;
  /** Says where a tenant is by the time that its counts are written. */
  readonly registry: Pick<TenantRegistry, "find">;
  readonly clock: Clock;
  readonly log: Log;
  /** How often what was counted is written; every 10 seconds unless said. */
  readonly writeEveryMs?: number;
  /** Tenants whose counts are in memory at once; 10,000 unless said. */
  readonly tenantsMax?: number;
}

/** Something that a tenant did. */
export interface UsedRequest {
  readonly kind: "api" | "service";
  readonly outcome: "answered" | "failed" | "refused";
  readonly bytesIn: number;
  readonly bytesOut: number;
}

type Counts = Record<UsageCounter, number>;

interface Entry {
  readonly id: TenantId;
  /** By UTC day, what is not written. */
  days: Map<string, Counts>;
  /** Settles when the write that is under way has. */
  writing: Promise<void> | null;
  /** The number of the last write that began. */
  write: number;
}

const writeEveryMsDefault = 10_000;
const tenantsMaxDefault = 10_000;
/** A process that has not reached the database for as long as that loses the oldest day. */
const daysMax = 31;
const writesAtOnce = 4;
/** After so many failures the others of a round would fail too, each after waiting. */
const failuresMax = 8;
const lastWriteMs = 5_000;
const measureEveryMs = 60_000;
/** Measuring takes at most one part in so many of the time. */
const measureShare = 500;

/**
 * Counts what tenants use, per tenant and UTC day, in memory, and adds it to the database with one
 * statement per tenant that did something, every ten seconds and at the end.
 *
 * While the database is away, or the tenant is not active, counts stay in memory and are written
 * later. The bound is in tenants and days, not in requests. Lost, with a word in the log, are
 * requests of tenants beyond 10,000, days beyond 31, what was counted for a tenant that is not
 * there any more, and what is left when the process ends without a database. When a session breaks
 * while a write is under way, nobody can tell whether it was kept; it is written again, so that
 * those ten seconds may count twice but never not at all.
 */
export class UsageMeter implements AsyncDisposable {
  readonly #options: UsageMeterOptions;
  readonly #entries = new Map<TenantId, Entry>();
  /** When a tenant may be measured again. */
  readonly #measureAfterMs: LRUCache<TenantId, number>;
  readonly #ending = new AbortController();
  /** Runs from the first count on, so that a meter that counts nothing holds nothing. */
  #loop: Promise<void> | undefined;
  #round: Promise<void> = Promise.resolve();
  #writes = 0;
  #forgotten = 0;
  #lostRequests = 0;
  #state: "current" | "behind" = "current";
  #today = { day: "", fromMs: 0, toMs: 0 };
  #disposed: Promise<void> | undefined;

  constructor(options: UsageMeterOptions) {
    this.#options = options;
    this.#measureAfterMs = new LRUCache({ max: options.tenantsMax ?? tenantsMaxDefault });
  }

  /** Costs less than a microsecond, and waits for nothing. */
  count(tenant: Tenant, request: UsedRequest): void {
    this.#loop ??= this.#run(this.#options.writeEveryMs ?? writeEveryMsDefault);
    const counts = this.#countsOf(tenant);
    if (counts === null) {
      this.#lostRequests += 1;
      return;
    }
    if (request.outcome === "refused") counts.refusedRequests += 1;
    else counts.requests += 1;
    if (request.outcome === "failed") counts.errors += 1;
    if (request.kind === "service" && request.outcome !== "refused") counts.serviceRequests += 1;
    counts.bytesIn += request.bytesIn;
    counts.bytesOut += request.bytesOut;
  }

  /**
   * What a query reads together with what this process has not written: neither is missing from
   * the other, and nothing is in both.
   */
  async withUnwritten<T>(
    tenant: Tenant,
    read: () => Promise<T>,
  ): Promise<{ readonly rows: T; readonly unwritten: ReadonlyMap<string, UsageCounts> }> {
    for (;;) {
      const writing = this.#entries.get(tenant.id)?.writing ?? null;
      if (writing !== null) {
        await writing;
        continue;
      }
      const before = this.#lastWriteOf(tenant);
      const rows = await read();
      const after = this.#entries.get(tenant.id);
      // A write that began meanwhile may be in what was read, or not.
      if (this.#lastWriteOf(tenant) !== before || (after?.writing ?? null) !== null) continue;
      const unwritten = [...(after?.days ?? [])].map(([day, counts]) => [day, { ...counts }] as const);
      return { rows, unwritten: new Map(unwritten) };
    }
  }

  /** Differs whenever a write of the tenant has begun in between. */
  #lastWriteOf(tenant: Tenant): number {
    return this.#entries.get(tenant.id)?.write ?? -this.#forgotten;
  }

  /** Writes what was counted so far. What cannot be written is kept for the next time. */
  write(signal?: AbortSignal): Promise<void> {
    // One round after the other, so that each knows how it went.
    this.#round = this.#round.then(() => this.#writeAll(signal));
    return this.#round;
  }

  async #writeAll(signal?: AbortSignal): Promise<void> {
    const waiting = [...this.#entries.values()];
    const failures: unknown[] = [];
    const work = async () => {
      for (;;) {
        const entry = waiting.shift();
        if (entry === undefined || failures.length >= failuresMax || signal?.aborted === true) return;
        await this.#writeEntry(entry, failures, signal === undefined ? {} : { signal });
      }
    };
    await Promise.all(Array.from({ length: writesAtOnce }, work));
    this.#report(failures);
  }

  async #writeEntry(entry: Entry, failures: unknown[], options: StoreOptions): Promise<void> {
    if (entry.days.size === 0) {
      this.#entries.delete(entry.id);
      this.#forgotten += 1;
      return;
    }
    const tenant = await this.#options.registry.find(entry.id).catch((error: unknown) => {
      failures.push(error);
      return null;
    });
    if (tenant === undefined) this.#lose(entry.days);
    // Of a tenant that is suspended, say, the counts wait until it is active again.
    if (tenant?.status !== "active") return;
    entry.writing = this.#add(entry, tenant, failures, options);
    await entry.writing;
    entry.writing = null;
    await this.#measure(tenant, options);
  }

  async #add(entry: Entry, tenant: Tenant, failures: unknown[], options: StoreOptions): Promise<void> {
    const { days } = entry;
    this.#writes += 1;
    entry.write = this.#writes;
    entry.days = new Map();
    try {
      await addUsage(this.#options.store, tenant, days, options);
    } catch (error) {
      if (isCodedError(error) && !error.retriable) return this.#lose(days);
      failures.push(error);
      for (const [day, counts] of days) this.#keep(entry, day, counts);
      // At the end of the line, so that one tenant's trouble does not hold up the others for good.
      this.#entries.delete(entry.id);
      this.#entries.set(entry.id, entry);
    }
  }

  #lose(days: Map<string, Counts>): void {
    for (const { requests, refusedRequests } of days.values()) {
      this.#lostRequests += requests + refusedRequests;
    }
    days.clear();
  }

  #keep(entry: Entry, day: string, counts: Counts): void {
    const since = entry.days.get(day);
    if (since === undefined) entry.days.set(day, counts);
    else for (const counter of Object.keys(counts) as UsageCounter[]) since[counter] += counts[counter];
  }

  async #measure(tenant: Tenant, options: StoreOptions): Promise<void> {
    const { store, clock } = this.#options;
    const startMs = clock.monotonicMs();
    if (startMs < (this.#measureAfterMs.get(tenant.id) ?? 0)) return;
    // A failure only means that the value is as old as the last one.
    await measureStocks(store, tenant, usageDay(clock.nowMs()), options).catch(() => undefined);
    const tookMs = clock.monotonicMs() - startMs;
    this.#measureAfterMs.set(tenant.id, startMs + Math.max(measureEveryMs, tookMs * measureShare));
  }

  #countsOf(tenant: Tenant): Counts | null {
    const nowMs = this.#options.clock.nowMs();
    if (nowMs < this.#today.fromMs || nowMs >= this.#today.toMs) this.#today = boundsOfDay(nowMs);
    const { day } = this.#today;
    const entry = this.#entries.get(tenant.id) ?? this.#newEntry(tenant);
    if (entry === null) return null;
    const counts = entry.days.get(day);
    if (counts !== undefined) return counts;
    const fresh: Counts = {
      requests: 0,
      refusedRequests: 0,
      errors: 0,
      bytesIn: 0,
      bytesOut: 0,
      serviceRequests: 0,
    };
    entry.days.set(day, fresh);
    if (entry.days.size > daysMax) this.#loseOldestDay(entry);
    return fresh;
  }

  #newEntry(tenant: Tenant): Entry | null {
    if (this.#entries.size >= (this.#options.tenantsMax ?? tenantsMaxDefault)) return null;
    const entry: Entry = { id: tenant.id, days: new Map(), writing: null, write: -this.#forgotten };
    this.#entries.set(tenant.id, entry);
    return entry;
  }

  #loseOldestDay(entry: Entry): void {
    const oldest = [...entry.days.keys()].sort()[0] ?? "";
    const counts = entry.days.get(oldest);
    this.#lostRequests += (counts?.requests ?? 0) + (counts?.refusedRequests ?? 0);
    entry.days.delete(oldest);
  }

  async #run(everyMs: number): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      await this.#options.clock.sleep(everyMs, signal).catch(() => undefined);
      if (!signal.aborted) await this.write(signal);
    }
  }

  /** Tells once that the database is away and once that it is back, and whenever something was lost. */
  #report(failures: readonly unknown[]): void {
    const [first] = failures;
    const state = first === undefined ? "current" : "behind";
    const reason = first === undefined ? null : isCodedError(first) ? first.code : String(first);
    if (state !== this.#state) this.#log(state, reason);
    this.#state = state;
    if (this.#lostRequests === 0) return;
    this.#log("lost", `requests that were not counted: ${this.#lostRequests}`);
    this.#lostRequests = 0;
  }

  #log(state: "current" | "behind" | "lost", reason: string | null): void {
    const time = new Date(this.#options.clock.nowMs()).toISOString();
    this.#options.log({ kind: "usage", time, state, reason });
  }

  /** Writes what is left, for at most five seconds. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#disposed ??= this.#end();
    return this.#disposed;
  }

  async #end(): Promise<void> {
    this.#ending.abort();
    await this.#loop;
    const timer = new AbortController();
    const deadline = new AbortController();
    const timeout = this.#options.clock.sleep(lastWriteMs, timer.signal).then(
      () => deadline.abort(),
      () => undefined,
    );
    await this.write(deadline.signal);
    timer.abort();
    await timeout;
    for (const { days } of this.#entries.values()) this.#lose(days);
    this.#entries.clear();
    if (this.#lostRequests > 0) this.#report([]);
  }
}

function boundsOfDay(nowMs: number): { day: string; fromMs: number; toMs: number } {
  const day = usageDay(nowMs);
  const fromMs = Date.parse(day);
  return { day, fromMs, toMs: fromMs + 86_400_000 };
}

import type { Clock } from "@tenantry/base";
import { LRUCache } from "lru-cache";
import type { Tenant } from "../tenants/tenant.ts";

const freeFailures = 5;
const firstBlockMs = 30_000;
const blockMsMax = 900_000;
/** Who has not tried for that long begins again. */
const memoryMs = 3_600_000;
const addressesMax = 50_000;

interface Failures {
  readonly count: number;
  readonly lastAtMs: number;
  readonly blockedUntilMs: number;
}

/**
 * Slows guessing of one member's password: after five failures an address has to wait for half a
 * minute, after each further one twice as long, a quarter of an hour at most. An address that no
 * member has is treated the same, so that nobody learns from it. A try counts as a failure until
 * it has succeeded; so many at once are no way around it.
 */
export class SignInFailures {
  readonly #clock: Clock;
  readonly #failures = new LRUCache<string, Failures>({ max: addressesMax });

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Begins a try. @returns how long to wait first; 0 where the try may go on */
  begin(tenant: Tenant, email: string): number {
    const key = keyOf(tenant, email);
    const nowMs = this.#clock.monotonicMs();
    const before = this.#failures.get(key);
    if (before !== undefined && nowMs < before.blockedUntilMs) return before.blockedUntilMs - nowMs;
    const isRemembered = before !== undefined && nowMs - before.lastAtMs < memoryMs;
    const count = (isRemembered ? before.count : 0) + 1;
    const over = count - freeFailures;
    const blockMs = over < 0 ? 0 : Math.min(blockMsMax, firstBlockMs * 2 ** Math.min(over, 10));
    this.#failures.set(key, { count, lastAtMs: nowMs, blockedUntilMs: nowMs + blockMs });
    return 0;
  }

  /** The try that was begun succeeded, so there are no failures any more. */
  succeeded(tenant: Tenant, email: string): void {
    this.#failures.delete(keyOf(tenant, email));
  }

  /** The try that was begun was never made, for a reason of ours. */
  notMade(tenant: Tenant, email: string): void {
    const key = keyOf(tenant, email);
    const failures = this.#failures.get(key);
    if (failures === undefined) return;
    if (failures.count <= 1) this.#failures.delete(key);
    else this.#failures.set(key, { ...failures, count: failures.count - 1, blockedUntilMs: 0 });
  }
}

function keyOf(tenant: Tenant, email: string): string {
  return `${tenant.id} ${email}`;
}

import type { Clock } from "@tenantry/base";
import { LRUCache } from "lru-cache";
import type { TenantStore } from "../tenant-store/tenant-store.ts";
import type { Tenant } from "../tenants/tenant.ts";
import { touchApiKey } from "./grant-queries.ts";

const touchedMax = 10_000;
const intervalMs = 60_000;
const pendingMax = 8;

/**
 * Keeps when each API key was used last, to the minute. It is written beside the requests, which
 * wait for none of it; what cannot be written now is written by a later request.
 */
export class ApiKeyUse implements AsyncDisposable {
  readonly #store: TenantStore;
  readonly #clock: Clock;
  readonly #touchedAtMs = new LRUCache<string, number>({ max: touchedMax });
  readonly #pending = new Set<Promise<void>>();

  constructor(store: TenantStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  used(tenant: Tenant, id: string): void {
    const key = `${tenant.id} ${id}`;
    const nowMs = this.#clock.monotonicMs();
    const touchedAtMs = this.#touchedAtMs.get(key);
    if (touchedAtMs !== undefined && nowMs - touchedAtMs < intervalMs) return;
    if (this.#pending.size >= pendingMax) return;
    this.#touchedAtMs.set(key, nowMs);
    const touch: Promise<void> = touchApiKey(this.#store, tenant, id)
      .catch(() => {
        this.#touchedAtMs.delete(key);
      })
      .finally(() => {
        this.#pending.delete(touch);
      });
    this.#pending.add(touch);
  }

  /** Waits until what was begun is written. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#pending);
  }
}

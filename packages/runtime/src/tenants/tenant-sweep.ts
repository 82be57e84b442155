import type { Clock } from "@tenantry/base";
import type { TenantId } from "@tenantry/model";
import type { Tenant } from "./tenant.ts";

export interface TenantSweepOptions {
  readonly clock: Clock;
  /**
   * Removes a bounded part of what a tenant no longer needs. "more": there is more to remove now;
   * "later": something is left that will have to go; "none": nothing is left.
   */
  readonly sweep: (tenant: Tenant) => Promise<"more" | "later" | "none">;
  readonly everyMs: number;
}

const tenantsMax = 10_000;
const batchesPerSweep = 20;

/**
 * Removes what tenants no longer need, now and then and beside the requests: at most once per
 * period in this process, for the tenants that were touched since, one after the other. A sweep
 * that fails is forgotten; the next one finds the same again.
 */
export class TenantSweep implements AsyncDisposable {
  readonly #options: TenantSweepOptions;
  readonly #tenants = new Map<TenantId, Tenant>();
  #nextMs: number;
  #running: Promise<void> = Promise.resolve();
  #state: "open" | "closed" = "open";

  constructor(options: TenantSweepOptions) {
    this.#options = options;
    this.#nextMs = options.clock.monotonicMs() + options.everyMs;
  }

  /** The tenant may have something to remove, now or later. Returns at once. */
  touch(tenant: Tenant): void {
    if (this.#tenants.size < tenantsMax) this.#tenants.set(tenant.id, tenant);
    const nowMs = this.#options.clock.monotonicMs();
    if (nowMs < this.#nextMs || this.#state === "closed") return;
    this.#nextMs = nowMs + this.#options.everyMs;
    this.#running = this.#running.then(() => this.#sweepAll());
  }

  /** Resolves when no sweep runs. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #sweepAll(): Promise<void> {
    for (const tenant of this.#tenants.values()) {
      const left = await this.#sweepOne(tenant).catch(() => "later" as const);
      if (left === "none") this.#tenants.delete(tenant.id);
    }
  }

  async #sweepOne(tenant: Tenant): Promise<"later" | "none"> {
    for (let batch = 0; batch < batchesPerSweep && this.#state === "open"; batch += 1) {
      const left = await this.#options.sweep(tenant);
      if (left !== "more") return left;
    }
    return "later";
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#state = "closed";
    await this.#running;
  }
}

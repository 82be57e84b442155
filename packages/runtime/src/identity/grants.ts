import type { Clock } from "@tenantry/base";
import { LRUCache } from "lru-cache";
import type { TenantStore } from "../tenant-store/tenant-store.ts";
import type { Tenant } from "../tenants/tenant.ts";
import { findApiKey, findRole, findSignIn } from "./grant-queries.ts";
import type { TenantPermission } from "./permissions.ts";
import { isBuiltInRole, tenantRolePermissions } from "./roles.ts";

/** A sign-in that is valid now: not revoked, of a member who is not suspended. */
export interface SignInGrant {
  readonly member: string;
  readonly email: string;
  /** The role that the member has now, whatever the token says. */
  readonly role: string;
}

/** An API key as it is kept. */
export interface ApiKeyGrant {
  readonly id: string;
  readonly secretHash: string;
  readonly permissions: ReadonlySet<TenantPermission>;
  readonly expiresAtMs: number | null;
  readonly isRevoked: boolean;
}

export interface GrantsOptions {
  readonly store: TenantStore;
  readonly clock: Clock;
  /** How old an answer may be; 5 seconds unless said. */
  readonly ageMsMax?: number;
  /** How many answers are kept; 20,000 unless said. */
  readonly entriesMax?: number;
}

interface Entry {
  readonly answer: Promise<unknown>;
  /** When the question was asked: the answer can be as old as that. */
  readonly askedAtMs: number;
  readonly turn: number;
}

const ageMsMaxDefault = 5_000;
const entriesMaxDefault = 20_000;

/**
 * What the database says about sign-ins, roles and API keys, kept for a few seconds in bounded
 * memory. Requests that ask the same at once share one query. What this process changes it forgets
 * at once, so that a change holds for every request after it; other processes notice when their
 * answers are too old.
 */
export class Grants {
  readonly #store: TenantStore;
  readonly #clock: Clock;
  readonly #ageMsMax: number;
  readonly #known: LRUCache<string, Entry>;
  /** What there is not: apart, so that made-up keys push nothing out that is in use. */
  readonly #unknown: LRUCache<string, Entry>;
  /** Counts questions and changes, so that an answer which was asked for before a change is told apart. */
  #turn = 0;
  readonly #forgotten = new Map<string, { readonly turn: number; readonly atMs: number }>();

  constructor({ store, clock, ageMsMax, entriesMax }: GrantsOptions) {
    this.#store = store;
    this.#clock = clock;
    this.#ageMsMax = ageMsMax ?? ageMsMaxDefault;
    const max = entriesMax ?? entriesMaxDefault;
    this.#known = new LRUCache({ max });
    this.#unknown = new LRUCache({ max: Math.ceil(max / 10) });
  }

  /** Null where the sign-in does not hold, or not any more. */
  signIn(tenant: Tenant, id: string): Promise<SignInGrant | null> {
    return this.#ask(tenant, `sign-in ${id}`, () => findSignIn(this.#store, tenant, id));
  }

  apiKey(tenant: Tenant, prefix: string): Promise<ApiKeyGrant | null> {
    return this.#ask(tenant, `api-key ${prefix}`, () => findApiKey(this.#store, tenant, prefix));
  }

  /** What a role allows: one that every tenant has, or the tenant's own. Null where there is none of the name. */
  permissions(
    tenant: Tenant,
    role: string,
  ): ReadonlySet<TenantPermission> | Promise<ReadonlySet<TenantPermission> | null> {
    if (isBuiltInRole(role)) return tenantRolePermissions[role];
    return this.#ask(tenant, `role ${role}`, () => findRole(this.#store, tenant, role));
  }

  /** Asks again from now on. For whoever has changed members, roles, sign-ins or API keys of the tenant. */
  forget(tenant: string): void {
    const nowMs = this.#clock.monotonicMs();
    for (const [id, { atMs }] of this.#forgotten) {
      // The map is in the order of time: an answer from before this one is too old by itself.
      if (nowMs - atMs <= this.#ageMsMax) break;
      this.#forgotten.delete(id);
    }
    this.#turn += 1;
    this.#forgotten.delete(tenant);
    this.#forgotten.set(tenant, { turn: this.#turn, atMs: nowMs });
  }

  #ask<T>(tenant: Tenant, what: string, query: () => Promise<T | null>): Promise<T | null> {
    const key = `${tenant.id} ${what}`;
    const nowMs = this.#clock.monotonicMs();
    const entry = this.#known.get(key) ?? this.#unknown.get(key);
    if (entry !== undefined && this.#isFresh(tenant, entry, nowMs)) return entry.answer as Promise<T | null>;
    const answer = query();
    this.#turn += 1;
    const asked: Entry = { answer, askedAtMs: nowMs, turn: this.#turn };
    this.#known.set(key, asked);
    const isCurrent = () => this.#known.peek(key) === asked;
    answer.then(
      (found) => {
        if (found !== null || !isCurrent()) return;
        this.#known.delete(key);
        this.#unknown.set(key, asked);
      },
      // A failure is everybody's who waited for it, and nobody's after it.
      () => {
        if (isCurrent()) this.#known.delete(key);
      },
    );
    return answer;
  }

  #isFresh(tenant: Tenant, entry: Entry, nowMs: number): boolean {
    if (nowMs - entry.askedAtMs >= this.#ageMsMax) return false;
    const forgotten = this.#forgotten.get(tenant.id);
    return forgotten === undefined || entry.turn > forgotten.turn;
  }
}

import type { Clock, Random } from "@tenantry/base";
import type { Kysely } from "kysely";
import { LRUCache } from "lru-cache";
import { type DatabaseNames, poolSchema, siloSchema, tenantObjectName } from "../database/database-names.ts";
import { type DatabaseSecrets, rolePassword, Sealer } from "../database/database-secrets.ts";
import type { DatabaseServer } from "../database/database-server.ts";
import type { Tenant } from "../tenants/tenant.ts";
import { ConnectionPool, type PoolUsage } from "./connection-pool.ts";
import type { TenantPlace } from "./postgres-tenant-store.ts";
import { TenantConnection } from "./tenant-connection.ts";
import { tenantQueries } from "./tenant-queries.ts";
import type { TenantTables } from "./tenant-tables.ts";

export interface TenantPlacesOptions {
  readonly server: DatabaseServer;
  readonly secrets: DatabaseSecrets;
  readonly names: DatabaseNames;
  readonly nameKey: Uint8Array;
  readonly poolSize: number;
  /** How many silos keep sessions when nobody uses them; 50 where not given. */
  readonly silosMax?: number;
  readonly waitMs: number;
  /** Whether statements may be prepared under names; see StatementNames. */
  readonly preparedMax: number;
  readonly clock: Clock;
  readonly random: Random;
  /** Throws when the silo's database is not safe; asked before its first query. */
  readonly verifySilo: (tenant: Tenant, database: string) => Promise<void>;
}

interface Silo {
  readonly pool: ConnectionPool;
  readonly place: Promise<TenantPlace>;
}

/** A tenant of its own gets few sessions: a server has only so many, and there may be many silos. */
const siloPoolSize = 3;
const silosMaxDefault = 50;
/** Making a seal costs more than many a query does. */
const sharedPlacesMax = 10_000;

/** Finds each tenant's place, and opens and closes the pools of silo tenants as they are used. */
export class TenantPlaces implements AsyncDisposable {
  readonly #options: TenantPlacesOptions;
  readonly #sealer: Sealer;
  readonly #shared: ConnectionPool;
  readonly #poolQueries: Kysely<TenantTables> = tenantQueries(poolSchema);
  readonly #siloQueries: Kysely<TenantTables> = tenantQueries(siloSchema);
  readonly #sharedPlaces = new LRUCache<string, TenantPlace>({ max: sharedPlacesMax });
  /** The least recently used first. */
  readonly #silos = new Map<string, Silo>();

  constructor(options: TenantPlacesOptions) {
    this.#options = options;
    const { names } = options;
    this.#sealer = new Sealer(options.secrets, names.database);
    this.#shared = this.#openPool(names.app, names.database, options.poolSize);
  }

  placeOf(tenant: Tenant): TenantPlace | Promise<TenantPlace> {
    if (tenant.isolation === "silo") return this.#siloOf(tenant);
    const { isolation, id, objectName, life } = tenant;
    const key = `${isolation}/${id}/${objectName ?? ""}/${life ?? 1}`;
    let place = this.#sharedPlaces.get(key);
    if (place === undefined) {
      place = this.#sharedPlaceOf(tenant);
      this.#sharedPlaces.set(key, place);
    }
    return place;
  }

  /** Answers when the shared database does. */
  async ping(): Promise<void> {
    const connection = await this.#shared.acquire("", undefined);
    try {
      const query = { text: "select 1", values: [], rows: "drop" } as const;
      await connection.runAlone({ seal: "", role: "none", mode: "read" }, query);
    } finally {
      this.#shared.release(connection);
    }
  }

  /** Of all pools together. */
  poolUsage(): PoolUsage {
    const sum = { sizeMax: 0, idle: 0, busy: 0, opening: 0, waiting: 0 };
    for (const { usage } of [this.#shared, ...[...this.#silos.values()].map(({ pool }) => pool)]) {
      sum.sizeMax += usage.sizeMax;
      sum.idle += usage.idle;
      sum.busy += usage.busy;
      sum.opening += usage.opening;
      sum.waiting += usage.waiting;
    }
    return sum;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const pools = [this.#shared, ...[...this.#silos.values()].map(({ pool }) => pool)];
    this.#silos.clear();
    await Promise.all(pools.map((pool) => pool[Symbol.asyncDispose]()));
  }

  /** Follows from what its key is made of alone, so it can be kept. */
  #sharedPlaceOf(tenant: Tenant): TenantPlace {
    const seal = this.#sealer.seal(tenant.id, tenant.life);
    if (tenant.isolation === "pool")
      return { pool: this.#shared, queries: this.#poolQueries, role: "none", seal };
    const name = this.#nameOf(tenant);
    return { pool: this.#shared, queries: tenantQueries(name), role: name, seal };
  }

  #siloOf(tenant: Tenant): Promise<TenantPlace> {
    const name = this.#nameOf(tenant);
    let silo = this.#silos.get(name);
    if (silo === undefined) {
      this.#closeIdleSilos();
      silo = this.#openSilo(tenant, name);
      const { place } = silo;
      // A silo that could not be verified is looked at afresh by the next request.
      place.catch(() => {
        if (this.#silos.get(name)?.place === place) this.#silos.delete(name);
      });
    }
    this.#silos.delete(name);
    this.#silos.set(name, silo);
    return silo.place;
  }

  #openSilo(tenant: Tenant, name: string): Silo {
    const pool = this.#openPool(name, name, Math.min(siloPoolSize, this.#options.poolSize));
    const seal = new Sealer(this.#options.secrets, name).seal(tenant.id, tenant.life);
    const place = this.#options
      .verifySilo(tenant, name)
      .then(() => ({ pool, queries: this.#siloQueries, role: "none", seal }));
    return { pool, place };
  }

  /** Makes room for one more; a silo in use stays open even above the bound. */
  #closeIdleSilos(): void {
    const silosMax = this.#options.silosMax ?? silosMaxDefault;
    for (const [name, { pool }] of this.#silos) {
      if (this.#silos.size < silosMax) return;
      if (pool.load > 0) continue;
      this.#silos.delete(name);
      void pool.drain();
    }
  }

  #openPool(role: string, database: string, sizeMax: number): ConnectionPool {
    const { server, secrets, random, clock, waitMs, preparedMax } = this.#options;
    const credentials = { user: role, password: rolePassword(secrets, role) };
    const connect = () => TenantConnection.open({ server, credentials, database, random, preparedMax });
    return new ConnectionPool({ connect, sizeMax, waitMs, clock });
  }

  #nameOf(tenant: Tenant): string {
    return tenant.objectName ?? tenantObjectName(this.#options.names, this.#options.nameKey, tenant.id);
  }
}

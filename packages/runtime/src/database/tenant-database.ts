import type { Clock, Random } from "@tenantry/base";
import type { Verdict } from "@tenantry/assurance";
import type { TenantId } from "@tenantry/model";
import type pg from "pg";
import { TenantPlaces } from "../tenant-store/tenant-places.ts";
import { PostgresTenantStore } from "../tenant-store/postgres-tenant-store.ts";
import type { PoolUsage } from "../tenant-store/connection-pool.ts";
import type { TenantStore } from "../tenant-store/tenant-store.ts";
import {
  migrateTenants,
  migrationStatus,
  type MigrationSummary,
  type TenantMigrationStatus,
} from "../tenants/migrate-tenants.ts";
import { onboardTenant, type OnboardRequest } from "../tenants/onboard-tenant.ts";
import { PostgresTenantRegistry } from "../tenants/postgres-tenant-registry.ts";
import { TenantChanges } from "../tenants/tenant-changes.ts";
import type { Tenant } from "../tenants/tenant.ts";
import type { TenantRegistry } from "../tenants/tenant-registry.ts";
import { auditShared, auditSilo, requireSafe, siloDatabases } from "./audit-database.ts";
import { asOwner, type DatabaseAccess, openAccess } from "./database-access.ts";
import { type ControlDatabase, PostgresControlDatabase } from "./control-database.ts";
import { changeToken, platformSchema } from "./database-names.ts";
import { type DatabaseSecrets, rolePassword } from "./database-secrets.ts";
import { connectError, type DatabaseCredentials, type DatabaseServer, newPool } from "./database-server.ts";
import { SecretBox } from "./secret-box.ts";
import type { Migration } from "./migration.ts";
import { tenantMigrations } from "./migrations/tenant-migrations.ts";

export interface TenantDatabaseOptions {
  readonly server: DatabaseServer;
  /** Creates the roles and databases of new tenants. */
  readonly admin: DatabaseCredentials;
  readonly platformName: string;
  readonly secrets: DatabaseSecrets;
  /** Sessions with the shared database; 10 where not given. */
  readonly poolSize?: number;
  readonly migrations?: readonly Migration[];
}

export interface TenantDatabasePorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly onEvent: (event: DatabaseEvent) => void;
}

/** What an operator may want to know. */
export type DatabaseEvent =
  | { readonly kind: "tenant-onboarded"; readonly tenant: TenantId }
  | { readonly kind: "tenants-migrated"; readonly summary: MigrationSummary }
  | { readonly kind: "registry-listening"; readonly isListening: boolean };

/** The tenants' data, and what the platform does with it as a whole. */
export interface TenantDatabase extends AsyncDisposable {
  readonly store: TenantStore;
  /** The same door, for operations: it leads exactly where the given tenant says, in both places of one that moves. */
  readonly placedStore: TenantStore;
  /** What operations on tenants reach the databases with. */
  readonly access: DatabaseAccess;
  readonly registry: TenantRegistry;
  /** The platform's own tables: events, webhooks, the audit trail of the control plane. */
  readonly control: ControlDatabase;
  readonly secretBox: SecretBox;
  onboard(request: OnboardRequest): Promise<Tenant>;
  migrateTenants(): Promise<MigrationSummary>;
  migrationStatus(page: { readonly limit: number; readonly after?: TenantId }): Promise<{
    readonly version: number;
    readonly tenants: readonly TenantMigrationStatus[];
    readonly more: boolean;
  }>;
  /** Judges the shared database and every silo's; what is not proved is a reason not to serve. */
  audit(): Promise<readonly Verdict[]>;
  /** Whether a tenant of this id was removed for good, and none of the id is there now. */
  hasLeft(id: TenantId): Promise<boolean>;
  /** Resolves when the shared database answers. */
  ping(): Promise<void>;
  /** How the sessions that tenants' transactions use are used. */
  poolUsage(): PoolUsage;
}

const poolSizeDefault = 10;
const waitMs = 5_000;
const preparedMax = 200;
const registryPoolSize = 3;
const controlPoolSize = 4;

/**
 * Opens the door to the tenants' data: finishes tenants that were left half-way, migrates those behind, and
 * refuses a database that does not isolate tenants.
 */
export async function openTenantDatabase(
  options: TenantDatabaseOptions,
  ports: TenantDatabasePorts,
): Promise<TenantDatabase> {
  const access = await openAccess({ ...options, migrations: options.migrations ?? tenantMigrations });
  const places = new TenantPlaces({
    server: access.server,
    secrets: access.secrets,
    names: access.names,
    nameKey: access.nameKey,
    poolSize: options.poolSize ?? poolSizeDefault,
    waitMs,
    preparedMax: (await hidesPreparedStatements(access)) ? preparedMax : 0,
    clock: ports.clock,
    random: ports.random,
    verifySilo: async ({ id }, database) => requireSafe(database, await auditSilo(access, id, database)),
  });
  const registry = openRegistry(access, ports.clock);
  try {
    const summary = await migrateTenants(access);
    requireSafe(access.names.database, await auditShared(access));
    const changes = await openChanges(access, registry.registry, ports);
    ports.onEvent({ kind: "tenants-migrated", summary });
    return new PostgresTenantDatabase(access, ports, places, registry, changes);
  } catch (error) {
    await Promise.all([places[Symbol.asyncDispose](), registry.pool.end()]);
    throw error;
  }
}

class PostgresTenantDatabase implements TenantDatabase {
  readonly store: TenantStore;
  readonly placedStore: TenantStore;
  readonly access: DatabaseAccess;
  readonly registry: TenantRegistry;
  readonly control: PostgresControlDatabase;
  readonly secretBox: SecretBox;
  readonly #ports: TenantDatabasePorts;
  readonly #places: TenantPlaces;
  readonly #registryPool: pg.Pool;
  readonly #changes: TenantChanges;
  #closed: Promise<void> | null = null;

  constructor(
    access: DatabaseAccess,
    ports: TenantDatabasePorts,
    places: TenantPlaces,
    registry: OpenRegistry,
    changes: TenantChanges,
  ) {
    this.access = access;
    this.#ports = ports;
    this.#places = places;
    this.#registryPool = registry.pool;
    this.#changes = changes;
    this.registry = registry.registry;
    const { server, names, secrets } = access;
    this.control = new PostgresControlDatabase({
      server,
      credentials: { user: names.control, password: rolePassword(secrets, names.control) },
      database: names.database,
      sizeMax: controlPoolSize,
      connectTimeoutMs: waitMs,
    });
    this.secretBox = new SecretBox(secrets, ports.random);
    const storePorts = { waitMs, clock: ports.clock, random: ports.random };
    this.store = new PostgresTenantStore({
      // Whoever has held a tenant for long, such as a sweep, would write to a place that it has left.
      placeOf: (tenant) => places.placeOf(registry.registry.known(tenant.id) ?? tenant),
      ...storePorts,
    });
    this.placedStore = new PostgresTenantStore({
      placeOf: (tenant) => places.placeOf(tenant),
      ...storePorts,
    });
  }

  async onboard(request: OnboardRequest): Promise<Tenant> {
    const tenant = await onboardTenant(this.access, request);
    this.#ports.onEvent({ kind: "tenant-onboarded", tenant: tenant.id });
    return tenant;
  }

  async migrateTenants(): Promise<MigrationSummary> {
    const summary = await migrateTenants(this.access);
    this.#ports.onEvent({ kind: "tenants-migrated", summary });
    return summary;
  }

  migrationStatus(page: { readonly limit: number; readonly after?: TenantId }) {
    return migrationStatus(this.access, page);
  }

  async audit(): Promise<readonly Verdict[]> {
    const verdicts = [...(await auditShared(this.access))];
    for (const [tenant, database] of await asOwner(this.access, this.access.names.database, siloDatabases))
      verdicts.push(...(await auditSilo(this.access, tenant, database)));
    return verdicts;
  }

  async hasLeft(id: TenantId): Promise<boolean> {
    const rows = await this.control.query<{ has_left: boolean }>(
      `select exists (select from ${platformSchema}.certificates where tenant_id = $1)
         and not exists (select from ${platformSchema}.tenants where tenant_id = $1) as has_left`,
      [id],
    );
    return rows[0]?.has_left === true;
  }

  ping(): Promise<void> {
    return this.#places.ping();
  }

  poolUsage(): PoolUsage {
    return this.#places.poolUsage();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await Promise.all([
      this.#places[Symbol.asyncDispose](),
      this.#changes[Symbol.asyncDispose](),
      this.#registryPool.end(),
      this.control[Symbol.asyncDispose](),
    ]);
  }
}

interface OpenRegistry {
  readonly registry: PostgresTenantRegistry;
  readonly pool: pg.Pool;
}

function openRegistry(access: DatabaseAccess, clock: Clock): OpenRegistry {
  const { server, names, secrets } = access;
  const credentials = { user: names.control, password: rolePassword(secrets, names.control) };
  const options = { sizeMax: registryPoolSize, connectTimeoutMs: waitMs };
  const pool = newPool(server, credentials, names.database, options);
  const registry = new PostgresTenantRegistry({
    query: async <Row extends pg.QueryResultRow>(config: pg.QueryConfig) => {
      try {
        return (await pool.query<Row>(config)).rows;
      } catch (cause) {
        throw connectError(cause, server, names.control);
      }
    },
    changeToken: (id) => changeToken(access.nameKey, id),
    clock,
  });
  return { registry, pool };
}

function openChanges(
  access: DatabaseAccess,
  registry: PostgresTenantRegistry,
  { clock, random, onEvent }: TenantDatabasePorts,
): Promise<TenantChanges> {
  const { server, names, secrets } = access;
  return TenantChanges.open({
    server,
    credentials: { user: names.control, password: rolePassword(secrets, names.control) },
    database: names.database,
    clock,
    random,
    onChange: (token) => registry.forget(token),
    onListening: (isListening) => {
      registry.setListening(isListening);
      onEvent({ kind: "registry-listening", isListening });
    },
  });
}

/** See StatementNames: names are given only where nobody can list them. */
async function hidesPreparedStatements(access: DatabaseAccess): Promise<boolean> {
  return asOwner(access, access.names.database, async (owner) => {
    const { rows } = await owner.query<{ visible: boolean }>(
      `select has_table_privilege($1, 'pg_catalog.pg_prepared_statements', 'select')
         or has_function_privilege($1, 'pg_catalog.pg_prepared_statement()', 'execute') as visible`,
      [access.names.app],
    );
    return rows[0]?.visible === false;
  });
}

import type { Clock } from "@tenantry/base";
import { isTenantId, type TenantId } from "@tenantry/model";
import { LRUCache } from "lru-cache";
import type pg from "pg";
import { platformSchema } from "../database/database-names.ts";
import type { Tenant } from "./tenant.ts";
import type { TenantRegistry } from "./tenant-registry.ts";
import { tenantColumns, tenantOf, type TenantRow } from "./tenant-rows.ts";

export interface PostgresTenantRegistryOptions {
  readonly query: <Row extends pg.QueryResultRow>(config: pg.QueryConfig) => Promise<readonly Row[]>;
  /** The token that a notification about the tenant carries. */
  readonly changeToken: (id: string) => string;
  readonly clock: Clock;
  readonly entriesMax?: number;
}

interface Entry {
  readonly tenant: Tenant | null;
  readonly token: string;
  readonly readAtMs: number;
}

/** An unknown host can be asked for a thousand times a second; a new tenant is announced anyway. */
const absentMs = 1_000;
/** The upper bound on believing an entry, should an announcement ever be missed. */
const presentMs = 60_000;
const entriesMaxDefault = 10_000;
const pageMax = 1_000;

/**
 * The registry in PostgreSQL behind a bounded cache.
 *
 * An entry is believed only while the connection that hears of changes listens; without it every
 * look-up asks the database. A change that is announced while the database is being asked makes
 * that answer too old to keep.
 */
export class PostgresTenantRegistry implements TenantRegistry {
  readonly #options: PostgresTenantRegistryOptions;
  readonly #entries: LRUCache<string, Entry>;
  readonly #idsByToken = new Map<string, string>();
  readonly #asking = new Map<string, Promise<Tenant | undefined>>();
  #isListening = false;
  /** Counts announcements, so that an answer can tell whether one came while it was under way. */
  #epoch = 0;

  constructor(options: PostgresTenantRegistryOptions) {
    this.#options = options;
    this.#entries = new LRUCache({
      max: options.entriesMax ?? entriesMaxDefault,
      dispose: (entry, id) => {
        if (this.#idsByToken.get(entry.token) === id) this.#idsByToken.delete(entry.token);
      },
    });
  }

  async find(id: string): Promise<Tenant | undefined> {
    if (!isTenantId(id)) return undefined;
    const entry = this.#believed(id);
    if (entry !== undefined) return entry.tenant ?? undefined;
    // A crowd that asks for the same tenant at once asks the database once.
    const asking = this.#asking.get(id);
    if (asking !== undefined) return asking;
    const answer = this.#ask(id).finally(() => {
      if (this.#asking.get(id) === answer) this.#asking.delete(id);
    });
    this.#asking.set(id, answer);
    return answer;
  }

  cached(id: TenantId): Tenant | undefined {
    return this.#believed(id)?.tenant ?? undefined;
  }

  async list(page: { readonly limit: number; readonly after?: TenantId }): Promise<{
    readonly tenants: readonly Tenant[];
    readonly more: boolean;
  }> {
    const limit = Math.max(1, Math.min(pageMax, Math.trunc(page.limit)));
    const rows = await this.#options.query<TenantRow>({
      name: "tenants_page",
      text: `select ${tenantColumns} from ${platformSchema}.tenants where tenant_id > $1 order by tenant_id limit $2`,
      values: [page.after ?? "", limit + 1],
    });
    return { tenants: rows.slice(0, limit).map(tenantOf), more: rows.length > limit };
  }

  async count(): Promise<number> {
    const text = `select count(*)::integer as count from ${platformSchema}.tenants`;
    const rows = await this.#options.query<{ count: number }>({ name: "tenants_count", text });
    return rows[0]?.count ?? 0;
  }

  /** What is known of a tenant without asking; undefined where nothing is, or it may be out of date. */
  known(id: TenantId): Tenant | undefined {
    return this.#entries.get(id)?.tenant ?? undefined;
  }

  /** A tenant was announced to have changed. */
  forget(token: string): void {
    this.#epoch += 1;
    this.#asking.clear();
    const id = this.#idsByToken.get(token);
    if (id !== undefined) this.#entries.delete(id);
  }

  /** Whether changes are being heard. Whatever was cached before is too old in either case. */
  setListening(isListening: boolean): void {
    this.#isListening = isListening;
    this.#epoch += 1;
    this.#asking.clear();
    this.#entries.clear();
  }

  #believed(id: TenantId): Entry | undefined {
    const entry = this.#entries.get(id);
    if (entry === undefined) return undefined;
    const ageMs = this.#options.clock.monotonicMs() - entry.readAtMs;
    if (ageMs < (entry.tenant === null ? absentMs : presentMs)) return entry;
    this.#entries.delete(id);
    return undefined;
  }

  async #ask(id: TenantId): Promise<Tenant | undefined> {
    const epoch = this.#epoch;
    const rows = await this.#options.query<TenantRow>({
      name: "tenant_by_id",
      text: `select ${tenantColumns} from ${platformSchema}.tenants where tenant_id = $1`,
      values: [id],
    });
    const row = rows[0];
    const tenant = row === undefined ? null : tenantOf(row);
    if (this.#isListening && this.#epoch === epoch) {
      const token = this.#options.changeToken(id);
      this.#entries.set(id, { tenant, token, readAtMs: this.#options.clock.monotonicMs() });
      this.#idsByToken.set(token, id);
    }
    return tenant ?? undefined;
  }
}

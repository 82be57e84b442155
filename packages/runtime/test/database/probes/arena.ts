import { systemRandom } from "@tenantry/base";
import type { Isolation, TenantId } from "@tenantry/model";
import type pg from "pg";
import type { DatabaseAccess } from "../../../src/database/database-access.ts";
import { poolSchema, siloSchema, tenantObjectName } from "../../../src/database/database-names.ts";
import { rolePassword, Sealer } from "../../../src/database/database-secrets.ts";
import type { TenantDatabase } from "../../../src/database/tenant-database.ts";
import { TenantConnection, type TransactionScope } from "../../../src/tenant-store/tenant-connection.ts";
import type { Tenant } from "../../../src/tenants/tenant.ts";
import type { TestPlatform } from "../test-platform.ts";

/** In every row of a victim, and nowhere else: whoever sees it has seen a foreign row. */
export const secretOf = (id: string) => `zq7 secret of ${id.split("").toReversed().join("")}`;
export const isForeignSecret = (text: string) => /zq7 secret of eulb-/.test(text);
/** Ids of victims; not in the text of a probe that looks for them. */
export const isForeignId = (text: string) => /\b(pool|bridge|silo)-blue\b/.test(text);

/** One tenant as an attacker or a victim. */
export interface Player {
  readonly tenant: Tenant;
  readonly id: TenantId;
  readonly isolation: Isolation;
  /** Where its tables are, in its database. */
  readonly schema: string;
  /** The role that works on them, and the database they are in. */
  readonly role: string;
  readonly database: string;
  readonly login: string;
  readonly seal: string;
  scope(mode: TransactionScope["mode"]): TransactionScope;
  connect(): Promise<TenantConnection>;
}

/** An attacker (red) and a victim (blue) of each isolation, with rows. */
export interface Arena {
  readonly platform: TestPlatform;
  readonly database: TenantDatabase;
  readonly red: Readonly<Record<Isolation, Player>>;
  readonly blue: Readonly<Record<Isolation, Player>>;
  /** A hash over every row of every victim. */
  fingerprint(): Promise<string>;
  /** Gives the attacker its rows back. */
  restore(attacker: Player): Promise<void>;
}

export async function openArena(platform: TestPlatform, database: TenantDatabase): Promise<Arena> {
  const access = await platform.access();
  const make = async (isolation: Isolation, colour: string): Promise<Player> => {
    const tenant = await database.onboard({ id: `${isolation}-${colour}`, tier: "any", isolation });
    const player = playerOf(platform, access, tenant);
    await platform.asAdmin((client) => client.query(`${fill(player)}; analyze`), player.database);
    return player;
  };
  const team = async (colour: string) => ({
    pool: await make("pool", colour),
    bridge: await make("bridge", colour),
    silo: await make("silo", colour),
  });
  const red = await team("red");
  const blue = await team("blue");
  return {
    platform,
    database,
    red,
    blue,
    fingerprint: async () => {
      const parts = await Promise.all(
        Object.values(blue).map((victim) =>
          platform.asAdmin((client) => fingerprintOf(client, victim), victim.database),
        ),
      );
      return parts.join("\n");
    },
    restore: (attacker) =>
      platform.asAdmin(async (client) => {
        const clear = tables.map(
          (table) => `delete from ${attacker.schema}.${table} where tenant_id = '${attacker.id}'`,
        );
        await client.query(["begin", ...clear, fill(attacker), "commit"].join(";"));
      }, attacker.database),
  };
}

function playerOf(platform: TestPlatform, access: DatabaseAccess, tenant: Tenant): Player {
  const { id, isolation } = tenant;
  const name = tenantObjectName(access.names, access.nameKey, id);
  const { app } = access.names;
  const database = isolation === "silo" ? name : access.names.database;
  const schema = isolation === "pool" ? poolSchema : isolation === "silo" ? siloSchema : name;
  const login = isolation === "silo" ? name : app;
  const role = isolation === "pool" ? app : name;
  const seal = new Sealer(access.secrets, database).seal(id);
  return {
    tenant,
    id,
    isolation,
    schema,
    role,
    database,
    login,
    seal,
    scope: (mode) => ({ seal, role: isolation === "bridge" ? name : "none", mode }),
    connect: () =>
      TenantConnection.open({
        server: platform.server,
        credentials: { user: login, password: rolePassword(access.secrets, login) },
        database,
        random: systemRandom,
        preparedMax: 50,
      }),
  };
}

const tables = ["documents", "projects", "notes", "contacts", "events"] as const;

function fill({ schema, id }: Player): string {
  const secret = secretOf(id);
  return [
    `insert into ${schema}.documents (tenant_id, collection, id, body) values ('${id}', 'notes', 'd1', to_jsonb('${secret}'::text))`,
    `insert into ${schema}.projects (tenant_id, id, name) values ('${id}', 'p1', '${secret}'), ('${id}', 'only-${id}', '${secret}')`,
    `insert into ${schema}.notes (tenant_id, project_id, note) values ('${id}', 'p1', '${secret}')`,
    `insert into ${schema}.contacts (tenant_id, id, email) values ('${id}', 'm1', '${secret}')`,
    `insert into ${schema}.events (tenant_id, happened_on, id, event) values ('${id}', '2026-05-05', 'e1', '${secret}')`,
  ].join(";");
}

async function fingerprintOf(client: pg.Client, { schema, id }: Player): Promise<string> {
  const parts = tables.map(
    (table) =>
      `select '${table}' as name, md5(coalesce(string_agg(t::text, ',' order by t::text), '')) as hash from ${schema}.${table} t where tenant_id = '${id}'`,
  );
  const { rows } = await client.query<{ name: string; hash: string }>(parts.join(" union all "));
  return rows.map(({ name, hash }) => `${id} ${name} ${hash}`).join("\n");
}

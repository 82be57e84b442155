// One of the servers that bench/api.ts compares, in a process of its own: the runtime with everything
// that it does, or Fastify and pg with the same statements on the same table and nothing else.
import { systemClock, systemRandom } from "@tenantry/base";
import { type DatabaseCredentials, type DatabaseServer, openTenantDatabase } from "@tenantry/runtime";
import Fastify from "fastify";
import type { JWK } from "jose";
import pg from "pg";
import { uuidV7 } from "../../packages/runtime/src/http/uuid-v7.ts";
import { startRuntime } from "../../packages/runtime/src/runtime.ts";
import { benchPlatform } from "./gateway.ts";

export interface ApiServerConfig {
  readonly kind: "runtime" | "bare";
  readonly server: DatabaseServer;
  readonly admin: DatabaseCredentials;
  readonly platformName: string;
  readonly database: string;
  readonly secrets: { readonly rolePassword: string; readonly seal: string };
  readonly issuer: string;
  readonly signingKey: JWK;
  /** Sessions with the database, for either. */
  readonly poolSize: number;
}

async function serveRuntime(config: ApiServerConfig): Promise<number> {
  const { server, admin, platformName, secrets, poolSize, issuer, signingKey } = config;
  const ports = { clock: systemClock, random: systemRandom };
  const database = await openTenantDatabase(
    { server, admin, platformName, secrets, poolSize },
    { ...ports, onEvent: () => undefined },
  );
  const any = { host: "127.0.0.1", port: 0 };
  const runtime = await startRuntime(
    {
      platform: benchPlatform(platformName),
      gateway: any,
      control: any,
      hostSuffixes: ["localhost"],
      issuer: { url: issuer, signingKey },
      upstreams: {},
      // As many wait as there are connections, so that nothing is refused.
      apiLimits: { waitingRequestsMax: 1_000, waitingTimeoutMs: 10_000 },
    },
    { database, ...ports, log: () => undefined },
  );
  return Number(new URL(runtime.gatewayUrl).port);
}

interface Row {
  readonly collection: string;
  readonly id: string;
  readonly body: unknown;
  readonly version: number;
  readonly created_at: Date;
  readonly updated_at: Date;
}

const view = ({ id, collection, version, created_at, updated_at, body }: Row) => ({
  id,
  collection,
  version,
  createdAt: created_at.toISOString(),
  updatedAt: updated_at.toISOString(),
  body,
});

/** The statements are what the runtime's query builder makes, prepared under names as it does. */
async function serveBare({ server, admin, database, poolSize }: ApiServerConfig): Promise<number> {
  const { host, port } = server;
  const pool = new pg.Pool({ host, port, ...admin, database, max: poolSize });
  const columns = `"collection", "id", "body", "version", "created_at", "updated_at"`;
  const table = `"pool"."documents"`;
  const point = `select ${columns} from ${table} where "tenant_id" = $1 and "collection" = $2 and "id" = $3`;
  const page = `select ${columns} from ${table} where "tenant_id" = $1 and "collection" = $2 order by "id" limit $3`;
  const insert = `insert into ${table} ("tenant_id", "collection", "id", "body") values ($1, $2, $3, $4) returning ${columns}`;
  const app = Fastify({ logger: false });
  const tenantOf = (hostField: string | undefined) => hostField?.split(".", 1)[0] ?? "";
  interface Params {
    readonly collection: string;
    readonly id: string;
  }
  app.get<{ Params: Params }>("/v2/documents/:collection/:id", async ({ params, headers }) => {
    const values = [tenantOf(headers.host), params.collection, params.id];
    const { rows } = await pool.query<Row>({ name: "point", text: point, values });
    return view(rows[0] as Row);
  });
  app.get<{ Params: Params; Querystring: { limit: string } }>(
    "/v2/documents/:collection",
    async ({ params, headers, query }) => {
      const limit = Number(query.limit);
      const values = [tenantOf(headers.host), params.collection, limit + 1];
      const { rows } = await pool.query<Row>({ name: "page", text: page, values });
      return {
        items: rows.slice(0, limit).map(view),
        nextCursor: rows.length > limit ? (rows[limit - 1]?.id ?? null) : null,
      };
    },
  );
  app.post<{ Params: Params; Body: { body: unknown } }>(
    "/v2/documents/:collection",
    async ({ params, headers, body }, reply) => {
      const id = uuidV7(systemClock.nowMs(), systemRandom);
      const values = [tenantOf(headers.host), params.collection, id, JSON.stringify(body.body)];
      const { rows } = await pool.query<Row>({ name: "insert", text: insert, values });
      reply.code(201);
      return view(rows[0] as Row);
    },
  );
  return Number(new URL(await app.listen({ host: "127.0.0.1", port: 0 })).port);
}

process.once("message", (config: ApiServerConfig) => {
  void (config.kind === "runtime" ? serveRuntime(config) : serveBare(config)).then((port) => {
    // Whoever asks again hears how much of the processor the server has used.
    process.on("message", () => process.send?.(process.cpuUsage()));
    process.send?.(port);
  });
});
// The signal ends it in order, so that a profile of it is written.
process.once("SIGTERM", () => process.exit(0));

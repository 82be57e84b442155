import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock, systemRandom } from "@tenantry/base";
import type { DatabaseCredentials, DatabaseServer } from "@tenantry/runtime";
import pg from "pg";
import { startPostgres } from "../../packages/local/src/postgres/start-postgres.ts";

/** A PostgreSQL for one benchmark: the one in DATABASE_URL, or one that is started for it and removed after it. */
export interface BenchServer extends AsyncDisposable {
  readonly server: DatabaseServer;
  readonly admin: DatabaseCredentials;
}

export async function startBenchServer(): Promise<BenchServer> {
  const url = process.env["DATABASE_URL"];
  if (url) {
    const { hostname, port, username, password } = new URL(url);
    return {
      server: { host: hostname, port: Number(port || 5432), tls: "off" },
      admin: { user: decodeURIComponent(username), password: decodeURIComponent(password) },
      [Symbol.asyncDispose]: async () => undefined,
    };
  }
  const dataDir = await mkdtemp(join(tmpdir(), "tenantry-bench-"));
  // PostgreSQL runs as another user where this runs as root.
  await chmod(dataDir, 0o755);
  const postgres = await startPostgres(
    { dataDir, durability: "fast", settings: { shared_buffers: "512MB", max_wal_size: "4GB" } },
    { clock: systemClock, random: systemRandom, onEvent: () => undefined },
  );
  return {
    server: { host: postgres.host, port: postgres.port, tls: "off" },
    admin: { user: postgres.user, password: postgres.password },
    [Symbol.asyncDispose]: async () => {
      await postgres.stop("immediate");
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A superuser's connection to one database. */
export async function connectAdmin({ server, admin }: BenchServer, database: string): Promise<pg.Client> {
  const client = new pg.Client({ host: server.host, port: server.port, ...admin, database });
  await client.connect();
  return client;
}

/** Removes what a benchmark made on a server that outlives it. */
export async function dropPlatform(bench: BenchServer, prefix: string): Promise<void> {
  const client = await connectAdmin(bench, "postgres");
  try {
    const databases = await client.query<{ datname: string }>(
      "select datname from pg_database where datname = $1 or datname = $1::text || '_workflows' or starts_with(datname, $1 || '_t_')",
      [prefix],
    );
    for (const { datname } of databases.rows) await client.query(`drop database "${datname}" with (force)`);
    const roles = await client.query<{ rolname: string }>(
      "select rolname from pg_roles where starts_with(rolname, $1 || '_')",
      [prefix],
    );
    for (const { rolname } of roles.rows) await client.query(`drop role "${rolname}"`);
  } finally {
    await client.end();
  }
}

/** The value below which `share` of the sorted samples lie. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

import { isCodedError } from "@tenantry/base";
import type { DatabaseCredentials, DatabaseServer } from "@tenantry/runtime";
import { Client, DatabaseError } from "pg";
import { errors } from "../errors.ts";

/** Where the platform's databases are, and who may create them. */
export interface DatabaseTarget {
  readonly server: DatabaseServer;
  readonly admin: DatabaseCredentials;
}

const oldestVersion = 15;

/** Reads DATABASE_URL. No message repeats it, because it holds a password. @throws LOCAL_DATABASE_URL */
export function parseDatabaseUrl(text: string): DatabaseTarget {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^postgres(ql)?:$/.test(url.protocol))
    throw errors.LOCAL_DATABASE_URL({ reason: "it is not a postgres:// URL" });
  if (url.hostname === "") throw errors.LOCAL_DATABASE_URL({ reason: "it names no host" });
  if (url.username === "") throw errors.LOCAL_DATABASE_URL({ reason: "it names no user" });
  const mode = url.searchParams.get("sslmode") ?? "disable";
  const tls = {
    disable: "off",
    allow: "off",
    prefer: "off",
    require: "require",
    "verify-ca": "require",
    "verify-full": "require",
  }[mode];
  if (tls !== "off" && tls !== "require")
    throw errors.LOCAL_DATABASE_URL({ reason: `its sslmode is ${mode}` });
  return {
    server: { host: url.hostname.replace(/^\[|\]$/g, ""), port: Number(url.port || 5432), tls },
    admin: { user: decode(url.username), password: decode(url.password) },
  };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw errors.LOCAL_DATABASE_URL({ reason: "user or password is not percent-encoded" });
  }
}

/**
 * Looks whether the server can carry a platform, before anything is started on it.
 *
 * @throws LOCAL_DATABASE_UNREACHABLE, LOCAL_DATABASE_REFUSED, LOCAL_DATABASE_VERSION, LOCAL_DATABASE_RIGHTS
 */
export async function checkDatabase({ server, admin }: DatabaseTarget): Promise<void> {
  const { host, port } = server;
  const client = new Client({
    ...admin,
    host,
    port,
    ssl: server.tls === "require",
    database: "postgres",
    connectionTimeoutMillis: 10_000,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string; major: number; able: boolean }>(
      `select current_setting('server_version') as version,
              current_setting('server_version_num')::int / 10000 as major,
              rolsuper or (rolcreaterole and rolcreatedb) as able
         from pg_roles where rolname = current_user`,
    );
    const { version = "unknown", major = 0, able = false } = rows[0] ?? {};
    if (major < oldestVersion) throw errors.LOCAL_DATABASE_VERSION({ host, port, version });
    if (!able) throw errors.LOCAL_DATABASE_RIGHTS({ host, port, user: admin.user });
  } catch (error) {
    throw explain(error, server, admin.user);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function explain(error: unknown, { host, port }: DatabaseServer, user: string): unknown {
  if (error instanceof DatabaseError && error.code?.startsWith("28")) {
    return errors.LOCAL_DATABASE_REFUSED({ host, port, user }, error);
  }
  if (isCodedError(error)) return error;
  // A refused connection to a name with two addresses is an AggregateError without a message.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const reason = first instanceof Error ? first.message : String(first);
  return errors.LOCAL_DATABASE_UNREACHABLE({ host, port, reason }, error);
}

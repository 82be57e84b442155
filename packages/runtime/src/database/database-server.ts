import pg from "pg";
import { isSqlError } from "./sql-error.ts";
import { errors } from "../errors.ts";

/** Where PostgreSQL listens. */
export interface DatabaseServer {
  readonly host: string;
  readonly port: number;
  readonly tls: "off" | "require";
}

export interface DatabaseCredentials {
  readonly user: string;
  readonly password: string;
}

const connectTimeoutMs = 10_000;

function connectionOf(
  { host, port, tls }: DatabaseServer,
  credentials: DatabaseCredentials,
  database: string,
) {
  const { user, password } = credentials;
  return { host, port, ssl: tls === "require", user, password, database, keepAlive: true };
}

/** A client that is not connected yet. Its errors between queries are silent: the next query reports them. */
export function newClient(
  server: DatabaseServer,
  credentials: DatabaseCredentials,
  database: string,
): pg.Client {
  const client = new pg.Client({
    ...connectionOf(server, credentials, database),
    application_name: "tenantry",
    connectionTimeoutMillis: connectTimeoutMs,
  });
  client.on("error", () => undefined);
  return client;
}

export interface PoolOptions {
  readonly sizeMax: number;
  /** What PostgreSQL shows the sessions as. */
  readonly name?: string;
  /** How long a query waits for a session; the driver's own default, without end, where it is left out. */
  readonly connectTimeoutMs?: number;
}

/**
 * Sessions that open when they are needed. A session may break at any moment, also while it is lent out and between two
 * queries, when neither the pool nor a query listens; an error that nobody hears would end the process. The next query
 * reports what it meets.
 */
export function newPool(
  server: DatabaseServer,
  credentials: DatabaseCredentials,
  database: string,
  { sizeMax, name = "tenantry", connectTimeoutMs }: PoolOptions,
): pg.Pool {
  const pool = new pg.Pool({
    ...connectionOf(server, credentials, database),
    application_name: name,
    max: sizeMax,
    ...(connectTimeoutMs === undefined ? {} : { connectionTimeoutMillis: connectTimeoutMs }),
  });
  pool.on("error", () => undefined);
  pool.on("connect", (client) => void client.on("error", () => undefined));
  return pool;
}

/** Opens a connection, or says in a coded error why it cannot be had. */
export async function connect(
  server: DatabaseServer,
  credentials: DatabaseCredentials,
  database: string,
): Promise<pg.Client> {
  const client = newClient(server, credentials, database);
  try {
    await client.connect();
    return client;
  } catch (cause) {
    throw connectError(cause, server, credentials.user);
  }
}

export function connectError(cause: unknown, server: DatabaseServer, user: string): Error {
  const { host, port } = server;
  const refusesUser = isSqlError(cause) && (cause.code === "28P01" || cause.code === "28000");
  return refusesUser
    ? errors.RUNTIME_DATABASE_CREDENTIALS({ user, host, port }, cause)
    : errors.RUNTIME_DATABASE_UNAVAILABLE({ host, port, reason: reasonOf(cause) }, cause);
}

/** Runs `fn` on a connection of its own and closes it whatever happens. */
export async function withClient<Result>(
  server: DatabaseServer,
  credentials: DatabaseCredentials,
  database: string,
  fn: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = await connect(server, credentials, database);
  try {
    return await fn(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Runs `fn` in one transaction of the client. */
export async function inTransaction<Result>(client: pg.Client, fn: () => Promise<Result>): Promise<Result> {
  await client.query("begin");
  try {
    const result = await fn();
    await client.query("commit");
    return result;
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  }
}

function reasonOf(cause: unknown): string {
  // A refused connection to a name with two addresses is an AggregateError without a message.
  if (cause instanceof AggregateError) return cause.errors.map(reasonOf).join(", ");
  return cause instanceof Error ? cause.message : String(cause);
}

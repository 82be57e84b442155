import type pg from "pg";
import { isSqlError } from "./sql-error.ts";
import { connectError, type DatabaseCredentials, type DatabaseServer, newPool } from "./database-server.ts";

/** The platform's own tables, as the control role. It reaches nothing of a tenant's. */
export interface ControlDatabase {
  query<Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** All that the function does, or nothing. */
  transact<Result>(fn: (client: pg.ClientBase) => Promise<Result>): Promise<Result>;
}

export interface ControlDatabaseOptions {
  readonly server: DatabaseServer;
  readonly credentials: DatabaseCredentials;
  readonly database: string;
  readonly sizeMax: number;
  readonly connectTimeoutMs: number;
}

/** Sessions of the control role. Those of the registry are others, so that no look-up of a host waits here. */
export class PostgresControlDatabase implements ControlDatabase, AsyncDisposable {
  readonly #pool: pg.Pool;
  readonly #options: ControlDatabaseOptions;

  constructor(options: ControlDatabaseOptions) {
    this.#options = options;
    const { server, credentials, database } = options;
    const { sizeMax, connectTimeoutMs } = options;
    this.#pool = newPool(server, credentials, database, { sizeMax, connectTimeoutMs });
  }

  async query<Row extends pg.QueryResultRow>(
    text: string,
    values: readonly unknown[] = [],
  ): Promise<readonly Row[]> {
    try {
      return (await this.#pool.query<Row>(text, [...values])).rows;
    } catch (cause) {
      throw this.#errorOf(cause);
    }
  }

  async transact<Result>(fn: (client: pg.ClientBase) => Promise<Result>): Promise<Result> {
    const client = await this.#pool.connect().catch((cause: unknown) => {
      throw this.#errorOf(cause);
    });
    let isBroken = false;
    try {
      await client.query("begin");
      const result = await fn(client);
      await client.query("commit");
      return result;
    } catch (cause) {
      await client.query("rollback").catch(() => (isBroken = true));
      throw this.#errorOf(cause);
    } finally {
      client.release(isBroken);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.end();
  }

  /** A session that ended or never began is the database's absence; what a query did wrong stays what it is. */
  #errorOf(cause: unknown): unknown {
    const isAbsent = isSqlError(cause)
      ? cause.severity === "FATAL" || /^(08|57P)/.test(cause.code)
      : cause instanceof Error && isConnectionError(cause);
    return isAbsent ? connectError(cause, this.#options.server, this.#options.credentials.user) : cause;
  }
}

function isConnectionError(error: Error): boolean {
  if (error instanceof AggregateError) return true;
  const { code } = error as { code?: unknown };
  if (typeof code === "string" && /^E[A-Z]+$/.test(code)) return true;
  return /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/.test(
    error.message,
  );
}

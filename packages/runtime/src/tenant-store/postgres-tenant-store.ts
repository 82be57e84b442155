import { type Clock, isCodedError, type Random } from "@tenantry/base";
import type { Compilable, Kysely } from "kysely";
import { isSqlError } from "../database/sql-error.ts";
import { errors } from "../errors.ts";
import type { Tenant } from "../tenants/tenant.ts";
import type { Statement } from "./batch.ts";
import type { ConnectionPool } from "./connection-pool.ts";
import { isUndone, isUnreachable, type RetryOptions, retrying } from "./retry.ts";
import { storeError } from "./store-error.ts";
import type { TenantConnection, TransactionScope } from "./tenant-connection.ts";
import { compileStatement, isCompilable } from "./tenant-queries.ts";
import type {
  Answered,
  Execute,
  ReadQueries,
  StoreAnswer,
  StoreOptions,
  TenantStore,
  WriteQueries,
} from "./tenant-store.ts";
import type { TenantTables } from "./tenant-tables.ts";
import { TenantTransaction } from "./tenant-transaction.ts";

/** Where a tenant's rows are and how its transactions show that they may see them. */
export interface TenantPlace {
  readonly pool: ConnectionPool;
  readonly queries: Kysely<TenantTables>;
  /** The bridge tenant's role; "none" elsewhere. */
  readonly role: string;
  readonly seal: string;
}

export interface PostgresTenantStoreOptions {
  readonly placeOf: (tenant: Tenant) => TenantPlace | Promise<TenantPlace>;
  readonly waitMs: number;
  /** How long a transaction that has certainly not happened is tried again; 1,500 where not given. */
  readonly retryForMs?: number;
  readonly clock: Clock;
  readonly random: Random;
}

const retryForMsDefault = 1_500;

type Mode = TransactionScope["mode"];
type StoreFunction = (db: WriteQueries, execute: Execute) => unknown;

/**
 * The door: see TenantStore.
 *
 * What has certainly not happened is tried again for a moment, so that a restart of the database is a
 * delay and no error: opening a session, in any case; a transaction of one query that the server
 * undid; a read of one query whose session broke. A write whose session broke may have been kept,
 * and a function may have done other things, so both are reported (RUNTIME_STORE_LOST).
 */
export class PostgresTenantStore implements TenantStore {
  readonly #options: PostgresTenantStoreOptions;
  readonly #retry: RetryOptions;

  constructor(options: PostgresTenantStoreOptions) {
    this.#options = options;
    const { clock, random, retryForMs = retryForMsDefault } = options;
    this.#retry = { clock, random, retryForMs };
  }

  read<Answer extends StoreAnswer>(
    tenant: Tenant,
    fn: (db: ReadQueries, execute: Execute) => Answer,
    options?: StoreOptions,
  ): Promise<Answered<Answer>> {
    return this.#run("read", tenant, fn, options) as Promise<Answered<Answer>>;
  }

  transact<Answer extends StoreAnswer>(
    tenant: Tenant,
    fn: (db: WriteQueries, execute: Execute) => Answer,
    options?: StoreOptions,
  ): Promise<Answered<Answer>> {
    return this.#run("write", tenant, fn, options) as Promise<Answered<Answer>>;
  }

  async #run(
    mode: Mode,
    tenant: Tenant,
    fn: StoreFunction,
    { signal, snapshot = false }: StoreOptions = {},
  ): Promise<unknown> {
    const { id, status } = tenant;
    if (status !== "active") throw errors.RUNTIME_TENANT_NOT_ACTIVE({ id, status });
    if (isAborted(signal)) throw errors.RUNTIME_STORE_ABORTED({ tenant: id }, signal?.reason);
    const found = this.#options.placeOf(tenant);
    const place = found instanceof Promise ? await found : found;
    const lease = new Lease(place, this.#retry, signal);
    const scope: TransactionScope = { seal: place.seal, role: place.role, mode, snapshot };
    const transaction = new TenantTransaction({ tenant: id, scope, acquire: () => lease.acquire() });
    try {
      const result = fn(place.queries, transaction.execute);
      if (isCompilable(result)) return await this.#runAlone(result, tenant, scope, lease, signal);
      return await this.#runFunction(Promise.resolve(result), transaction, lease, tenant, signal);
    } catch (error) {
      if (isAborted(signal) && !isCodedError(error)) {
        throw errors.RUNTIME_STORE_ABORTED({ tenant: id }, error);
      }
      if (error instanceof SessionLost) throw errors.RUNTIME_STORE_LOST({ tenant: id }, error);
      throw storeError(error, id, this.#options.waitMs);
    }
  }

  /** One query, one round trip. */
  async #runAlone(
    query: Compilable<unknown>,
    tenant: Tenant,
    scope: TransactionScope,
    lease: Lease,
    signal: AbortSignal | undefined,
  ): Promise<unknown[]> {
    const statement = compileStatement(query, scope.mode, tenant.id);
    const mayRetry = (error: unknown) => isUndone(error) || (scope.mode === "read" && isLost(error));
    return retrying(() => this.#attemptAlone(statement, scope, lease, signal), mayRetry, this.#retry, signal);
  }

  async #attemptAlone(
    statement: Statement,
    scope: TransactionScope,
    lease: Lease,
    signal: AbortSignal | undefined,
  ): Promise<unknown[]> {
    for (let attempt = 1; ; attempt += 1) {
      const connection = await lease.acquire();
      try {
        const answer = connection.runAlone(scope, statement);
        return await unlessAborted(answer, signal, () => connection.abort());
      } catch (error) {
        // Nothing ran: the session did not know a statement that it had prepared before.
        const isForgotten = isSqlError(error) && error.code === "26000";
        if (!isForgotten || attempt > 1) throw lostOr(error);
      } finally {
        lease.release();
      }
    }
  }

  /** A function with several queries: begun with the first, ended when the function ends. */
  async #runFunction(
    result: Promise<unknown>,
    transaction: TenantTransaction,
    lease: Lease,
    tenant: Tenant,
    signal: AbortSignal | undefined,
  ): Promise<unknown> {
    try {
      const value = await unlessAborted(Promise.race([result, lease.lost()]), signal, () =>
        transaction.abandon(),
      );
      await unlessAborted(transaction.commit(), signal, () => transaction.abandon());
      return value;
    } catch (error) {
      if (isAborted(signal)) {
        result.catch(() => undefined);
        transaction.abandon();
        throw errors.RUNTIME_STORE_ABORTED({ tenant: tenant.id }, error);
      }
      await transaction.rollback();
      throw lostOr(error);
    } finally {
      lease.release();
    }
  }
}

/** The session broke in the middle, so whether a write was kept is not known. */
class SessionLost extends Error {
  override readonly name = "SessionLost";
}

function lostOr(error: unknown): unknown {
  const message = error instanceof Error ? error.message : "";
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const isLost =
    /^(Connection terminated|the connection ended|Client has encountered a connection error|Client was closed)/.test(
      message,
    ) || /^(ECONNRESET|EPIPE|ETIMEDOUT)$/.test(code);
  return isLost ? new SessionLost(message, { cause: error }) : error;
}

/** Whether the session broke, or the server ended it. */
function isLost(error: unknown): boolean {
  return (
    error instanceof SessionLost ||
    (isSqlError(error) && (error.severity === "FATAL" || error.code.startsWith("57P")))
  );
}

/** At most one connection, given back exactly once. */
class Lease {
  readonly #place: TenantPlace;
  readonly #retry: RetryOptions;
  readonly #signal: AbortSignal | undefined;
  #onLost: ((error: Error) => void) | null = null;
  #connection: TenantConnection | null = null;
  #state: "held" | "released" = "held";

  constructor(place: TenantPlace, retry: RetryOptions, signal: AbortSignal | undefined) {
    this.#place = place;
    this.#retry = retry;
    this.#signal = signal;
  }

  /** Rejects when the session breaks while it is held. */
  lost(): Promise<never> {
    return new Promise((_, reject) => {
      this.#onLost = reject;
    });
  }

  async acquire(): Promise<TenantConnection> {
    this.#state = "held";
    const { pool, seal } = this.#place;
    const connection =
      pool.take(seal) ??
      (await retrying(
        () => pool.acquire(seal, this.#signal),
        (error) => !this.#isReleased() && isUnreachable(error),
        this.#retry,
        this.#signal,
      ));
    this.#connection = connection;
    connection.onLost = this.#onLost;
    if (!this.#isReleased()) return connection;
    // The request ended while it stood in line: the session already belongs to someone else.
    this.release();
    throw new SessionLost("the request ended before it got a connection");
  }

  release(): void {
    this.#state = "released";
    const connection = this.#connection;
    if (connection === null) return;
    this.#connection = null;
    connection.onLost = null;
    this.#place.pool.release(connection);
  }

  #isReleased(): boolean {
    return this.#state === "released";
  }
}

/** The promise's outcome, or at once the signal's reason after telling `giveUp`. */
function unlessAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
  giveUp: () => void,
): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => {
      giveUp();
      reject(signal.reason as Error);
    };
    const settle = () => signal.removeEventListener("abort", onAbort);
    promise.then(
      (value) => (settle(), resolve(value)),
      (error: unknown) => (settle(), reject(error as Error)),
    );
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
  });
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

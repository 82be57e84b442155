import type { Random } from "@tenantry/base";
import pg from "pg";
import { tenantSetting } from "../database/current-tenant.ts";
import {
  connectError,
  type DatabaseCredentials,
  type DatabaseServer,
  newClient,
} from "../database/database-server.ts";
import { isSqlError } from "../database/sql-error.ts";
import { Batch, type Statement } from "./batch.ts";
import type { SessionResidue } from "./session-residue.ts";
import { StatementNames } from "./statement-names.ts";

/** Whose transaction a batch belongs to. */
export interface TransactionScope {
  /** The sealed tenant. */
  readonly seal: string;
  /** The bridge tenant's role, or "none" for the role that logged in. */
  readonly role: string;
  readonly mode: "read" | "write";
  /** Every query sees the database as the first one did. */
  readonly snapshot?: boolean;
}

const drop = (text: string, values: readonly unknown[] = []): Statement => ({
  text,
  values,
  rows: "drop",
  residue: "none",
});

const resetLast = drop("discard sequences");
/**
 * What a session keeps after a transaction, and how each is undone before another tenant's
 * begins, unless nothing that could leave it has run: characteristics that the session gives to new transactions, holdable cursors, settings, channels,
 * sequence values, session-level advisory locks. Roles are part of the scope. Temporary objects
 * cannot exist because nobody may create them.
 */
const resetStatements: readonly Statement[] = [
  drop("set transaction_isolation = 'read committed'"),
  drop("set transaction_read_only = off"),
  drop("close all"),
  drop("reset all"),
  drop("unlisten *"),
  resetLast,
];

// All of it runs, because the parts are one text; and no row comes back, because that text is not null.
const enterWith = (...settings: readonly string[]) => `select where (${settings.join(" || ")}) is null`;
const seal = `set_config('${tenantSetting}', $1, true)`;
const role = "set_config('role', $2, true)";
const readOnly = "set_config('transaction_read_only', 'on', true)";
const unlock = "pg_advisory_unlock_all()::text";
const enterTexts = {
  read: { same: enterWith(seal, role, readOnly), other: enterWith(unlock, seal, role, readOnly) },
  write: { same: enterWith(seal, role), other: enterWith(unlock, seal, role) },
} as const;

export interface TenantConnectionOptions {
  readonly server: DatabaseServer;
  readonly credentials: DatabaseCredentials;
  readonly database: string;
  readonly random: Random;
  /** At most this many statements stay prepared; 0 prepares none. */
  readonly preparedMax: number;
}

/**
 * One session with PostgreSQL that serves one tenant's transaction at a time.
 *
 * It remembers which tenant it is clean for, and whether anything ran since that could have left something
 * (SessionResidue). Entering the scope of another tenant first undoes everything that a session keeps, in the same round
 * trip. After any failure it is clean for nobody, because the undoing may have been rolled back with the rest.
 */
export class TenantConnection implements AsyncDisposable {
  readonly #client: pg.Client;
  readonly #names: StatementNames;
  readonly #options: TenantConnectionOptions;
  #onLost: ((error: Error) => void) | null = null;
  #cleanFor: string | null = null;
  #residue: SessionResidue = "none";
  #state: "usable" | "doubtful" = "usable";

  private constructor(options: TenantConnectionOptions, client: pg.Client) {
    this.#options = options;
    this.#client = client;
    this.#names = new StatementNames(options.random, options.preparedMax);
    const lose = (error?: Error) => {
      this.#state = "doubtful";
      this.#onLost?.(error ?? new Error("Connection terminated"));
    };
    client.on("error", lose);
    client.on("end", () => lose());
  }

  static async open(options: TenantConnectionOptions): Promise<TenantConnection> {
    const client = newClient(options.server, options.credentials, options.database);
    try {
      await client.connect();
    } catch (cause) {
      throw connectError(cause, options.server, options.credentials.user);
    }
    return new TenantConnection(options, client);
  }

  /** Whether another transaction may use it. */
  get isUsable(): boolean {
    return this.#state === "usable";
  }

  /** The seal of the one tenant whose transaction can begin without a reset; null where that is everybody or nobody. */
  get cleanFor(): string | null {
    return this.#residue === "none" ? null : this.#cleanFor;
  }

  /** Who is to be told when the session breaks; the one who borrows it. */
  set onLost(listener: ((error: Error) => void) | null) {
    this.#onLost = listener;
  }

  /** One query in a transaction of its own: one round trip. */
  runAlone(scope: TransactionScope, query: Statement): Promise<Record<string, unknown>[]> {
    return this.#send([...this.#enter(scope), query], scope);
  }

  /** Begins a transaction and runs its first query: one round trip. */
  begin(scope: TransactionScope, query: Statement): Promise<Record<string, unknown>[]> {
    const begin = scope.snapshot === true ? "begin isolation level repeatable read" : "begin";
    return this.#send([drop(begin), ...this.#enter(scope), query], scope);
  }

  /** A further query of the transaction that has begun. */
  continue(query: Statement): Promise<Record<string, unknown>[]> {
    return this.#send([query], null);
  }

  async end(how: "commit" | "rollback"): Promise<void> {
    if (how === "rollback") this.#forgetCleaning();
    await this.#send([drop(how)], null);
  }

  /** Asks the server to stop, and never uses the session again: the request may arrive late. */
  abort(): void {
    if (this.#state === "doubtful") return;
    this.#state = "doubtful";
    const { processID, secretKey } = this.#client as unknown as { processID: number; secretKey: number };
    const { server } = this.#options;
    const messenger = new pg.Connection({ ssl: server.tls === "require" }) as unknown as {
      connect(port: number, host: string): void;
      cancel(processId: number, key: number): void;
      on(event: string, listener: () => void): void;
      end(): void;
    };
    messenger.on("error", () => undefined);
    messenger.on(server.tls === "require" ? "sslconnect" : "connect", () => {
      messenger.cancel(processID, secretKey);
    });
    if (server.tls === "require") {
      const requester = messenger as unknown as { requestSsl(): void };
      messenger.on("connect", () => requester.requestSsl());
    }
    messenger.connect(server.port, server.host);
    this.destroy();
  }

  /** Breaks the session without a farewell; the server rolls back. */
  destroy(): void {
    this.#state = "doubtful";
    const { connection } = this.#client as unknown as { connection: { stream: { destroy(): void } } };
    connection.stream.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#state = "doubtful";
    await this.#client.end().catch(() => undefined);
  }

  #enter({ seal, role, mode, snapshot }: TransactionScope): readonly Statement[] {
    if (this.#cleanFor === seal || this.#residue === "none")
      return [drop(enterTexts[mode].same, [seal, role])];
    // The others take a snapshot, behind which the isolation that was begun with cannot be changed.
    const reset = snapshot === true ? resetStatements.slice(1) : resetStatements;
    return [...reset, drop(enterTexts[mode].other, [seal, role])];
  }

  /** What was undone may have been rolled back. */
  #forgetCleaning(): void {
    this.#cleanFor = null;
    this.#residue = "possible";
  }

  async #send(
    statements: readonly Statement[],
    scope: TransactionScope | null,
  ): Promise<Record<string, unknown>[]> {
    const batch = new Batch(statements, this.#names);
    if (statements.includes(resetLast)) this.#residue = "none";
    if (statements.some(({ residue }) => residue !== "none")) this.#residue = "possible";
    this.#client.query(batch);
    try {
      const rows = await batch.done;
      if (scope !== null) this.#cleanFor = scope.seal;
      return rows;
    } catch (error) {
      this.#forgetCleaning();
      // Only a plain refusal leaves a session that one can reason about.
      if (!isSqlError(error) || error.severity !== "ERROR" || brokenSession.has(error.code)) this.destroy();
      throw error;
    }
  }
}

/** A prepared statement vanished or exists already, or the protocol was broken: not ours any more. */
const brokenSession: ReadonlySet<string> = new Set(["26000", "42P05", "08P01", "34000"]);

import { createRequire } from "node:module";
import { assert } from "@tenantry/base";
import pg from "pg";
import { isSqlError } from "../database/sql-error.ts";
import type { SessionResidue } from "./session-residue.ts";
import { WireMessages } from "./wire-messages.ts";

/** One statement of a batch. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
  /** Whether the caller wants what it returns. */
  readonly rows: "keep" | "drop";
  /** What the session may keep of it after its transaction; "possible" where not given. */
  readonly residue?: SessionResidue;
}

/** What pg's connection offers to something that speaks the protocol itself; its type package lags behind. */
interface WireConnection {
  readonly stream: { readonly writable: boolean; write(bytes: Uint8Array): boolean };
  sendCopyFail(message: string): void;
}

interface Field {
  readonly name: string;
  readonly dataTypeID: number;
}

interface Column {
  readonly name: string;
  readonly parse: (text: string) => unknown;
}

/** One statement on one connection. */
export interface PreparedStatement {
  /** Empty where statements get no names. */
  readonly name: string;
  /** Whether it was parsed under its name. */
  isSent: boolean;
  /**
   * What its rows hold, once the server has said so. It need not be asked again: a statement whose columns would change
   * fails ("cached plan must not change result type") and is prepared anew.
   */
  columns: readonly Column[] | null;
}

/** How node-postgres writes a value; the package exports the module but no type for it. */
const { prepareValue } = createRequire(import.meta.url)("pg/lib/utils.js") as {
  prepareValue: (value: unknown) => string | Uint8Array | null;
};

/** The names under which a connection has prepared its statements; see StatementNames. */
export interface PreparedNames {
  prepared(text: string): PreparedStatement;
  /** Names to close before the next batch. */
  takeClosed(): readonly string[];
  /** The batch failed: whatever it parsed may or may not exist. */
  forget(texts: readonly string[]): void;
}

/**
 * Several statements in one network round trip.
 *
 * node-postgres sends a Sync after each query, and each Sync ends the implicit transaction. A
 * batch sends Parse, Bind and Execute for every statement and a single Sync at the end, so the
 * server runs all of them in one implicit transaction: a setting made for the transaction by the
 * first is in force for the last, and all of it commits or none. The promise settles when the
 * server is ready again or has refused; only the rows of statements marked "keep" are returned,
 * in order.
 */
export class Batch {
  readonly done: Promise<Record<string, unknown>[]>;
  readonly #statements: readonly Statement[];
  readonly #names: PreparedNames;
  readonly #rows: Record<string, unknown>[] = [];
  #current = 0;
  readonly #prepared: PreparedStatement[] = [];
  #failure: unknown;
  #resolve!: (rows: Record<string, unknown>[]) => void;
  #reject!: (error: unknown) => void;

  constructor(statements: readonly Statement[], names: PreparedNames) {
    this.#statements = statements;
    this.#names = names;
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  submit(connection: unknown): void {
    const { stream } = connection as WireConnection;
    const messages = new WireMessages();
    for (const name of this.#names.takeClosed()) messages.closeStatement(name);
    try {
      for (const { text, values, rows } of this.#statements) {
        const written = values.map(prepareValue);
        const statement = this.#names.prepared(text);
        this.#prepared.push(statement);
        if (!statement.isSent) messages.parse(statement.name, text);
        statement.isSent = true;
        messages.bind(statement.name, written);
        if (rows === "keep" && statement.columns === null) messages.describePortal();
        messages.execute();
      }
    } catch (error) {
      // A value that cannot be sent; what was written before it is ended by the Sync.
      this.#failure = error;
    }
    messages.sync();
    if (stream.writable) stream.write(messages.take());
  }

  handleRowDescription({ fields }: { readonly fields: readonly Field[] }): void {
    const statement = this.#prepared[this.#current];
    assert(statement !== undefined, "columns of a statement that was not sent");
    statement.columns = fields.map(({ name, dataTypeID }) => ({
      name,
      parse: pg.types.getTypeParser(dataTypeID, "text") as (text: string) => unknown,
    }));
  }

  handleDataRow({ fields: values }: { readonly fields: readonly (string | null)[] }): void {
    if (this.#statements[this.#current]?.rows !== "keep") return;
    const columns = this.#prepared[this.#current]?.columns;
    assert(columns !== null && columns !== undefined, "a row came before its columns");
    const row: Record<string, unknown> = {};
    for (let index = 0; index < columns.length; index += 1) {
      const column = columns[index] as Column;
      const value = values[index];
      row[column.name] = value === null || value === undefined ? null : column.parse(value);
    }
    this.#rows.push(row);
  }

  handleCommandComplete(): void {
    this.#current += 1;
  }

  handleEmptyQuery(): void {
    this.#current += 1;
  }

  handlePortalSuspended(): void {
    this.#failure ??= new Error("a portal was suspended although all rows were asked for");
  }

  handleCopyInResponse(connection: WireConnection): void {
    connection.sendCopyFail("COPY does not pass through the store");
  }

  handleCopyData(): void {
    this.#failure ??= new Error("COPY does not pass through the store");
  }

  /** The server refused, or the connection broke. The client itself waits until the server is ready again. */
  handleError(error: unknown): void {
    if (isSqlError(error)) {
      this.#names.forget(this.#statements.slice(this.#current).map(({ text }) => text));
    }
    this.#reject(this.#failure ?? error);
  }

  handleReadyForQuery(): void {
    if (this.#failure === undefined) this.#resolve(this.#rows);
    else this.#reject(this.#failure);
  }
}

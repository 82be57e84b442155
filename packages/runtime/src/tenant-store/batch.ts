import { createRequire } from "node:module";
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

interface ParsedField {
  readonly name: string;
  readonly parse: (text: string) => unknown;
}

/** How node-postgres writes a value; the package exports the module but no type for it. */
const { prepareValue } = createRequire(import.meta.url)("pg/lib/utils.js") as {
  prepareValue: (value: unknown) => string | Uint8Array | null;
};

/** The names under which a connection has prepared its statements; see StatementNames. */
export interface PreparedNames {
  /** The name to bind, and whether it must be parsed first. */
  nameOf(text: string): { readonly name: string; readonly isNew: boolean };
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
  #fields: readonly ParsedField[] = [];
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
        const prepared = values.map(prepareValue);
        const { name, isNew } = this.#names.nameOf(text);
        if (isNew) messages.parse(name, text);
        messages.bind(name, prepared);
        if (rows === "keep") messages.describePortal();
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
    this.#fields = fields.map(({ name, dataTypeID }) => ({
      name,
      parse: pg.types.getTypeParser(dataTypeID, "text") as (text: string) => unknown,
    }));
  }

  handleDataRow({ fields: values }: { readonly fields: readonly (string | null)[] }): void {
    if (this.#statements[this.#current]?.rows !== "keep") return;
    const row: Record<string, unknown> = {};
    for (let index = 0; index < this.#fields.length; index += 1) {
      const field = this.#fields[index] as ParsedField;
      const value = values[index];
      row[field.name] = value === null || value === undefined ? null : field.parse(value);
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

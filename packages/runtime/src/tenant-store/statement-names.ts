import type { Random } from "@tenantry/base";
import type { PreparedNames, PreparedStatement } from "./batch.ts";

/**
 * Names of the statements that one connection has prepared, at most `limit`, the least recently
 * used closed first.
 *
 * A session's prepared statements are shared by all tenants that use the connection. If someone
 * could replace one under its name, the next tenant would run it. So names begin with 128 random
 * bits, and the database lets no role of the application list them. Where it would, the store
 * passes a limit of 0 and nothing is prepared under a name.
 */
export class StatementNames implements PreparedNames {
  readonly #prefix: string;
  readonly #limit: number;
  /** By text; a Map keeps the order of insertion, so the first key is the oldest. */
  readonly #names = new Map<string, PreparedStatement>();
  #closed: string[] = [];
  #count = 0;

  constructor(random: Random, limit: number) {
    this.#prefix = Buffer.from(random.bytes(16)).toString("hex");
    this.#limit = limit;
  }

  prepared(text: string): PreparedStatement {
    if (this.#limit === 0) return { name: "", isSent: false, columns: null };
    const known = this.#names.get(text);
    if (known !== undefined) {
      this.#names.delete(text);
      this.#names.set(text, known);
      return known;
    }
    if (this.#names.size >= this.#limit) this.#closeOldest();
    this.#count += 1;
    const statement = { name: `${this.#prefix}_${this.#count}`, isSent: false, columns: null };
    this.#names.set(text, statement);
    return statement;
  }

  takeClosed(): readonly string[] {
    if (this.#closed.length === 0) return this.#closed;
    const closed = this.#closed;
    this.#closed = [];
    return closed;
  }

  forget(texts: readonly string[]): void {
    for (const text of texts) {
      const statement = this.#names.get(text);
      if (statement === undefined) continue;
      this.#names.delete(text);
      // Closing a name that does not exist is no error, so nobody needs to know whether it does.
      this.#closed.push(statement.name);
    }
  }

  #closeOldest(): void {
    for (const [text, { name }] of this.#names) {
      this.#names.delete(text);
      this.#closed.push(name);
      return;
    }
  }
}

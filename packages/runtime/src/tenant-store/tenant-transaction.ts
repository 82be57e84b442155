import type { Compilable } from "kysely";
import { errors } from "../errors.ts";
import type { Execute } from "./tenant-store.ts";
import type { TenantConnection, TransactionScope } from "./tenant-connection.ts";
import { compileStatement } from "./tenant-queries.ts";

export interface TenantTransactionOptions {
  readonly tenant: string;
  readonly scope: TransactionScope;
  readonly acquire: () => Promise<TenantConnection>;
}

/**
 * The transaction behind `execute`.
 *
 * idle ── first execute ──▶ begun ── the function returns ──▶ committed
 *                             └──── it throws, a query failed, it is given up ──▶ rolled back
 *
 * No connection is taken before the first query, which travels with BEGIN. A query that fails
 * fails the transaction, even if the function catches its error: PostgreSQL would answer COMMIT
 * by rolling back without an error, and the caller would believe that its rows were kept.
 */
export class TenantTransaction {
  readonly #options: TenantTransactionOptions;
  #connection: Promise<TenantConnection> | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #failure: { readonly error: unknown } | null = null;
  #state: "open" | "ended" = "open";

  constructor(options: TenantTransactionOptions) {
    this.#options = options;
  }

  readonly execute: Execute = async <Row>(query: Compilable<Row>): Promise<Row[]> => {
    const { tenant, scope } = this.#options;
    if (this.#state === "ended") throw errors.RUNTIME_STORE_ENDED({ tenant });
    const statement = compileStatement(query, scope.mode, tenant);
    const turn = this.#last.then(async () => {
      if (this.#failure !== null) throw this.#failure.error;
      if (this.#state === "ended") throw errors.RUNTIME_STORE_ENDED({ tenant });
      if (this.#connection !== null) return (await this.#connection).continue(statement);
      this.#connection = this.#options.acquire();
      return (await this.#connection).begin(scope, statement);
    });
    // Queries of one transaction run one after the other, also when the function does not await them.
    this.#last = turn.then(
      () => undefined,
      (error: unknown) => {
        this.#failure ??= { error };
      },
    );
    return (await turn) as Row[];
  };

  /** The function has returned: keeps what it did, or throws why it could not be kept. */
  async commit(): Promise<void> {
    this.#state = "ended";
    await this.#last;
    if (this.#failure !== null) {
      const { error } = this.#failure;
      await this.rollback();
      throw error;
    }
    if (this.#connection !== null) await (await this.#connection).end("commit");
  }

  /** Undoes everything; leaves the session clean or destroyed. */
  async rollback(): Promise<void> {
    this.#state = "ended";
    await this.#last;
    const connection = await this.#connection?.catch(() => null);
    if (connection?.isUsable !== true) return;
    await connection.end("rollback").catch(() => connection.destroy());
  }

  /** Gives up at once: the server is told to stop and the session is thrown away. */
  abandon(): void {
    this.#state = "ended";
    this.#connection?.then(
      (connection) => connection.abort(),
      () => undefined,
    );
  }
}

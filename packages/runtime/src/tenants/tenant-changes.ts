import type { Clock, Random } from "@tenantry/base";
import type pg from "pg";
import { connect, type DatabaseCredentials, type DatabaseServer } from "../database/database-server.ts";
import { identifier } from "../database/sql-text.ts";

export interface TenantChangesOptions {
  readonly server: DatabaseServer;
  readonly credentials: DatabaseCredentials;
  readonly database: string;
  readonly clock: Clock;
  readonly random: Random;
  /** What is listened to: tenants, unless said. */
  readonly channel?: string;
  /** Some tenant changed; the token is its keyed hash. */
  readonly onChange: (token: string) => void;
  /** From now on changes go unnoticed, or are noticed again. */
  readonly onListening: (isListening: boolean) => void;
}

const retryMsMin = 100;
const retryMsMax = 5_000;
/** A silent connection may be dead; a question now and then finds out. */
const heartbeatMs = 10_000;

/**
 * Hears of changed tenants through LISTEN.
 *
 * connecting ── LISTEN answered ──▶ listening ── connection lost ──▶ waiting ── delay over ──▶ connecting
 *
 * Only in `listening` may a cache be believed, and only for what it read since then.
 */
export class TenantChanges implements AsyncDisposable {
  readonly #options: TenantChangesOptions;
  readonly #closing = new AbortController();
  readonly #ended: Promise<void>;

  private constructor(options: TenantChangesOptions, client: pg.Client) {
    this.#options = options;
    this.#ended = this.#keepListening(client);
  }

  /** Resolves when the first connection listens. */
  static async open(options: TenantChangesOptions): Promise<TenantChanges> {
    const client = await listen(options);
    return new TenantChanges(options, client);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new Error("closed"));
    await this.#ended;
  }

  async #keepListening(first: pg.Client): Promise<void> {
    const { signal } = this.#closing;
    let client: pg.Client | null = first;
    let failures = 0;
    while (!signal.aborted) {
      if (client === null) {
        client = await listen(this.#options).catch(() => null);
        if (client === null) {
          failures += 1;
          await this.#pause(failures);
          continue;
        }
      }
      failures = 0;
      this.#options.onListening(true);
      await untilLost(client, this.#options.clock, signal);
      this.#options.onListening(false);
      await client.end().catch(() => undefined);
      client = null;
    }
  }

  async #pause(failures: number): Promise<void> {
    const { clock, random } = this.#options;
    const delayMs = Math.min(retryMsMax, retryMsMin * 2 ** failures) * (0.5 + random.unit() / 2);
    await clock.sleep(delayMs, this.#closing.signal).catch(() => undefined);
  }
}

async function listen({
  server,
  credentials,
  database,
  channel = "tenantry_tenants",
  onChange,
}: TenantChangesOptions): Promise<pg.Client> {
  const client = await connect(server, credentials, database);
  client.on("notification", ({ payload }) => onChange(payload ?? ""));
  await client.query(`listen ${identifier(channel)}`);
  return client;
}

/** Resolves when the connection is lost, does not answer, or is no longer wanted. */
async function untilLost(client: pg.Client, clock: Clock, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const end = () => over.abort(new Error("over"));
  client.once("end", end);
  client.once("error", end);
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  try {
    while (!over.signal.aborted) {
      await clock.sleep(heartbeatMs, over.signal);
      const answer = client.query("select 1");
      answer.catch(end);
      await Promise.race([
        answer,
        clock.sleep(heartbeatMs, over.signal).then(() => Promise.reject(new Error("silent"))),
      ]);
    }
  } catch {
    // However it ended, the connection is not to be believed any more.
  } finally {
    end();
    signal.removeEventListener("abort", end);
  }
}

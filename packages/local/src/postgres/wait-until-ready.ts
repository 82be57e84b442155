import { Client, DatabaseError } from "pg";
import type { Clock } from "@tenantry/base";
import { errors } from "../errors.ts";
import type { PostgresEvent } from "../events.ts";
import { superuser } from "./data-folder.ts";

/** What a look at a server that is starting can give. */
type Look =
  | { readonly kind: "ready" }
  | { readonly kind: "foreign" }
  | { readonly kind: "not-yet"; readonly error: unknown };

/**
 * Resolves when the server answers a query of ours, which a line in its log does not promise.
 * Crash recovery after a long run may take minutes; as long as the process lives it is at work.
 */
export async function waitUntilReady(
  server: {
    readonly port: number;
    readonly password: string;
    readonly passwordFile: string;
    /** What the server's `tenantry.owner` must be, to know that it is ours that answers. */
    readonly owner: string;
    readonly hasExited: () => boolean;
  },
  clock: Clock,
  onEvent: (event: PostgresEvent) => void,
): Promise<"ready" | "exited"> {
  const startedMs = clock.monotonicMs();
  const limitMs = 300_000;
  let nextReportMs = 3_000;
  let delayMs = 10;
  while (!server.hasExited()) {
    const look = await lookAt(server);
    if (look.kind === "ready") return "ready";
    if (look.kind === "foreign")
      throw errors.LOCAL_PORT_TAKEN({ port: server.port, use: "database", holder: "another PostgreSQL" });
    const elapsedMs = clock.monotonicMs() - startedMs;
    if (elapsedMs > limitMs) throw look.error;
    if (elapsedMs > nextReportMs) {
      onEvent({ kind: "postgres-recovering", elapsedMs });
      nextReportMs += 3_000;
    }
    await clock.sleep(delayMs);
    delayMs = Math.min(delayMs * 1.5, 200);
  }
  return "exited";
}

async function lookAt(server: {
  readonly port: number;
  readonly password: string;
  readonly passwordFile: string;
  readonly owner: string;
}): Promise<Look> {
  const { port, password } = server;
  const connection = { host: "127.0.0.1", port, user: superuser, password, database: "postgres" };
  const client = new Client({ ...connection, connectionTimeoutMillis: 5_000, query_timeout: 5_000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ owner: string | null }>(
      "select current_setting('tenantry.owner', true) as owner",
    );
    return rows[0]?.owner === server.owner ? { kind: "ready" } : { kind: "foreign" };
  } catch (error) {
    if (error instanceof DatabaseError && error.code === "28P01") {
      throw errors.LOCAL_POSTGRES_PASSWORD({ file: server.passwordFile }, error);
    }
    return { kind: "not-yet", error };
  } finally {
    await client.end().catch(() => undefined);
  }
}

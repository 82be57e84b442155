import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock, systemRandom } from "@tenantry/base";
import type { TestProject } from "vitest/node";
// The file and not the package: a runtime that does not compile must not keep its own tests from running.
import { startPostgres } from "../packages/local/src/postgres/start-postgres.ts";

/** A real PostgreSQL for the tests of a run; `user` is a superuser. */
export interface DatabaseServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

declare module "vitest" {
  interface ProvidedContext {
    databaseServer: DatabaseServer;
  }
}

/** Gives the tests a server of their own, or the one in DATABASE_URL. Returns what removes it again. */
export default async function setUpDatabaseServer(project: TestProject): Promise<() => Promise<void>> {
  const url = process.env["DATABASE_URL"];
  if (url) {
    project.provide("databaseServer", parseDatabaseUrl(url));
    return async () => undefined;
  }
  const dataDir = await mkdtemp(join(tmpdir(), "tenantry-test-"));
  // As root, PostgreSQL is another user, who has to get in here.
  await chmod(dataDir, 0o711);
  const removeData = () => rm(dataDir, { recursive: true, force: true });
  try {
    const ports = { clock: systemClock, random: systemRandom, onEvent: () => undefined };
    const server = await startPostgres({ dataDir, durability: "fast" }, ports);
    const { host, port, user, password } = server;
    project.provide("databaseServer", { host, port, user, password });
    return async () => {
      await server.stop("immediate");
      await removeData();
    };
  } catch (error) {
    await removeData();
    throw error;
  }
}

function parseDatabaseUrl(text: string): DatabaseServer {
  const { hostname, port, username, password } = new URL(text);
  return {
    host: hostname.replace(/^\[|\]$/g, ""),
    port: Number(port || 5432),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
  };
}

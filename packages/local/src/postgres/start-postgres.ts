import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Clock, Random } from "@tenantry/base";
import { errors } from "../errors.ts";
import type { PostgresEvent } from "../events.ts";
import { findFreePort, probePort } from "../process/ports.ts";
import { identifyThisProcess } from "../process/process-identity.ts";
import { findPostgresBinaries } from "./binaries.ts";
import { type DataFolder, locateDataFolder, openDataFolder, prepareCluster } from "./data-folder.ts";
import { clearEarlierRun } from "./earlier-run.ts";
import { PostgresSupervisor } from "./postgres-supervisor.ts";
import { chooseServerUser } from "./server-user.ts";

export interface PostgresOptions {
  /** Ours alone; made if it is not there. What lies in it is described in data-folder.ts. */
  readonly dataDir: string;
  /** On 127.0.0.1. Without one: the port of the last run if it is free, else any. */
  readonly port?: number;
  /** `fast` loses data when the machine stops: for tests only. */
  readonly durability: "full" | "fast";
  /** Settings of postgresql.conf, over those for local use. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Where programs and data go which the server's user cannot reach where they are. */
  readonly sharedDir?: string;
}

export interface PostgresPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly onEvent: (event: PostgresEvent) => void;
}

/** A PostgreSQL that listens on this machine only, kept running until it is stopped. */
export interface PostgresServer extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** A superuser. */
  readonly user: string;
  readonly password: string;
  /** Of the process that runs now: a restart changes it. */
  readonly pid: number;
  /** `fast` ends sessions and writes a checkpoint; `immediate` leaves that to the next start. */
  stop(mode?: "fast" | "immediate"): Promise<void>;
}

/**
 * Starts PostgreSQL on a data folder, which is created on first use, and recovers whatever an
 * earlier run left behind. Throws coded errors only for what a person has to change.
 */
export async function startPostgres(options: PostgresOptions, ports: PostgresPorts): Promise<PostgresServer> {
  const sharedDir = options.sharedDir ?? "/var/lib/tenantry";
  const dataDir = resolve(options.dataDir);
  const user = await chooseServerUser((await locateDataFolder(dataDir)).clusterDir);
  const binaries = await findPostgresBinaries(user, sharedDir);
  const folder = await openDataFolder(dataDir, { user, sharedDir }, ports.onEvent);
  const password = await prepareCluster(folder, { binaries, user, durability: options.durability }, ports);
  await clearEarlierRun(folder, ports.clock, ports.onEvent);
  const owner = await identifyThisProcess();
  const settings = options.settings ?? {};
  const postmaster = { binaries, folder, user, owner, durability: options.durability, settings };
  const supervisor = new PostgresSupervisor(postmaster, password, ports);
  if (options.port === undefined) await startOnAnyPort(supervisor, folder);
  else await startOnPort(supervisor, options.port);
  await writeFile(folder.portFile, `${supervisor.port}\n`);
  return supervisor;
}

async function startOnPort(supervisor: PostgresSupervisor, port: number): Promise<void> {
  const probe = await probePort(port, "127.0.0.1");
  if (probe === "forbidden") throw errors.LOCAL_PORT_FORBIDDEN({ port, use: "database" });
  if (probe === "taken") throw errors.LOCAL_PORT_TAKEN({ port, use: "database", holder: null });
  if ((await supervisor.start(port)) === "port-taken") {
    throw errors.LOCAL_PORT_TAKEN({ port, use: "database", holder: null });
  }
}

async function startOnAnyPort(supervisor: PostgresSupervisor, folder: DataFolder): Promise<void> {
  const remembered = Number(await readFile(folder.portFile, "utf8").catch(() => ""));
  let port = remembered;
  if (!(remembered > 0 && (await probePort(remembered, "127.0.0.1")) === "free"))
    port = await findFreePort("127.0.0.1");
  // Between the look and the start another program may take the port.
  for (let attempt = 1; (await supervisor.start(port)) === "port-taken"; attempt += 1) {
    if (attempt === 5) throw errors.LOCAL_PORT_TAKEN({ port, use: "database", holder: null });
    port = await findFreePort("127.0.0.1");
  }
}

import { readFile, rm } from "node:fs/promises";
import { stableJson, type Clock } from "@tenantry/base";
import { isRunning, type ProcessIdentity } from "../process/process-identity.ts";
import { writePrivateFile } from "../engine/private-file.ts";
import { signalGroup } from "./service-process.ts";

/**
 * The processes of the services, written down so that the next start finds those that a crash of
 * ours left behind. Only a process that began when the record says is ended: its pid may be
 * another program's by now.
 */
export class ServiceRecords {
  readonly #file: string;
  readonly #running = new Map<string, ProcessIdentity>();
  #writing: Promise<void> = Promise.resolve();

  constructor(file: string) {
    this.#file = file;
  }

  set(service: string, identity: ProcessIdentity): Promise<void> {
    this.#running.set(service, identity);
    return this.#write();
  }

  delete(service: string): Promise<void> {
    this.#running.delete(service);
    return this.#write();
  }

  #write(): Promise<void> {
    const write = () =>
      this.#running.size === 0
        ? rm(this.#file, { force: true })
        : writePrivateFile(this.#file, stableJson(Object.fromEntries(this.#running)));
    this.#writing = this.#writing.then(write, write);
    return this.#writing;
  }
}

/** Ends what an earlier run left running. Gives the services that were found. */
export async function endRecordedServices(file: string, clock: Clock): Promise<readonly string[]> {
  const records = await readRecords(file);
  const found: string[] = [];
  for (const [service, identity] of records) {
    if (!(await isRunning(identity))) continue;
    found.push(service);
    signalGroup(identity.pid, "SIGTERM");
    for (let waitedMs = 0; (await isRunning(identity)) && waitedMs < 5_000; waitedMs += 50)
      await clock.sleep(50);
    signalGroup(identity.pid, "SIGKILL");
  }
  await rm(file, { force: true });
  return found;
}

async function readRecords(file: string): Promise<readonly (readonly [string, ProcessIdentity])[]> {
  const text = await readFile(file, "utf8").catch(() => "{}");
  try {
    const records = Object.entries(JSON.parse(text) as Record<string, Partial<ProcessIdentity>>);
    return records.flatMap(([service, { pid, startedAt }]) =>
      typeof pid === "number" && pid > 1 && typeof startedAt === "string"
        ? [[service, { pid, startedAt }] as const]
        : [],
    );
  } catch {
    // Half a file: the machine stopped while it was written, and with it whatever it named.
    return [];
  }
}

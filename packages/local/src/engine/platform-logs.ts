import { join } from "node:path";
import type { Clock } from "@tenantry/base";
import { createJsonLog, LineBuffer, type LogEntry } from "@tenantry/runtime";
import type { LocalEvent } from "../events.ts";
import { RotatingFile } from "./rotating-file.ts";

const bytesMax = 10 * 1024 * 1024;
const filesMax = 5;
/** How many characters of a service's output wait at most for the disk. */
const waitingMax = 1_000_000;

/**
 * What a platform on this machine says, in files of its data folder: `logs/runtime.jsonl`, and
 * `logs/<service>.log` for each of the definition's own services. A disk that is full loses lines,
 * and nothing else.
 */
export class PlatformLogs implements AsyncDisposable {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #files: RotatingFile[] = [];
  readonly #services = new Map<string, LineBuffer>();
  readonly #runtime: ReturnType<typeof createJsonLog>;

  constructor(folder: string, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
    this.#runtime = createJsonLog({ destination: this.#open("runtime.jsonl"), clock });
  }

  /** Writes down what comes through these ports, and passes it on. */
  watch<Ports extends { onEvent: (event: LocalEvent) => void; log: (entry: LogEntry) => void }>(
    ports: Ports,
  ): Ports {
    return {
      ...ports,
      onEvent: (event: LocalEvent) => {
        if (event.kind === "service-output") this.#serviceOf(event.service).write(`${event.line}\n`);
        ports.onEvent(event);
      },
      log: (entry: LogEntry) => {
        this.#runtime.log(entry);
        ports.log(entry);
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#runtime.flush(), ...[...this.#services.values()].map((one) => one.flush())]);
    await Promise.all(this.#files.map((file) => file[Symbol.asyncDispose]()));
  }

  #serviceOf(name: string): LineBuffer {
    let buffer = this.#services.get(name);
    if (buffer === undefined) {
      buffer = new LineBuffer({
        clock: this.#clock,
        destination: this.#open(`${name}.log`),
        charactersMax: waitingMax,
        describeDropped: (lines) => `(${lines} lines were dropped because the log could not take them)\n`,
      });
      this.#services.set(name, buffer);
    }
    return buffer;
  }

  #open(name: string): RotatingFile {
    const file = new RotatingFile({ path: join(this.#folder, name), bytesMax, filesMax });
    this.#files.push(file);
    return file;
  }
}

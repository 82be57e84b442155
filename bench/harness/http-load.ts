import { type ChildProcess, fork } from "node:child_process";
import net from "node:net";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { systemClock } from "@tenantry/base";

/** What one load does: the same request again and again, over so many connections. */
export interface HttpLoad {
  readonly port: number;
  /** The whole request; of several, each connection sends one after the other. */
  readonly request: string | readonly string[];
  /** Each sends its next request when it has its answer; with a rate, those that are free send. */
  readonly connections: number;
  readonly durationMs: number;
  /** What comes before the load begins in earnest is not counted: connections are made, and lines fill. */
  readonly warmUpMs?: number;
  /** So many requests are sent in a second, answered or not, as long as a connection is free. */
  readonly perSecond?: number;
}

export interface HttpLoadResult {
  readonly requests: number;
  /** How often each status was answered. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly latenciesMs: readonly number[];
  /** Requests that were due while no connection was free. */
  readonly unsent: number;
  /** How late the loader itself was at most, as far as one can blame it for a latency. */
  readonly loaderLagMsP99: number;
}

/** Runs loads in a process of its own, so that it does not take the server's time. */
export class HttpLoader implements Disposable {
  readonly #child: ChildProcess = fork(import.meta.filename, ["loader"]);

  run(loads: readonly HttpLoad[]): Promise<readonly HttpLoadResult[]> {
    return new Promise((resolve, reject) => {
      const onExit = () => reject(new Error("the load process has ended"));
      this.#child.once("exit", onExit);
      this.#child.once("message", (results) => {
        this.#child.off("exit", onExit);
        resolve(results as HttpLoadResult[]);
      });
      this.#child.send(loads);
    });
  }

  [Symbol.dispose](): void {
    this.#child.kill();
  }
}

async function runLoad(load: HttpLoad): Promise<Omit<HttpLoadResult, "loaderLagMsP99">> {
  const { port, request, connections, durationMs, perSecond, warmUpMs = 0 } = load;
  const requests = [request].flat().map((text) => Buffer.from(text, "latin1"));
  const latenciesMs: number[] = [];
  const statuses: Record<string, number> = {};
  const free = new Set<Connection>();
  const open = new Set<Connection>();
  const beginMs = systemClock.monotonicMs() + warmUpMs;
  const endMs = beginMs + durationMs;
  let turn = 0;
  const send = (connection: Connection) => {
    free.delete(connection);
    turn += 1;
    connection.send(requests[turn % requests.length] as Buffer);
  };
  const connect = () => {
    const connection = new Connection(port, {
      ready: () => (perSecond === undefined ? send(connection) : free.add(connection)),
      answered: (status, latencyMs) => {
        if (systemClock.monotonicMs() >= beginMs) {
          statuses[status] = (statuses[status] ?? 0) + 1;
          latenciesMs.push(latencyMs);
        }
        if (perSecond === undefined && systemClock.monotonicMs() < endMs) send(connection);
        else free.add(connection);
      },
      closed: () => {
        free.delete(connection);
        open.delete(connection);
        if (systemClock.monotonicMs() < endMs) connect();
      },
    });
    open.add(connection);
  };
  for (let count = 0; count < connections; count += 1) connect();
  let unsent = 0;
  let [due, sent] = [0, 0];
  while (systemClock.monotonicMs() < endMs) {
    await systemClock.sleep(5);
    if (perSecond === undefined) continue;
    due = ((systemClock.monotonicMs() - beginMs + warmUpMs) * perSecond) / 1_000;
    for (; sent < due; sent += 1) {
      const [connection] = free;
      if (connection === undefined) unsent += systemClock.monotonicMs() < beginMs ? 0 : 1;
      else send(connection);
    }
  }
  // What is still under way is not waited for: with a rate it may have been held back on purpose.
  const lastMs = systemClock.monotonicMs() + (perSecond === undefined ? 10_000 : 0);
  while (free.size < open.size && systemClock.monotonicMs() < lastMs) await systemClock.sleep(5);
  for (const connection of open) connection.close();
  return { requests: latenciesMs.length, statuses, latenciesMs, unsent };
}

interface ConnectionEvents {
  readonly ready: () => void;
  readonly answered: (status: string, latencyMs: number) => void;
  readonly closed: () => void;
}

/** One connection that sends a request and reads its answer, again and again. */
class Connection {
  readonly #socket: net.Socket;
  #sentMs = 0;
  #text = "";

  constructor(port: number, { ready, answered, closed }: ConnectionEvents) {
    this.#socket = net.connect({ port, host: "127.0.0.1", noDelay: true });
    this.#socket.on("connect", ready);
    this.#socket.on("error", () => undefined);
    this.#socket.on("close", closed);
    this.#socket.on("data", (chunk: Buffer) => {
      this.#text += chunk.toString("latin1");
      const headEnd = this.#text.indexOf("\r\n\r\n");
      if (headEnd < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(this.#text.slice(0, headEnd))?.[1] ?? 0);
      if (this.#text.length < headEnd + 4 + length) return;
      const status = this.#text.slice(9, 12);
      this.#text = "";
      answered(status, systemClock.monotonicMs() - this.#sentMs);
    });
  }

  send(bytes: Buffer): void {
    this.#sentMs = systemClock.monotonicMs();
    this.#socket.write(bytes);
  }

  close(): void {
    this.#socket.removeAllListeners("close");
    this.#socket.destroy();
  }
}

if (process.argv[2] === "loader") {
  process.on("message", (loads: readonly HttpLoad[]) => {
    const lag = monitorEventLoopDelay({ resolution: 1 });
    lag.enable();
    void Promise.all(loads.map(runLoad)).then((results) => {
      const loaderLagMsP99 = lag.percentile(99) / 1e6;
      process.send?.(results.map((result) => ({ ...result, loaderLagMsP99 })));
    });
  });
}

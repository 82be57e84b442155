import { type ChildProcess, fork } from "node:child_process";
import net from "node:net";
import { systemClock } from "@tenantry/base";

/** What one load does: the same request again and again, over so many connections. */
export interface HttpLoad {
  readonly port: number;
  /** Everything up to and including the empty line. */
  readonly request: string;
  readonly connections: number;
  readonly durationMs: number;
}

export interface HttpLoadResult {
  readonly requests: number;
  /** How often each status was answered. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly latenciesMs: readonly number[];
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

async function runLoad({ port, request, connections, durationMs }: HttpLoad): Promise<HttpLoadResult> {
  const bytes = Buffer.from(request, "latin1");
  const latenciesMs: number[] = [];
  const statuses: Record<string, number> = {};
  const endMs = systemClock.monotonicMs() + durationMs;
  await Promise.all(
    Array.from(
      { length: connections },
      () =>
        new Promise<void>((resolve, reject) => {
          const socket = net.connect({ port, host: "127.0.0.1", noDelay: true });
          let sentMs = 0;
          let text = "";
          const send = () => {
            sentMs = systemClock.monotonicMs();
            if (sentMs < endMs) socket.write(bytes);
            else socket.end(resolve);
          };
          socket.on("connect", send);
          socket.on("error", reject);
          socket.on("data", (chunk: Buffer) => {
            text += chunk.toString("latin1");
            const headEnd = text.indexOf("\r\n\r\n");
            if (headEnd < 0) return;
            const length = Number(/content-length: (\d+)/i.exec(text.slice(0, headEnd))?.[1] ?? 0);
            if (text.length < headEnd + 4 + length) return;
            const status = text.slice(9, 12);
            statuses[status] = (statuses[status] ?? 0) + 1;
            latenciesMs.push(systemClock.monotonicMs() - sentMs);
            text = "";
            send();
          });
        }),
    ),
  );
  return { requests: latenciesMs.length, statuses, latenciesMs };
}

if (process.argv[2] === "loader") {
  process.on("message", (loads: readonly HttpLoad[]) => {
    void Promise.all(loads.map(runLoad)).then((results) => process.send?.(results));
  });
}

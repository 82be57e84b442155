import { assert, type CodedError, isCodedError } from "@tenantry/base";
import { errors } from "../errors.ts";
import { diskFull, superuser } from "./data-folder.ts";
import { clearEarlierRun, ownerTag } from "./earlier-run.ts";
import { launchPostmaster, type Postmaster, type PostmasterOptions, truncateLongLog } from "./postmaster.ts";
import type { PostgresPorts, PostgresServer } from "./start-postgres.ts";
import { waitUntilReady } from "./wait-until-ready.ts";

const restartsMax = 5;
const restartDelayMsMin = 100;
const restartDelayMsMax = 5_000;
/** Who ran that long is taken for healthy: the next exit counts as the first. */
const stableMs = 60_000;

/**
 * Keeps one server running.
 *
 *     new ──start──▶ running ──exit──▶ waiting ──delay──▶ starting ──ready──▶ running
 *                       │                 ▲                  │
 *                       │                 └──────exit────────┤ too often
 *                       └──stop──▶ stopped ◀──stop────       └──▶ failed
 *
 * The port stays the same over restarts, because clients have it in their pools.
 */
export class PostgresSupervisor implements PostgresServer {
  readonly host = "127.0.0.1";
  readonly user = superuser;
  readonly password: string;
  readonly #options: PostmasterOptions;
  readonly #ports: PostgresPorts;
  readonly #stopping = new AbortController();
  #postmaster: Postmaster | undefined;
  #watching: Promise<void> = Promise.resolve();

  constructor(options: PostmasterOptions, password: string, ports: PostgresPorts) {
    this.#options = options;
    this.password = password;
    this.#ports = ports;
  }

  get port(): number {
    assert(this.#postmaster, "the server was not started");
    return this.#postmaster.port;
  }

  get pid(): number {
    assert(this.#postmaster, "the server was not started");
    return this.#postmaster.pid;
  }

  /** First start. Whoever gets `port-taken` may call again with another port. */
  async start(port: number): Promise<"ready" | "port-taken"> {
    const outcome = await this.#launch(port);
    if (outcome === "ready") this.#watching = this.#watch();
    return outcome;
  }

  async stop(mode: "fast" | "immediate" = "fast"): Promise<void> {
    this.#stopping.abort(new Error("the server was stopped"));
    await this.#end(mode);
    await this.#watching;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #launch(port: number): Promise<"ready" | "port-taken"> {
    const { clock, onEvent } = this.#ports;
    const { folder, owner } = this.#options;
    const startedMs = clock.monotonicMs();
    // A few seconds for the sessions of a killed server to notice that it is gone.
    for (let attempt = 0; ; attempt += 1) {
      const postmaster = await launchPostmaster(this.#options, port);
      this.#postmaster = postmaster;
      if (this.#stopping.signal.aborted) await this.#end("fast");
      const { password } = this;
      const server = { ...postmaster, password, passwordFile: folder.passwordFile, owner: ownerTag(owner) };
      let state: "ready" | "exited";
      try {
        state = await waitUntilReady(server, clock, onEvent);
      } catch (error) {
        await this.#end("immediate");
        throw isCodedError(error) ? error : this.#failed(String(error), error);
      }
      if (state === "ready") {
        onEvent({
          kind: "postgres-ready",
          pid: postmaster.pid,
          port,
          durationMs: clock.monotonicMs() - startedMs,
        });
        return "ready";
      }
      const log = await postmaster.readLog();
      if (/Address already in use|could not bind/.test(log)) return "port-taken";
      if (!log.includes("pre-existing shared memory block") || attempt >= 50)
        throw await this.#explainExit(log);
      await clock.sleep(100);
    }
  }

  /** Follows the running server until it is stopped or cannot be kept running. */
  async #watch(): Promise<void> {
    const { clock, random, onEvent } = this.#ports;
    const { signal } = this.#stopping;
    for (let failures = 0; ;) {
      const postmaster = this.#postmaster;
      assert(postmaster, "the server was not started");
      const startedMs = clock.monotonicMs();
      const exit = await this.#followUntilExit(postmaster);
      if (signal.aborted) return;
      if (clock.monotonicMs() - startedMs >= stableMs) failures = 0;
      onEvent({ kind: "postgres-exited", pid: postmaster.pid, ...exit });
      let error: CodedError | undefined = await this.#explainExit(await postmaster.readLog());
      while (error) {
        failures += 1;
        if (failures > restartsMax) {
          onEvent({ kind: "postgres-failed", error });
          return;
        }
        const backOffMs = Math.min(restartDelayMsMin * 2 ** (failures - 1), restartDelayMsMax);
        const delayMs = Math.round(backOffMs * (0.5 + random.unit() / 2));
        onEvent({ kind: "postgres-restarting", attempt: failures, delayMs });
        error = await this.#restart(delayMs);
      }
    }
  }

  async #followUntilExit(
    postmaster: Postmaster,
  ): Promise<{ exitCode: number | null; signal: NodeJS.Signals | null }> {
    const ended = new AbortController();
    const exited = postmaster.exited.finally(() => ended.abort(new Error("the server has exited")));
    const { clock } = this.#ports;
    const trim = async () => {
      for (;;) {
        await clock.sleep(60_000, ended.signal);
        await truncateLongLog(this.#options.folder.logFile);
      }
    };
    void trim().catch(() => undefined);
    return await exited;
  }

  /** The error of an attempt that failed; none when the server runs again, or is not wanted any more. */
  async #restart(delayMs: number): Promise<CodedError | undefined> {
    const { clock, onEvent } = this.#ports;
    const { signal } = this.#stopping;
    try {
      await clock.sleep(delayMs, signal);
      await clearEarlierRun(this.#options.folder, clock, onEvent);
      if (signal.aborted) return undefined;
      const port = this.port;
      if ((await this.#launch(port)) === "ready") return undefined;
      return errors.LOCAL_PORT_TAKEN({ port, use: "database", holder: null });
    } catch (error) {
      if (signal.aborted) return undefined;
      return isCodedError(error) ? error : this.#failed(String(error), error);
    }
  }

  /** Ends the process, more firmly with each limit that passes. */
  async #end(mode: "fast" | "immediate"): Promise<void> {
    const postmaster = this.#postmaster;
    if (!postmaster || postmaster.hasExited()) return;
    const steps = [
      ["SIGINT", 10_000],
      ["SIGQUIT", 5_000],
      ["SIGKILL", 5_000],
    ] as const;
    for (const [signal, limitMs] of mode === "fast" ? steps : steps.slice(1)) {
      postmaster.signal(signal);
      const timer = new AbortController();
      const late = this.#ports.clock.sleep(limitMs, timer.signal).then(
        () => true,
        () => false,
      );
      const isLate = await Promise.race([late, postmaster.exited.then(() => false)]);
      timer.abort(new Error("the server has exited"));
      if (!isLate) return;
    }
  }

  #failed(reason: string, cause?: unknown): CodedError {
    return errors.LOCAL_POSTGRES_FAILED({ reason, logFile: this.#options.folder.logFile }, cause);
  }

  async #explainExit(log: string): Promise<CodedError> {
    if (log.includes("No space left on device")) return await diskFull(this.#options.folder.dir, log);
    const lines = log.trim().split("\n");
    const fatal = lines.findLast((line) => /FATAL|PANIC/.test(line)) ?? lines.at(-1) ?? "";
    return this.#failed(fatal.replace(/^.*?(FATAL|PANIC):\s*/, "") || "it ended without a word");
  }
}

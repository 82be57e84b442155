import { type Clock, isCodedError, type Random } from "@tenantry/base";
import { errors } from "../errors.ts";
import type { ServiceEvent } from "../events.ts";
import { errnoInWords, isErrno } from "../process/errno.ts";
import type { HealthProbe } from "./health-probe.ts";
import type { LocalService } from "./local-service.ts";
import { RestartPolicy } from "./restart-policy.ts";
import { type ServiceExit, type ServiceProcess, startServiceProcess } from "./service-process.ts";
import type { ServiceRecords } from "./service-records.ts";

export interface ServicePorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly probe: HealthProbe;
  readonly onEvent: (event: ServiceEvent) => void;
}

export type ServiceStatus = "starting" | "ready" | "unhealthy" | "waiting" | "stopped";

const stopGraceMs = 5_000;
const probeDelayMsMin = 50;
const probeDelayMsMax = 1_000;
const lastLinesMax = 20;

/**
 * Keeps one service running.
 *
 *     starting ──healthy──▶ ready ◀──healthy── unhealthy
 *        │                    └──bad answer──▶     │
 *        │ not in time, or exit                    │ too many bad answers, or exit
 *        └─────────────▶ waiting ◀─────────────────┘
 *                           └──back-off──▶ starting
 *
 * From every state `stop` leads to stopped.
 */
export class ServiceSupervisor implements AsyncDisposable {
  readonly service: LocalService;
  readonly port: number;
  readonly #options: {
    readonly cwd: string;
    readonly env: Readonly<Record<string, string>>;
    readonly records: ServiceRecords;
  };
  readonly #ports: ServicePorts;
  readonly #policy: RestartPolicy;
  readonly #stopping = new AbortController();
  #status: ServiceStatus = "stopped";
  #process: ServiceProcess | undefined;
  #running: Promise<void> = Promise.resolve();
  #lastLines: string[] = [];

  constructor(
    service: LocalService,
    port: number,
    options: {
      readonly cwd: string;
      readonly env: Readonly<Record<string, string>>;
      readonly records: ServiceRecords;
    },
    ports: ServicePorts,
  ) {
    this.service = service;
    this.port = port;
    this.#options = options;
    this.#ports = ports;
    this.#policy = new RestartPolicy(ports.clock, ports.random);
  }

  get status(): ServiceStatus {
    return this.#status;
  }

  /** Starts it and resolves when it is ready or has failed for the first time. Rejects when it cannot be run at all. */
  async start(): Promise<void> {
    const first = await this.#spawn();
    const settled = Promise.withResolvers<void>();
    this.#running = this.#run(first, settled.resolve).finally(settled.resolve);
    await settled.promise;
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error("the service was stopped"));
    await this.#process?.stop(stopGraceMs);
    await this.#running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #run(first: ServiceProcess, onFirstOutcome: () => void): Promise<void> {
    const { clock, onEvent } = this.#ports;
    const { signal } = this.#stopping;
    const { name } = this.service;
    let next: ServiceProcess | undefined = first;
    while (next && !signal.aborted) {
      const { exit, reason } = await this.#follow(next, onFirstOutcome);
      await this.#options.records.delete(name);
      if (signal.aborted) break;
      this.#status = "waiting";
      const { delayMs, exits, becameCrashLoop } = this.#policy.exited();
      onEvent({ kind: "service-exited", service: name, ...exit, reason, restartInMs: delayMs });
      if (becameCrashLoop)
        onEvent({ kind: "service-crash-loop", service: name, exits, lastLines: [...this.#lastLines] });
      onFirstOutcome();
      next = await clock.sleep(delayMs, signal).then(
        () => this.#spawnAgain(),
        () => undefined,
      );
    }
    await this.#options.records.delete(name);
    this.#status = "stopped";
  }

  /** Until the process ends, by itself or because it is not healthy. */
  async #follow(
    running: ServiceProcess,
    onReady: () => void,
  ): Promise<{ readonly exit: ServiceExit; readonly reason: string | null }> {
    const ended = new AbortController();
    let reason: string | null = null;
    const health = this.#watchHealth(ended.signal, onReady).then(
      async (problem) => {
        if (ended.signal.aborted) return;
        reason = problem;
        await running.stop(stopGraceMs);
      },
      () => undefined,
    );
    const exit = await running.exited;
    ended.abort(new Error("the service has ended"));
    await health;
    return { exit, reason };
  }

  /** Resolves with the reason when the service should be started again; rejects when `signal` is aborted. */
  async #watchHealth(signal: AbortSignal, onReady: () => void): Promise<string> {
    const { clock, probe, onEvent } = this.#ports;
    const { name, health } = this.service;
    const startedMs = clock.monotonicMs();
    let bad = 0;
    for (let delayMs = probeDelayMsMin; ;) {
      const problem = await probe(this.port, health);
      signal.throwIfAborted();
      const elapsedMs = clock.monotonicMs() - startedMs;
      if (problem === null) {
        bad = 0;
        if (this.#status !== "ready") {
          onEvent({ kind: "service-ready", service: name, port: this.port, durationMs: elapsedMs });
        }
        this.#status = "ready";
        onReady();
        delayMs = health.intervalMs;
      } else if (this.#status === "starting") {
        if (elapsedMs > health.graceMs)
          return `it was not healthy within ${health.graceMs / 1_000} s: ${problem}`;
        delayMs = Math.min(delayMs * 1.5, probeDelayMsMax);
      } else {
        bad += 1;
        this.#status = "unhealthy";
        onEvent({ kind: "service-unhealthy", service: name, reason: problem, count: bad });
        if (bad >= health.unhealthyThreshold) return `it was unhealthy ${bad} times in a row: ${problem}`;
      }
      await clock.sleep(delayMs, signal);
    }
  }

  /** A program that has disappeared since is waited for like one that fails. */
  async #spawnAgain(): Promise<ServiceProcess | undefined> {
    const { clock, onEvent } = this.#ports;
    for (;;) {
      try {
        return await this.#spawn();
      } catch (error) {
        if (!isCodedError(error)) throw error;
        const { delayMs } = this.#policy.exited();
        const exit = { exitCode: null, signal: null, reason: error.message };
        onEvent({ kind: "service-exited", service: this.service.name, ...exit, restartInMs: delayMs });
        const isStopped = await clock.sleep(delayMs, this.#stopping.signal).then(
          () => false,
          () => true,
        );
        if (isStopped) return undefined;
      }
    }
  }

  async #spawn(): Promise<ServiceProcess> {
    const { name, command } = this.service;
    const { cwd, env, records } = this.#options;
    this.#status = "starting";
    this.#lastLines = [];
    this.#policy.started();
    const options = { command, cwd, env: { ...env, PORT: String(this.port) } };
    try {
      const started = await startServiceProcess(options, this.#ports.clock, (stream, line) =>
        this.#tell(stream, line),
      );
      this.#process = started;
      await records.set(name, started.identity);
      if (this.#stopping.signal.aborted) await started.stop(stopGraceMs);
      return started;
    } catch (error) {
      if (!isErrno(error, "ENOENT", "EACCES", "ENOEXEC", "ENOTDIR")) throw error;
      throw errors.LOCAL_SERVICE_COMMAND(
        { service: name, command: command[0], cwd, reason: errnoInWords(error) },
        error,
      );
    }
  }

  #tell(stream: "stdout" | "stderr", line: string): void {
    this.#lastLines = [...this.#lastLines.slice(1 - lastLinesMax), line];
    this.#ports.onEvent({ kind: "service-output", service: this.service.name, stream, line });
  }
}

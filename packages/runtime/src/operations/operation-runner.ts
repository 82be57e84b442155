import { assert } from "@tenantry/base";
import type { ControlDatabase } from "../database/control-database.ts";
import { platformSchema } from "../database/database-names.ts";
import { errors } from "../errors.ts";
import { flows } from "./flows/all-flows.ts";
import { hasEnded, type Operation } from "./operation.ts";
import { operationOf, readOperationRow } from "./operation-records.ts";
import { type OnStep, OperationRun, type RunPorts } from "./operation-run.ts";
import type { OperationWatch } from "./operation-watch.ts";
import { StepStopped, type StepTools } from "./step.ts";
import type { OperationsEvent } from "./tenant-operations.ts";
import {
  EngineFailed,
  openWorkflowEngine,
  type WorkflowEngine,
  type WorkflowSteps,
} from "./workflow-engine.ts";

export interface OperationRunnerOptions {
  readonly executor: string;
  readonly control: ControlDatabase;
  readonly watch: OperationWatch;
  readonly tools: StepTools;
  readonly onEvent: (event: OperationsEvent) => void;
  readonly onStep: OnStep;
  readonly stepsAtOnce: number;
}

/** How often it is looked for operations that the engine does not know. */
const sweepMs = 10_000;
/** How long a step that runs may take to its end when the process stops. */
const closeMs = 3_000;

/**
 * Hands operations to the engine and runs them for it.
 *
 * An operation is written down in the platform's database first, and given to the engine, which has a
 * database of its own, afterwards. What a crash leaves between the two is found by the sweep, as is
 * what an engine has given up.
 */
export class OperationRunner implements AsyncDisposable {
  readonly #options: OperationRunnerOptions;
  readonly #closing = new AbortController();
  readonly #turns: Turns;
  #engine: WorkflowEngine | null = null;
  #sweeping: Promise<void> = Promise.resolve();

  private constructor(options: OperationRunnerOptions) {
    this.#options = options;
    this.#turns = new Turns(options.stepsAtOnce);
  }

  static async open(options: OperationRunnerOptions): Promise<OperationRunner> {
    const runner = new OperationRunner(options);
    runner.#engine = await openWorkflowEngine({
      access: options.tools.access,
      executor: options.executor,
      run: (id, steps) => runner.#run(id, steps),
      onWarning: (message) => options.onEvent({ kind: "operations-engine-warning", message }),
    });
    runner.#sweeping = runner.#sweepUntilClosed();
    return runner;
  }

  /** Resolves also where the engine does not answer now: the sweep hands it over later. */
  async start(id: string): Promise<void> {
    await this.#startable()
      .start(id)
      .catch((error: unknown) => this.#warn(error));
  }

  async wake(id: string): Promise<void> {
    await this.#startable()
      .wake(id)
      .catch((error: unknown) => this.#warn(error));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new Error("the operations close"));
    const limit = new AbortController();
    const over = this.#options.tools.clock.sleep(closeMs, limit.signal).catch(() => undefined);
    await Promise.race([over, this.#turns.idle()]);
    limit.abort();
    await this.#sweeping;
    await this.#engine?.[Symbol.asyncDispose]();
  }

  #startable(): WorkflowEngine {
    assert(this.#engine !== null, "the engine is open");
    return this.#engine;
  }

  async #run(id: string, steps: WorkflowSteps): Promise<void> {
    const operation = await this.#read(id);
    if (operation === null || hasEnded(operation)) return;
    const run = new OperationRun(operation, steps, this.#runPorts());
    const flow = flows[operation.kind];
    try {
      await flow.forward(run);
    } catch (error) {
      // Nothing is undone because the engine failed: the sweep lets another run go on.
      if (error instanceof EngineFailed) throw error;
      const stopped = error instanceof StepStopped ? error : this.#unexpected(operation, error);
      run.insist();
      await flow.back?.(run, stopped);
      await run.conclude(stopped);
    }
  }

  /** The flow itself failed: a mistake of ours, which the operation ends with and not the engine. */
  #unexpected(operation: Operation, error: unknown): StepStopped {
    this.#options.onEvent({ kind: "operation-step-failed", operation: operation.id, step: "", error });
    const { code, message } = errors.RUNTIME_STEP_FAILED({
      step: operation.kind,
      reason: "for a reason that is ours",
    });
    return new StepStopped("failed", code, message);
  }

  #runPorts(): RunPorts {
    const { tools, onStep, onEvent } = this.#options;
    return {
      tools,
      onStep,
      onFailure: ({ id }, step, error) =>
        onEvent({ kind: "operation-step-failed", operation: id, step, error }),
      closing: this.#closing.signal,
      takeTurn: () => this.#turns.take(),
    };
  }

  async #read(id: string): Promise<Operation | null> {
    const row = await this.#options.control.transact((client) => readOperationRow(client, id));
    return row === null ? null : operationOf(row);
  }

  async #sweepUntilClosed(): Promise<void> {
    const { clock } = this.#options.tools;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await this.#sweep().catch((error: unknown) => this.#warn(error));
      await clock.sleep(sweepMs, signal).catch(() => undefined);
    }
  }

  async #sweep(): Promise<void> {
    const rows = await this.#options.control.query<{ id: string }>(
      `select id from ${platformSchema}.operations where ended_at is null order by position limit 10000`,
    );
    for (const { id } of rows) {
      if (this.#closing.signal.aborted) return;
      await this.#startable().start(id);
    }
  }

  #warn(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#options.onEvent({ kind: "operations-engine-warning", message });
  }
}

/** A few at a time, in the order in which they came. */
class Turns {
  readonly #max: number;
  readonly #waiting: (() => void)[] = [];
  readonly #idle: (() => void)[] = [];
  #taken = 0;

  constructor(max: number) {
    this.#max = max;
  }

  async take(): Promise<() => void> {
    if (this.#taken >= this.#max) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#taken += 1;
    return () => this.#giveBack();
  }

  /** Resolves when nobody has a turn. */
  async idle(): Promise<void> {
    if (this.#taken > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #giveBack(): void {
    const next = this.#waiting.shift();
    if (next !== undefined) {
      next();
      return;
    }
    this.#taken -= 1;
    if (this.#taken === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }
}

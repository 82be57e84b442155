import { isCodedError, type Random } from "@tenantry/base";
import type { TenantId } from "@tenantry/model";
import type pg from "pg";
import { asOwner } from "../database/database-access.ts";
import { inTransaction } from "../database/database-server.ts";
import { isSqlError } from "../database/sql-error.ts";
import { errors } from "../errors.ts";
import { keepControlAuditEvent } from "../control/audit-events/keep-control-audit-event.ts";
import { keepLifecycleEvent, type SqlClient } from "../events/keep-lifecycle-event.ts";
import { type EventType, operationEvents } from "../events/lifecycle-events.ts";
import type { JsonObject } from "../tenant-store/tenant-tables.ts";
import { withTenantLock } from "../tenants/onboard-tenant.ts";
import type { Operation } from "./operation.ts";
import {
  beginStep,
  endOperation,
  endStep,
  isCancelRequested,
  noteInStep,
  passPointOfNoReturn,
  readStep,
  waitInStep,
} from "./operation-records.ts";
import {
  type Ending,
  OperationsClosing,
  type Step,
  StepCancelled,
  type StepContext,
  StepStopped,
  type StepTools,
} from "./step.ts";
import type { WorkflowSteps } from "./workflow-engine.ts";

/** Where a test may end the process. Each is a moment after which something is, or is not, durable. */
export type StepMoment = "before" | "within" | "after-effect" | "after-commit" | "after-checkpoint";

export type OnStep = (step: string, moment: StepMoment, tenant: TenantId) => Promise<void> | void;

export interface RunPorts {
  readonly tools: StepTools;
  readonly onStep: OnStep;
  /** What went wrong in a way that nobody expected. */
  readonly onFailure: (operation: Operation, step: string, error: unknown) => void;
  /** Aborted when the operations close. */
  readonly closing: AbortSignal;
  /** Lets a few steps at once run in this process. */
  readonly takeTurn: () => Promise<() => void>;
}

type Outcome =
  | { readonly kind: "done"; readonly result: unknown }
  | { readonly kind: "failed"; readonly code: string; readonly message: string }
  | { readonly kind: "cancelled" };

/**
 * Runs the steps of one operation, each of them as often as crashes demand and with one effect:
 *
 *   before ── ensure ──▶ after-effect ── result, registry, event: one transaction ──▶ after-commit
 *          ── the engine keeps the outcome ──▶ after-checkpoint
 *
 * The transaction does nothing where the step has a result already, so that repeating a step from
 * any of these moments, also in two processes at once, changes nothing a second time.
 */
export class OperationRun {
  readonly operation: Operation;
  readonly #ports: RunPorts;
  readonly #steps: WorkflowSteps;
  /** Where there is no way but one, nobody can cancel it, and it does not give up. */
  #mode: "revocable" | "insistent" = "revocable";

  constructor(operation: Operation, steps: WorkflowSteps, ports: RunPorts) {
    this.operation = operation;
    this.#ports = ports;
    this.#steps = steps;
  }

  /** @throws StepStopped */
  async step<Result>(step: Step<Result>, ending?: Ending<Result>): Promise<Result> {
    const outcome = await this.#steps.step(step.name, () =>
      this.#unlessClosing(() => this.#attempt(step, ending)),
    );
    await this.#pass(step.name, "after-checkpoint");
    if (outcome.kind === "done") return outcome.result as Result;
    if (outcome.kind === "failed") throw new StepStopped("failed", outcome.code, outcome.message);
    const cancelled = errors.RUNTIME_OPERATION_CANCELLED({ id: this.operation.id });
    throw new StepStopped("cancelled", cancelled.code, cancelled.message);
  }

  /** Waits until then, or until the operation is cancelled. */
  async rest(step: string, untilMs: number): Promise<void> {
    const { clock } = this.#ports.tools;
    for (;;) {
      const leftMs = await this.#steps.step(`${step}: look`, () =>
        this.#unlessClosing(() =>
          this.#asOwner(async (owner) => {
            const left = untilMs - clock.nowMs();
            if (left <= 0 || (await isCancelRequested(owner, this.operation.id))) return 0;
            const detail = `until ${new Date(untilMs).toISOString()}`;
            await inTransaction(owner, () => waitInStep(owner, this.operation.id, step, detail, this.#now()));
            return left;
          }),
        ),
      );
      if (leftMs <= 0) return;
      await this.#steps.rest(leftMs);
    }
  }

  /** From now on steps are tried until they succeed: those that undo, and those behind the point of no return. */
  insist(): void {
    this.#mode = "insistent";
  }

  /** The operation ends without its success. */
  async conclude({ how, code, message }: StepStopped): Promise<void> {
    await this.#steps.step("conclude", () =>
      this.#unlessClosing(async () => {
        await this.#pass("conclude", "before");
        await this.#persistently("conclude", () =>
          this.#asOwner((owner) =>
            inTransaction(owner, async () => {
              const error = { code, message };
              const state = how === "cancelled" ? "cancelled" : "failed";
              const isNew = await endOperation(
                owner,
                this.operation.id,
                { state, result: null, error },
                this.#now(),
              );
              if (!isNew) return;
              const detail = { cancelled: how === "cancelled", code, message };
              await this.#keepEvent(owner, operationEvents[this.operation.kind].failure, detail);
              await this.#audit(owner, state);
            }),
          ),
        );
        await this.#pass("conclude", "after-commit");
        return null;
      }),
    );
    await this.#pass("conclude", "after-checkpoint");
  }

  async #attempt<Result>(step: Step<Result>, ending: Ending<Result> | undefined): Promise<Outcome> {
    await this.#pass(step.name, "before");
    const endTurn = await this.#ports.takeTurn();
    try {
      return await this.#persistently(step.name, () =>
        this.#asOwner((owner) =>
          withTenantLock(owner, this.operation.tenant, () => this.#run(owner, step, ending)),
        ),
      );
    } catch (error) {
      if (error instanceof StepCancelled) return { kind: "cancelled" };
      if (error instanceof OperationsClosing) throw error;
      return await this.#fail(step.name, error);
    } finally {
      endTurn();
    }
  }

  async #run<Result>(
    owner: pg.Client,
    step: Step<Result>,
    ending: Ending<Result> | undefined,
  ): Promise<Outcome> {
    const { id } = this.operation;
    const kept = await readStep(owner, id, step.name);
    if (kept?.state === "succeeded" || kept?.state === "skipped")
      return { kind: "done", result: kept.result };
    if (kept?.state === "failed")
      return { kind: "failed", ...(kept.result as { code: string; message: string }) };
    await this.#requireWanted(owner, step.isFinal === true);
    await inTransaction(owner, () => beginStep(owner, id, step.name, this.#now()));
    const result = await step.ensure(this.#context(owner, step.name));
    await this.#pass(step.name, "after-effect");
    await inTransaction(owner, () => this.#commit(owner, step, result, ending));
    await this.#pass(step.name, "after-commit");
    return { kind: "done", result };
  }

  /** All that the step means, in one transaction, and once. */
  async #commit<Result>(
    owner: pg.Client,
    step: Step<Result>,
    result: Result,
    ending: Ending<Result> | undefined,
  ): Promise<void> {
    const { id, kind } = this.operation;
    const outcome = { state: "succeeded", result, detail: step.detail?.(result) ?? null } as const;
    if (!(await endStep(owner, id, step.name, outcome, this.#now()))) return;
    await step.record?.(owner, result);
    const event = step.event?.(result);
    if (event !== undefined) await this.#keepEvent(owner, event.type, event.detail);
    if (ending === undefined) return;
    const ended = { state: "succeeded", result: ending.result(result), error: null } as const;
    await endOperation(owner, id, ended, this.#now());
    await this.#keepEvent(owner, operationEvents[kind].success, ending.detail(result));
    await this.#audit(owner, "succeeded");
  }

  /** @throws StepCancelled */
  async #requireWanted(owner: pg.Client, isFinal: boolean): Promise<void> {
    if (this.#mode === "insistent") return;
    const { id } = this.operation;
    const isWanted = isFinal ? await passPointOfNoReturn(owner, id) : !(await isCancelRequested(owner, id));
    if (!isWanted) throw new StepCancelled();
  }

  async #fail(name: string, error: unknown): Promise<Outcome> {
    if (!isCodedError(error)) this.#ports.onFailure(this.operation, name, error);
    const { code, message } = this.#explain(name, error);
    const outcome = { state: "failed", result: { code, message }, detail: message } as const;
    const keep = () =>
      this.#asOwner((owner) =>
        inTransaction(owner, () => endStep(owner, this.operation.id, name, outcome, this.#now())),
      );
    await this.#persistently(name, keep, "insistent");
    return { kind: "failed", code, message };
  }

  #explain(step: string, error: unknown): { readonly code: string; readonly message: string } {
    if (isCodedError(error)) return { code: error.code, message: error.message };
    // What a database or a program says may hold a tenant's data; the log has it.
    const reason = isSqlError(error) ? `the database answered ${error.code}` : "for a reason that is ours";
    const failed = errors.RUNTIME_STEP_FAILED({ step, reason });
    return { code: failed.code, message: failed.message };
  }

  /** Tries again what a database or a store that is away has prevented; without a limit, whatever it is, where it must be done. */
  async #persistently<Result>(
    name: string,
    fn: () => Promise<Result>,
    mode: "revocable" | "insistent" = this.#mode,
  ): Promise<Result> {
    const { tools, closing, onFailure } = this.#ports;
    const untilMs = tools.clock.monotonicMs() + giveUpMs;
    for (let failures = 0; ; failures += 1) {
      if (closing.aborted) throw new OperationsClosing();
      try {
        return await fn();
      } catch (error) {
        if (error instanceof StepCancelled || error instanceof OperationsClosing) throw error;
        if (mode === "revocable" && (!isPassing(error) || tools.clock.monotonicMs() > untilMs)) throw error;
        if (!isPassing(error)) {
          onFailure(this.operation, name, error);
          await this.#tell(name, `tries again: ${this.#explain(name, error).message}`);
        }
        await tools.clock.sleep(pauseMs(failures, tools.random), closing);
      }
    }
  }

  /** For whoever wonders why nothing goes on. */
  async #tell(name: string, detail: string): Promise<void> {
    const { id } = this.operation;
    await this.#asOwner((owner) =>
      inTransaction(owner, () => noteInStep(owner, id, name, detail, this.#now())),
    ).catch(() => undefined);
  }

  /** A step that the end of the process interrupts has no outcome: it never returns. */
  async #unlessClosing<Result>(fn: () => Promise<Result>): Promise<Result> {
    try {
      return await fn();
    } catch (error) {
      if (!this.#ports.closing.aborted) throw error;
      return new Promise<never>(() => undefined);
    }
  }

  #context(owner: pg.Client, step: string): StepContext {
    const { tools, closing } = this.#ports;
    const { id, kind, tenant } = this.operation;
    return {
      ...tools,
      operation: id,
      kind,
      tenant,
      owner,
      pulse: async () => {
        await this.#pass(step, "within");
        if (closing.aborted) throw new OperationsClosing();
        if (this.#mode === "revocable" && (await isCancelRequested(owner, id))) throw new StepCancelled();
      },
    };
  }

  async #keepEvent(client: SqlClient, type: EventType, detail: JsonObject): Promise<void> {
    const { id, tenant } = this.operation;
    await keepLifecycleEvent(client, { type, tenant, operation: id, detail }, this.#ports.tools);
  }

  async #audit(client: SqlClient, state: string): Promise<void> {
    const { id, kind, tenant } = this.operation;
    await keepControlAuditEvent(
      client,
      {
        actorKind: "system",
        actor: "operations",
        action: `tenant.${kind}.${state}`,
        target: tenant,
        tenant,
        requestId: "",
        details: { operation: id },
      },
      this.#ports.tools,
    );
  }

  #asOwner<Result>(fn: (owner: pg.Client) => Promise<Result>): Promise<Result> {
    const { access } = this.#ports.tools;
    return asOwner(access, access.names.database, fn);
  }

  async #pass(step: string, moment: StepMoment): Promise<void> {
    await this.#ports.onStep(step, moment, this.operation.tenant);
  }

  #now(): Date {
    return new Date(this.#ports.tools.clock.nowMs());
  }
}

/** How long what may pass is waited for before an operation fails and is undone. */
const giveUpMs = 300_000;

function pauseMs(failures: number, random: Random): number {
  return Math.min(15_000, 100 * 2 ** Math.min(failures, 10)) * (0.5 + random.unit() / 2);
}

const passingCodes: ReadonlySet<string> = new Set([
  "RUNTIME_DATABASE_UNAVAILABLE",
  "RUNTIME_STORE_BUSY",
  "RUNTIME_STORE_CONFLICT",
  "RUNTIME_STORE_LOST",
  "RUNTIME_STORE_TIMEOUT",
  "RUNTIME_OBJECTS_UNAVAILABLE",
]);

/** Whether the same may succeed later although nobody changes anything. */
function isPassing(error: unknown): boolean {
  if (isCodedError(error)) return passingCodes.has(error.code);
  if (isSqlError(error)) return error.severity === "FATAL" || /^(08|40|53|55P03|57P)/.test(error.code);
  const message = error instanceof Error ? error.message : "";
  return /^(Connection terminated|Client has encountered a connection error|Client was closed)/.test(message);
}

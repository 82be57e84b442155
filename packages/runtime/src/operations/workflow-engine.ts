import { DBOS } from "@dbos-inc/dbos-sdk";
import type pg from "pg";
import type { DatabaseAccess } from "../database/database-access.ts";
import { rolePassword } from "../database/database-secrets.ts";
import { newPool } from "../database/database-server.ts";
import { errors } from "../errors.ts";

/** What a workflow may do that must not happen again when it is run again after a crash. */
export interface WorkflowSteps {
  /** Runs the function and keeps what it returns: from then on that is the answer. It may run again before. */
  step<Result>(name: string, fn: () => Promise<Result>): Promise<Result>;
  /** Waits until somebody wakes the workflow, or the time is over: counted from the first call, crash or not. */
  rest(durationMs: number): Promise<void>;
}

export interface WorkflowEngine extends AsyncDisposable {
  /** Starts the workflow of an operation, unless it is under way. One that is over is started again. */
  start(operation: string): Promise<void>;
  /** Ends the rest of a workflow that rests. */
  wake(operation: string): Promise<void>;
}

/** The engine itself failed, and not what it runs. */
export class EngineFailed extends Error {
  override readonly name = "EngineFailed";
}

export interface WorkflowEngineOptions {
  readonly access: DatabaseAccess;
  readonly run: (id: string, steps: WorkflowSteps) => Promise<void>;
  /** Takes part in which workflows this process continues after a crash; the same after a restart. */
  readonly executor: string;
  readonly onWarning: (message: string) => void;
}

/**
 * Names the code of the workflows and not the release: a release continues what the one before
 * began. It only changes when a workflow can no longer be continued (docs/decisions/0011).
 */
const applicationVersion = "tenantry-operations-1";
const poolSize = 5;
/** Each restart counts as a recovery, and a grace period may see one a day for a year. */
const recoveriesMax = 1_000_000;
const topic = "wake";
/** How often a workflow that rests looks for itself, should a notification have been missed. */
const lookMs = 5_000;

let isOpen = false;

/**
 * DBOS Transact behind three verbs. It keeps its state in a database of its own, which no tenant's
 * role enters. It is one per process, and so is this.
 *
 * @throws CodedError RUNTIME_OPERATIONS_OPEN
 */
export async function openWorkflowEngine(options: WorkflowEngineOptions): Promise<WorkflowEngine> {
  if (isOpen || DBOS.isInitialized()) throw errors.RUNTIME_OPERATIONS_OPEN({});
  isOpen = true;
  const pool = openPool(options.access);
  try {
    const workflow = DBOS.registerWorkflow(
      async (id: string) => {
        await options.run(id, durableSteps);
        return null;
      },
      { name: "operation", maxRecoveryAttempts: recoveriesMax },
    );
    DBOS.setConfig({
      name: "tenantry",
      systemDatabasePool: pool,
      applicationVersion,
      executorID: options.executor,
      logger: loggerOf(options.onWarning),
    });
    await DBOS.launch();
    return {
      start: async (operation) => {
        const { id, state } = await latestRun(operation);
        if (state === "absent") await DBOS.startWorkflow(workflow, { workflowID: id })(operation);
      },
      wake: async (operation) => {
        const { id, state } = await latestRun(operation);
        if (state === "under-way") await DBOS.send(id, "", topic);
      },
      [Symbol.asyncDispose]: () => close(pool),
    };
  } catch (error) {
    await close(pool);
    throw error;
  }
}

/** A workflow that was over although its operation was not is run again, so many times. */
const runsMax = 50;

/**
 * The run of an operation that is under way, or the next one. An operation keeps the outcomes of
 * its steps itself, so a new run goes on where the last one came to, also where the engine
 * refuses to: when a release has other steps than the one that began.
 */
async function latestRun(
  operation: string,
): Promise<{ readonly id: string; readonly state: "absent" | "under-way" | "given-up" }> {
  for (let run = 0; run < runsMax; run += 1) {
    const id = run === 0 ? operation : `${operation}.${run}`;
    const status = await DBOS.getWorkflowStatus(id);
    if (status === null) return { id, state: "absent" };
    if (["PENDING", "ENQUEUED", "DELAYED"].includes(status.status)) return { id, state: "under-way" };
  }
  return { id: operation, state: "given-up" };
}

const durableSteps: WorkflowSteps = {
  step: (name, fn) => DBOS.runStep(fn, { name }).catch(engineFailed),
  rest: async (durationMs) => {
    const options = { timeoutSeconds: durationMs / 1_000, pollingIntervalMs: lookMs };
    await DBOS.recv(topic, options).catch(engineFailed);
  },
};

/** Steps return their failures, so what is thrown past them is the engine's. */
function engineFailed(cause: unknown): never {
  throw new EngineFailed(cause instanceof Error ? cause.message : String(cause), { cause });
}

async function close(pool: pg.Pool): Promise<void> {
  try {
    await DBOS.shutdown({ deregister: true });
  } finally {
    await pool.end().catch(() => undefined);
    isOpen = false;
  }
}

function openPool({ server, names, secrets }: DatabaseAccess): pg.Pool {
  const credentials = { user: names.owner, password: rolePassword(secrets, names.owner) };
  return newPool(server, credentials, names.workflows, { sizeMax: poolSize, name: "tenantry workflows" });
}

function loggerOf(onWarning: (message: string) => void) {
  const silent = () => undefined;
  const tell = (entry: unknown) => onWarning(entry instanceof Error ? entry.message : String(entry));
  return { info: silent, debug: silent, warn: tell, error: tell };
}

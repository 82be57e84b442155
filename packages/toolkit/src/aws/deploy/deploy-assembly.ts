import { type CodedError, isCodedError } from "@tenantry/base";
import type { Deployment } from "@tenantry/model";
import { errors } from "../../errors.ts";
import { toolkitEvent } from "../../events.ts";
import type { Assembly } from "../assembly/read-assembly.ts";
import {
  administrationTargets,
  regionsOf,
  sharedTargets,
  type StackTarget,
  tenantTargets,
} from "../assembly/stack-targets.ts";
import type { DeployedStack } from "../cloud/cloud.ts";
import { deleteStack, type KeptResource } from "../destroy/delete-stack.ts";
import { DeployedStacks, isReached, tagsWhenDone } from "../plan/deployed-stacks.ts";
import type { DeploymentPlan, StackPlan } from "../plan/deployment-plan.ts";
import { type ParameterContext, resolveParameters } from "../plan/resolve-parameters.ts";
import { StoredValues } from "../plan/stored-values.ts";
import { applyStack, type StackOutcome } from "./apply-stack.ts";
import { TemplateUploads } from "./bootstrap-stack.ts";
import type { DeploymentContext } from "./deployment-context.ts";
import type { DeploymentSettings } from "./deployment-session.ts";
import { runGraph } from "./run-graph.ts";
import { wavesOf } from "./waves.ts";

/** What became of one stack. */
export interface StackResult {
  readonly id: string;
  readonly stackName: string;
  readonly region: string;
  readonly tenant: string | null;
  readonly outcome: StackOutcome["outcome"] | "deleted" | "failed" | "not-started";
  readonly durationMs: number;
  /** Why it failed; null where it did not. */
  readonly reason: string | null;
}

export interface AppliedAssembly {
  /** Every stack, shared ones first. */
  readonly stacks: readonly StackResult[];
  readonly kept: readonly KeptResource[];
  readonly failures: readonly CodedError[];
  /** What is there now, for its outputs. */
  readonly deployed: readonly { readonly target: StackTarget; readonly stack: DeployedStack }[];
}

interface ApplyRequest {
  readonly plan: DeploymentPlan;
  readonly deployment: Deployment;
  readonly settings: DeploymentSettings;
}

/** From how many tenants on their resources are told only where they fail. */
const liveTenantsMax = 5;

/**
 * Brings everything to what the assembly says: shared stacks in their order, then tenants in waves, then away with
 * tenants that are no longer wanted. What is there already is left alone, so it can be called again at any point.
 */
export async function applyAssembly(
  assembly: Assembly,
  request: ApplyRequest,
  context: DeploymentContext,
): Promise<AppliedAssembly> {
  const run = new AssemblyRun(assembly, request, context);
  if (await run.applyShared()) {
    if (await run.applyTenants()) await run.removeTenants();
  }
  return run.result();
}

class AssemblyRun {
  readonly #assembly: Assembly;
  readonly #request: ApplyRequest;
  readonly #context: DeploymentContext;
  readonly #uploads: TemplateUploads;
  readonly #hostedZones: ParameterContext["hostedZones"] = new Map();
  readonly #planned: ReadonlyMap<string, StackPlan>;
  readonly #results = new Map<string, StackResult>();
  readonly #deployed: { readonly target: StackTarget; readonly stack: DeployedStack }[] = [];
  readonly #kept: KeptResource[] = [];
  readonly #failures: CodedError[] = [];

  constructor(assembly: Assembly, request: ApplyRequest, context: DeploymentContext) {
    this.#assembly = assembly;
    this.#request = request;
    this.#context = context;
    this.#uploads = new TemplateUploads(context);
    const { stacks, tenants } = request.plan;
    this.#planned = new Map([...stacks, ...tenants].map((one) => [one.id, one]));
    for (const one of [...stacks, ...tenants]) this.#record(one, "not-started", 0, null);
  }

  result(): AppliedAssembly {
    return {
      stacks: [...this.#results.values()],
      kept: this.#kept,
      failures: this.#failures,
      deployed: this.#deployed,
    };
  }

  /** Whether all went well. */
  async applyShared(): Promise<boolean> {
    const { part, account } = this.#request.plan;
    const all =
      part === "administration"
        ? administrationTargets(this.#assembly, account)
        : sharedTargets(this.#assembly);
    const targets = all.filter(({ id }) => this.#planned.has(id));
    const { signal } = this.#context;
    const concurrency = this.#request.settings.stackConcurrency;
    await runGraph(
      targets,
      async (target) => {
        const stack = await this.#context.cloud.region(target.region).stacks.describe(target.stackName);
        // Stacks that came before may have written other values: they are read anew.
        await this.#apply(target, stack, new StoredValues(this.#context.cloud), true);
      },
      { concurrency, signal },
    );
    return this.#isGoingWell();
  }

  async applyTenants(): Promise<boolean> {
    const tenants = [...tenantTargets(this.#assembly)].filter(([, [first]]) =>
      this.#planned.has(first?.id ?? ""),
    );
    if (tenants.length === 0) return this.#isGoingWell();
    const { cloud, owner } = this.#context;
    const deployed = await DeployedStacks.read(cloud, owner, regionsOf(this.#assembly));
    const values = new StoredValues(cloud);
    const waves = wavesOf(tenants, this.#request.settings.waves);
    for (const [index, wave] of waves.entries()) {
      const told = { wave: index + 1, waves: waves.length, tenants: wave.length };
      this.#context.onEvent(toolkitEvent("TOOLKIT_WAVE_STARTED", told));
      const isLive = wave.length <= liveTenantsMax;
      await this.#runWave(wave, async ([, targets]) => {
        for (const target of targets) await this.#apply(target, deployed.find(target), values, isLive);
      });
      if (!this.#isGoingWell()) return false;
    }
    return true;
  }

  async removeTenants(): Promise<void> {
    const removals = this.#request.plan.tenants.filter(({ action }) => action === "delete");
    await this.#runWave(removals, async (planned) => {
      const { clock } = this.#context;
      const startedMs = clock.monotonicMs();
      await this.#recordFailure(planned, startedMs, async () => {
        this.#kept.push(
          ...(await deleteStack(planned, { isLive: removals.length <= liveTenantsMax }, this.#context)),
        );
        this.#record(planned, "deleted", Math.round(clock.monotonicMs() - startedMs), null);
      });
    });
  }

  /** A failure keeps those from being begun that still wait; those that run are finished. */
  async #runWave<T>(wave: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
    const stop = new AbortController();
    const signal = AbortSignal.any([stop.signal, this.#context.signal]);
    const nodes = wave.map((one, index) => ({ id: String(index), dependsOn: [], one }));
    const concurrency = this.#request.settings.tenantConcurrency;
    await runGraph(
      nodes,
      async ({ one }) => {
        try {
          await work(one);
        } catch (failure) {
          stop.abort();
          throw failure;
        }
      },
      { concurrency, signal },
    );
  }

  async #apply(
    target: StackTarget,
    stack: DeployedStack | null,
    values: StoredValues,
    isLive: boolean,
  ): Promise<void> {
    const { clock, cloud, signal } = this.#context;
    const startedMs = clock.monotonicMs();
    await this.#recordFailure(target, startedMs, async () => {
      const { deployment } = this.#request;
      const context = { cloud, values, deployment, hostedZones: this.#hostedZones };
      const { given, digest, missing } = await resolveParameters(target, stack, context);
      if (missing.length > 0) {
        const { stackName, region } = target;
        throw errors.TOOLKIT_VALUE_MISSING({
          stack: stackName,
          region,
          names: missing.map(({ name }) => name),
        });
      }
      const isForced = target.tenant === null && this.#planned.get(target.id)?.action === "update";
      if (stack !== null && !isForced && isReached(stack, target, digest)) {
        this.#finish(target, { stack, outcome: "unchanged", durationMs: 0 });
        const { stackName, region, tenant } = target;
        const told = { stack: stackName, region, tenant, outcome: "unchanged", durationMs: 0 } as const;
        this.#context.onEvent(toolkitEvent("TOOLKIT_STACK_DONE", told));
        return;
      }
      signal.throwIfAborted();
      const tags = tagsWhenDone(target, digest);
      const change = { target, template: await this.#uploads.sourceOf(target), parameters: given, tags };
      const options = { parametersDigest: digest, isForced, isLive };
      this.#finish(target, await applyStack(change, options, this.#context));
    });
  }

  #finish(target: StackTarget, { stack, outcome, durationMs }: StackOutcome): void {
    this.#deployed.push({ target, stack });
    this.#record(target, outcome, durationMs, null);
  }

  async #recordFailure(
    place: Pick<StackTarget, "id" | "stackName" | "region" | "tenant">,
    startedMs: number,
    work: () => Promise<void>,
  ): Promise<void> {
    try {
      await work();
    } catch (failure) {
      // Stopped before it was begun is no failure; and a bug is not to be taken for one.
      if (!this.#context.signal.aborted || isCodedError(failure)) {
        if (!isCodedError(failure)) throw failure;
        const durationMs = Math.round(this.#context.clock.monotonicMs() - startedMs);
        this.#failures.push(failure);
        this.#record(place, "failed", durationMs, failure.message);
      }
      throw failure;
    }
  }

  #record(
    { id, stackName, region, tenant }: Pick<StackTarget, "id" | "stackName" | "region" | "tenant">,
    outcome: StackResult["outcome"],
    durationMs: number,
    reason: string | null,
  ): void {
    this.#results.set(id, { id, stackName, region, tenant, outcome, durationMs, reason });
  }

  #isGoingWell(): boolean {
    return this.#failures.length === 0 && !this.#context.signal.aborted;
  }
}

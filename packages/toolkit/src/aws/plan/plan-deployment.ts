import { providedNames } from "@tenantry/aws";
import type { Deployment } from "@tenantry/model";
import { errors } from "../../errors.ts";
import { type Assembly, digestOfData } from "../assembly/read-assembly.ts";
import {
  administrationTargets,
  type AssemblyPart,
  regionsOf,
  sharedTargets,
  stackTags,
  type StackTarget,
  tenantTargets,
} from "../assembly/stack-targets.ts";
import type { Template } from "../assembly/template.ts";
import type { Cloud, DeployedStack } from "../cloud/cloud.ts";
import { DeployedStacks, isOwned, isReached, isUnborn } from "./deployed-stacks.ts";
import type { DeploymentPlan, PlanObstacle, StackPlan, TemplateChange } from "./deployment-plan.ts";
import { diffTemplates } from "./diff-templates.ts";
import {
  type ParameterContext,
  type ResolvedParameters,
  resolveParameters,
  unknownDeployment,
} from "./resolve-parameters.ts";
import { statefulLosses } from "./stateful-losses.ts";
import { StoredValues } from "./stored-values.ts";
import { takenBuckets } from "./taken-buckets.ts";
import { isAdded, TenantPlaces } from "./tenant-places.ts";

export interface PlanOptions {
  /** What only a deployment knows. */
  readonly deployment?: Deployment | undefined;
  /** Only these tenants; then nothing is planned for shared stacks, and nobody is removed. */
  readonly tenants?: readonly string[] | undefined;
  /** The platform where it is left out. */
  readonly part?: AssemblyPart | undefined;
}

/**
 * Compares an assembly with what is deployed.
 *
 * @param cloud null plans without a look into the account, as if nothing were there
 * @throws TOOLKIT_AWS_*
 */
export async function planDeployment(
  assembly: Assembly,
  cloud: Cloud | null,
  options: PlanOptions = {},
): Promise<DeploymentPlan> {
  const { platform, environment, account } = assembly.manifest;
  const identity = cloud === null ? null : await cloud.identify();
  const planner = await Planner.begin(assembly, cloud, identity?.account ?? null, options);
  const part = options.part ?? "platform";
  const isWhole = part === "platform" && options.tenants === undefined;
  const stacks = options.tenants === undefined ? await planner.shared() : [];
  const tenants = part === "platform" ? await planner.tenants(options.tenants) : [];
  const plan = {
    version: 1,
    platform,
    environment,
    part,
    account: identity?.account ?? account,
    basis: cloud === null ? "nothing" : "deployed",
    assembly: assembly.digests,
    stacks,
    tenants,
    abandoned: isWhole ? planner.abandoned() : [],
    changes: planner.changes,
    obstacles: planner.obstacles,
  } as const;
  return { ...plan, digest: digestOfData(plan) };
}

type PlanningContext = ParameterContext & { readonly account: string };

class Planner {
  readonly changes: Record<string, TemplateChange> = {};
  readonly obstacles: PlanObstacle[] = [];
  readonly #assembly: Assembly;
  readonly #shared: readonly StackTarget[];
  readonly #tenants: ReadonlyMap<string, readonly StackTarget[]>;
  readonly #deployed: DeployedStacks | null;
  readonly #context: PlanningContext | null;
  /** Names in Parameter Store that stacks of the assembly provide, by region. */
  readonly #provided: ReadonlySet<string>;
  /** Ids of shared stacks that will change, or may. */
  readonly #moving = new Set<string>();

  private constructor(
    assembly: Assembly,
    shared: readonly StackTarget[],
    deployed: DeployedStacks | null,
    context: PlanningContext | null,
  ) {
    this.#assembly = assembly;
    this.#deployed = deployed;
    this.#context = context;
    this.#shared = shared;
    this.#tenants = tenantTargets(assembly);
    this.#provided = new Set(this.#shared.flatMap(providedBy));
  }

  static async begin(
    assembly: Assembly,
    cloud: Cloud | null,
    account: string | null,
    options: PlanOptions,
  ): Promise<Planner> {
    const shared =
      options.part === "administration" ? administrationTargets(assembly, account) : sharedTargets(assembly);
    if (cloud === null || account === null) return new Planner(assembly, shared, null, null);
    if (options.part === "administration" && shared.length === 0) {
      const expected = assembly.manifest.administration.map((stack) => stack.account).join(" or ");
      throw errors.TOOLKIT_ACCOUNT_MISMATCH({ expected, found: account });
    }
    const regions = regionsOf(assembly, options.part);
    const deployed = await DeployedStacks.read(cloud, assembly.manifest, regions);
    const deployment = options.deployment ?? unknownDeployment;
    const values = new StoredValues(cloud);
    return new Planner(assembly, shared, deployed, {
      cloud,
      account,
      values,
      deployment,
      hostedZones: new Map(),
    });
  }

  async shared(): Promise<readonly StackPlan[]> {
    const plans: StackPlan[] = [];
    for (const target of this.#shared) {
      const plan = await this.#plan(target);
      if (plan.action !== "unchanged" || plan.mayFollow) this.#moving.add(target.id);
      plans.push(plan);
    }
    return plans;
  }

  async tenants(only: readonly string[] | undefined): Promise<readonly StackPlan[]> {
    const plans: StackPlan[] = [];
    const places = new TenantPlaces((this.#deployed?.owned() ?? []).map(({ stack }) => stack));
    for (const [tenant, targets] of this.#tenants) {
      if (only !== undefined && !only.includes(tenant)) continue;
      if (only === undefined && this.#deployed !== null && places.isGone(targets)) continue;
      for (const target of targets) {
        const detail = places.obstacle(target, only !== undefined);
        if (detail !== null) this.#hinder(target, "placement", detail);
        plans.push(await this.#plan(target));
      }
    }
    if (only === undefined)
      for (const removed of this.#removed()) plans.push(await this.#planRemoval(removed));
    return plans;
  }

  abandoned(): readonly { readonly stackName: string; readonly region: string }[] {
    return this.#unwanted()
      .filter(
        ({ stack }) => stack.tags[stackTags.tenant] === undefined && stack.status !== "REVIEW_IN_PROGRESS",
      )
      .filter(({ stack }) => stack.tags[stackTags.stack] !== "bootstrap")
      .map(({ region, stack }) => ({ stackName: stack.name, region }));
  }

  async #plan(target: StackTarget): Promise<StackPlan> {
    const stack = this.#deployed?.find(target) ?? null;
    const resolved = this.#context === null ? null : await resolveParameters(target, stack, this.#context);
    if (resolved !== null) this.#checkValues(target, resolved);
    if (stack !== null) this.#checkState(target, stack);
    const mayFollow = target.dependsOn.some((id) => this.#moving.has(id)) && dependsOnValues(target);
    const place = {
      id: target.id,
      stackName: target.stackName,
      region: target.region,
      tenant: target.tenant,
      status: stack?.status ?? null,
      template: target.templateSha256,
      parameters: resolved?.digest ?? null,
      mayFollow,
    };
    if (stack === null || isUnborn(stack.status)) {
      const change = await this.#change(null, target.templateSha256, null, target.template.content, []);
      await this.#checkNames(target, change, resolved);
      const none = { deployedTemplate: null, deployedParameters: null, changedParameters: [], losses: [] };
      return { ...place, ...none, action: "create", change };
    }
    return { ...place, ...(await this.#compare(target, stack, resolved)) };
  }

  async #compare(target: StackTarget, stack: DeployedStack, resolved: ResolvedParameters | null) {
    const deployedParameters = stack.tags[stackTags.parameters] ?? null;
    let deployedTemplate = stack.tags[stackTags.template] ?? null;
    if (target.tenant === null) {
      // Of a shared stack the template itself is read: somebody may have changed it, and left the tags.
      const template = await this.#deployed?.template(target.region, stack, true);
      const isSame = template?.contentDigest === digestOfData(target.template.content);
      deployedTemplate = isSame ? target.templateSha256 : (template?.sha256 ?? null);
    }
    const state = { deployedTemplate, deployedParameters };
    const isSame = deployedTemplate === target.templateSha256;
    const isProtected = stack.terminationProtection || !target.terminationProtection;
    if (isSame && isProtected && isReached(stack, target, resolved?.digest ?? null)) {
      return { ...state, action: "unchanged", changedParameters: [], change: null, losses: [] } as const;
    }
    const changedParameters = differing(stack, resolved?.effective ?? {});
    if (isSame && changedParameters.length === 0)
      return { ...state, action: "update", changedParameters, change: null, losses: [] } as const;
    const before = await this.#deployed?.template(target.region, stack, target.tenant === null);
    const content = before?.content ?? { Resources: {} };
    const after = target.template.content;
    const change = await this.#change(
      deployedTemplate,
      target.templateSha256,
      content,
      after,
      changedParameters,
    );
    await this.#checkNames(target, change, resolved);
    const losses = statefulLosses(this.#changeOf(change), target, content, this.#assembly);
    return { ...state, action: "update", changedParameters, change, losses } as const;
  }

  async #planRemoval({
    region,
    stack,
  }: {
    readonly region: string;
    readonly stack: DeployedStack;
  }): Promise<StackPlan> {
    const tenant = stack.tags[stackTags.tenant] ?? null;
    const id = stack.tags[stackTags.stack] ?? stack.name;
    const template = isUnborn(stack.status) ? null : await this.#deployed?.template(region, stack, false);
    const content = template?.content ?? { Resources: {} };
    const deployedTemplate = stack.tags[stackTags.template] ?? null;
    const change = await this.#change(deployedTemplate, null, content, null, []);
    const owner = { id, tenant, cell: null, area: "tenant" };
    return {
      id,
      action: "delete",
      stackName: stack.name,
      region,
      tenant,
      status: stack.status,
      deployedTemplate,
      deployedParameters: stack.tags[stackTags.parameters] ?? null,
      template: null,
      parameters: null,
      changedParameters: [],
      mayFollow: false,
      change,
      losses: statefulLosses(this.#changeOf(change), owner, content, this.#assembly),
    };
  }

  /** Our stacks that the assembly does not want. */
  #unwanted() {
    const key = (region: string, name: string) => `${region} ${name}`;
    const targets = [...this.#shared, ...[...this.#tenants.values()].flat()];
    const wanted = new Set(targets.map(({ region, stackName }) => key(region, stackName)));
    return (this.#deployed?.owned() ?? []).filter(
      ({ region, stack }) => !wanted.has(key(region, stack.name)),
    );
  }

  #removed() {
    const tenantOf = (stack: DeployedStack) => stack.tags[stackTags.tenant] ?? "";
    return this.#unwanted()
      .filter(({ stack }) => tenantOf(stack) !== "" || stack.status === "REVIEW_IN_PROGRESS")
      .filter(({ stack }) => !isAdded(stack.tags))
      .toSorted((a, b) => (`${tenantOf(a.stack)} ${a.region}` < `${tenantOf(b.stack)} ${b.region}` ? -1 : 1));
  }

  async #change(
    from: string | null,
    to: string | null,
    before: Template | null,
    after: Template | null,
    parameters: readonly string[],
  ): Promise<string> {
    const key = digestOfData({ from, to, parameters }).slice(0, 16);
    this.changes[key] ??= await diffTemplates(before, after, parameters);
    return key;
  }

  #changeOf(key: string): TemplateChange {
    return this.changes[key] ?? { resources: [], security: [] };
  }

  #checkState({ stackName, region }: StackTarget, stack: DeployedStack): void {
    const obstacle = (kind: PlanObstacle["kind"], detail: string) =>
      this.obstacles.push({ stackName, region, kind, detail });
    // A stack that is only reviewed has no tags yet; who made its change set is looked at when it is deployed.
    if (stack.status !== "REVIEW_IN_PROGRESS" && !isOwned(stack, this.#assembly.manifest))
      obstacle("foreign", "a stack of this name is there, and does not carry the tags of this platform");
    if (stack.status === "UPDATE_ROLLBACK_FAILED")
      obstacle("rollback-failed", stack.statusReason ?? "its last update could not be rolled back");
  }

  async #checkNames(target: StackTarget, change: string, resolved: ResolvedParameters | null): Promise<void> {
    if (this.#context === null || resolved === null) return;
    const { cloud, account } = this.#context;
    const values = { ...resolved.effective, "AWS::AccountId": account, "AWS::Region": target.region };
    const region = cloud.region(target.region);
    for (const name of await takenBuckets(target, this.#changeOf(change), values, region))
      this.#hinder(target, "name-taken", `there is a bucket ${name} already, in this account or another`);
  }

  #hinder({ stackName, region }: StackTarget, kind: PlanObstacle["kind"], detail: string): void {
    this.obstacles.push({ stackName, region, kind, detail });
  }

  #checkValues({ stackName, region }: StackTarget, { missing }: ResolvedParameters): void {
    for (const { parameter, name, region: from, kind } of missing) {
      if (kind === "stored-value" && this.#provided.has(`${from} ${name}`)) continue;
      const detail =
        kind === "hosted-zone"
          ? `${parameter} needs a public hosted zone of ${name}, which the account does not have`
          : `${parameter} needs the value ${name} in ${from}, which no stack provides`;
      this.obstacles.push({ stackName, region, kind: "missing-value", detail });
    }
  }
}

function dependsOnValues({ sources, template }: StackTarget): boolean {
  const declared = Object.values(template.content.Parameters ?? {});
  return (
    declared.some(({ Type }) => Type.startsWith("AWS::SSM::")) ||
    Object.values(sources).some(({ kind }) => kind === "stack-value")
  );
}

function providedBy({ region, sources, template }: StackTarget): readonly string[] {
  return providedNames(template.content, sources).map((name) => `${region} ${name}`);
}

/** Parameters whose value would be another. What CloudFormation does not show counts as the same. */
function differing(
  { parameters }: DeployedStack,
  effective: Readonly<Record<string, string | null>>,
): readonly string[] {
  return Object.entries(effective)
    .filter(([name, value]) => {
      const deployed = parameters[name];
      const before = deployed?.resolved ?? deployed?.value;
      return value !== null && before !== undefined && before !== "****" && before !== value;
    })
    .map(([name]) => name)
    .sort();
}

import type { AssemblyManifest } from "@tenantry/aws";
import { digestOf, digestOfData } from "../assembly/read-assembly.ts";
import { stackTags, type StackTarget } from "../assembly/stack-targets.ts";
import type { Template } from "../assembly/template.ts";
import type { Cloud, DeployedStack } from "../cloud/cloud.ts";

type Owner = Pick<AssemblyManifest, "platform" | "environment">;

/** What is deployed in some regions, read in bulk; templates are read when somebody asks, and shared ones once. */
export class DeployedStacks {
  readonly #cloud: Cloud;
  readonly #owner: Owner;
  readonly #byRegion: ReadonlyMap<string, ReadonlyMap<string, DeployedStack>>;
  readonly #templates = new Map<string, Promise<DeployedTemplate>>();

  private constructor(
    cloud: Cloud,
    owner: Owner,
    byRegion: ReadonlyMap<string, ReadonlyMap<string, DeployedStack>>,
  ) {
    this.#cloud = cloud;
    this.#owner = owner;
    this.#byRegion = byRegion;
  }

  static async read(cloud: Cloud, owner: Owner, regions: readonly string[]): Promise<DeployedStacks> {
    const read = async (region: string) => {
      const stacks = await cloud.region(region).stacks.list();
      return [region, new Map(stacks.map((stack) => [stack.name, stack]))] as const;
    };
    return new DeployedStacks(cloud, owner, new Map(await Promise.all(regions.map(read))));
  }

  find({ region, stackName }: Pick<StackTarget, "region" | "stackName">): DeployedStack | null {
    return this.#byRegion.get(region)?.get(stackName) ?? null;
  }

  /**
   * Every stack with the tags of this platform and environment, and what an interrupted deployment may have begun. Without
   * what an administrator deployed: that is never in the way, and never taken away.
   */
  owned(): readonly { readonly region: string; readonly stack: DeployedStack }[] {
    const { platform, environment } = this.#owner;
    const isAdministration = ({ tags }: DeployedStack) => tags[stackTags.part] === "administration";
    const isBegun = ({ name, status }: DeployedStack) =>
      status === "REVIEW_IN_PROGRESS" && name.startsWith(`${platform}-${environment}-`);
    return [...this.#byRegion].flatMap(([region, stacks]) =>
      [...stacks.values()]
        .filter((stack) => isOwned(stack, this.#owner) || isBegun(stack))
        .filter((stack) => !isAdministration(stack))
        .map((stack) => ({ region, stack })),
    );
  }

  /** The template of a stack. Stacks whose tags name the same digest share one answer. */
  template(region: string, stack: DeployedStack, isShared: boolean): Promise<DeployedTemplate> {
    const digest = stack.tags[stackTags.template];
    const key = isShared || digest === undefined ? stack.id : `${region} ${digest}`;
    let template = this.#templates.get(key);
    if (template === undefined) {
      template = this.#cloud
        .region(region)
        .stacks.template(stack.id)
        .then((body) => readTemplate(body));
      this.#templates.set(key, template);
    }
    return template;
  }
}

export interface DeployedTemplate {
  readonly sha256: string;
  readonly content: Template;
  /** Digest of the content, whatever the white space. */
  readonly contentDigest: string;
}

function readTemplate(body: string): DeployedTemplate {
  const content = parseTemplate(body);
  return { sha256: digestOf(body), content, contentDigest: digestOfData(content) };
}

/** A template that somebody wrote in YAML counts as one that has nothing in common with ours. */
function parseTemplate(body: string): Template {
  try {
    const content = JSON.parse(body) as Partial<Template>;
    return { ...content, Resources: content.Resources ?? {} };
  } catch {
    return { Resources: {} };
  }
}

/** Whether the tags say that the stack belongs to this platform and environment. */
export function isOwned({ tags }: DeployedStack, { platform, environment }: Owner): boolean {
  return tags[stackTags.platform] === platform && tags[stackTags.environment] === environment;
}

/** Status of a stack that never came to be. Nothing is there to be updated. */
export function isUnborn(status: string): boolean {
  return ["REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED"].includes(status);
}

export function isBusy(status: string): boolean {
  return status.endsWith("_IN_PROGRESS") && status !== "REVIEW_IN_PROGRESS";
}

/** The tags of a stack whose target is reached. */
export function tagsWhenDone(
  target: StackTarget,
  parametersDigest: string | null,
): Readonly<Record<string, string>> {
  return {
    ...target.tags,
    [stackTags.template]: target.templateSha256,
    ...(parametersDigest === null ? {} : { [stackTags.parameters]: parametersDigest }),
  };
}

/** Whether the stack says of itself that it is as the target wants it. */
export function isReached(
  stack: DeployedStack,
  target: StackTarget,
  parametersDigest: string | null,
): boolean {
  const wanted = Object.entries(tagsWhenDone(target, parametersDigest));
  return (
    // Not after a rollback: what the tags say then is not worth relying on.
    ["CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"].includes(stack.status) &&
    parametersDigest !== null &&
    wanted.every(([key, value]) => stack.tags[key] === value)
  );
}

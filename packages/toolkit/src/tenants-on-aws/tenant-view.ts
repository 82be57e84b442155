import type { Platform } from "@tenantry/model";
import type { Assembly } from "../aws/assembly/read-assembly.ts";
import { stackTags } from "../aws/assembly/stack-targets.ts";
import { isStanding } from "../aws/plan/tenant-places.ts";
import type { DeployedTenant, RegionalStack } from "./deployed-tenants.ts";

/** A tenant of an environment in AWS. */
export interface TenantOnAws {
  readonly id: string;
  readonly tier: string;
  readonly cell: number | null;
  readonly slot: number | null;
  /**
   * CloudFormation's word for the stack of the primary region, or of another one where that is not in service;
   * "NOT_DEPLOYED" for a declared tenant that `deploy` has not met yet, "SHARED" where its tier has no stack.
   */
  readonly status: string;
  /** Where the tenant's people go; null where nothing says so. */
  readonly url: string | null;
  /** Whether the definition declares it; else a command added it, or the next deployment removes it. */
  readonly declared: boolean;
  /** Whether its stacks are of the template that the definition gives now; null where it has no stack. */
  readonly template: "current" | "behind" | null;
  readonly stacks: readonly TenantStackView[];
}

export interface TenantStackView {
  readonly region: string;
  readonly stackName: string;
  readonly status: string;
  /** SHA-256 of its template; null where no tag says so. */
  readonly template: string | null;
}

/** Every tenant that is declared or deployed, in the order of their ids. */
export function tenantViews(
  platform: Platform,
  deployed: readonly DeployedTenant[],
  assembly: Assembly,
): readonly TenantOnAws[] {
  const known = new Set(deployed.map(({ id }) => id));
  const { tenantTemplates } = assembly.manifest;
  const waiting = Object.values(platform.tenants)
    .filter(({ id }) => !known.has(id))
    .map(({ id, tier, placement }): TenantOnAws => ({
      id,
      tier,
      ...placement,
      status: tenantTemplates.some((one) => one.tier === tier) ? "NOT_DEPLOYED" : "SHARED",
      url: null,
      declared: true,
      template: null,
      stacks: [],
    }));
  const there = deployed.map((tenant) => tenantView(platform, tenant, assembly));
  return [...there, ...waiting].sort((a, b) => (a.id < b.id ? -1 : 1));
}

export function tenantView(
  platform: Platform,
  { id, tier, placement, stacks }: DeployedTenant,
  { manifest }: Assembly,
): TenantOnAws {
  const wanted = manifest.tenantTemplates.filter((template) => template.tier === tier);
  const isCurrent = ({ region, stack }: RegionalStack) =>
    stack.tags[stackTags.template] === wanted.find((one) => one.region === region)?.templateSha256;
  const isWhole = wanted.every(({ region }) => stacks.some((one) => one.region === region));
  return {
    id,
    tier: tier ?? "unknown",
    cell: placement?.cell ?? null,
    slot: placement?.slot ?? null,
    status: statusOf(platform, stacks),
    url: stacks.map(({ stack }) => stack.outputs["Endpoint"]).find((url) => url !== undefined) ?? null,
    declared: Object.hasOwn(platform.tenants, id),
    template: isWhole && stacks.every(isCurrent) ? "current" : "behind",
    stacks: stacks.map(({ region, stack }) => ({
      region,
      stackName: stack.name,
      status: stack.status,
      template: stack.tags[stackTags.template] ?? null,
    })),
  };
}

/** What is wrong somewhere is what a person has to see. */
function statusOf({ region }: Platform, stacks: readonly RegionalStack[]): string {
  const failing = stacks.find(({ stack }) => !isStanding(stack.status));
  const primary = stacks.find((one) => one.region === region);
  return (failing ?? primary ?? stacks[0])?.stack.status ?? "NOT_DEPLOYED";
}

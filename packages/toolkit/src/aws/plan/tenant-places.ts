import type { Placement } from "@tenantry/model";
import { stackTags, type StackTarget } from "../assembly/stack-targets.ts";
import type { DeployedStack } from "../cloud/cloud.ts";

type Tags = DeployedStack["tags"];

/** Where the tags of a tenant's stack say that the tenant is; null where they do not. */
export function placementOf(tags: Tags): Placement | null {
  const cell = numberOf(tags[stackTags.cell]);
  const slot = numberOf(tags[stackTags.slot]);
  return cell === null || slot === null ? null : { cell, slot };
}

/** Whether a command added the tenant of the stack: it stands in no definition, and no assembly takes it away. */
export function isAdded(tags: Tags): boolean {
  return tags[stackTags.declared] === "no";
}

/** Whether a stack is in service: it was created once, and is not on its way out. */
export function isStanding(status: string): boolean {
  return /^(CREATE_COMPLETE|UPDATE_|IMPORT_)/.test(status);
}

/** Where tenants are by their stacks, against an assembly that may have been made before they came, went or moved. */
export class TenantPlaces {
  readonly #byTenant = new Map<string, DeployedStack[]>();
  readonly #owners = new Map<string, string>();

  constructor(stacks: readonly DeployedStack[]) {
    for (const stack of stacks) {
      const tenant = stack.tags[stackTags.tenant];
      if (tenant === undefined) continue;
      this.#byTenant.set(tenant, [...(this.#byTenant.get(tenant) ?? []), stack]);
      const placement = placementOf(stack.tags);
      if (placement !== null) this.#owners.set(keyOf(placement), tenant);
    }
  }

  /** Whether an added tenant of the assembly has left since: a deployment must not bring it back. */
  isGone(targets: readonly StackTarget[]): boolean {
    const [first] = targets;
    if (first === undefined || first.tenant === null || !isAdded(first.tags)) return false;
    return !(this.#byTenant.get(first.tenant) ?? []).some(({ status }) => isStanding(status));
  }

  /**
   * Why the target cannot be deployed where the assembly has it; null where it can.
   *
   * @param isMove whether another tier than the deployed one is what is wanted
   */
  obstacle({ tenant, tier, tags }: StackTarget, isMove: boolean): string | null {
    const placement = placementOf(tags);
    if (tenant === null || placement === null) return null;
    const where = `cell ${placement.cell} slot ${placement.slot}`;
    const owner = this.#owners.get(keyOf(placement));
    if (owner !== undefined && owner !== tenant)
      return `${tenant} is to have ${where}, which ${owner} has: synthesize again, or remove ${owner} first`;
    if (isMove || !isAdded(tags)) return null;
    const moved = (this.#byTenant.get(tenant) ?? []).find(
      (stack) => isStanding(stack.status) && stack.tags[stackTags.tier] !== tier,
    );
    return moved === undefined
      ? null
      : `${tenant} is on the tier ${moved.tags[stackTags.tier] ?? "unknown"} by now, and not on ${tier ?? "none"}: synthesize again, or finish the move`;
  }
}

function keyOf({ cell, slot }: Placement): string {
  return `${cell}/${slot}`;
}

function numberOf(text: string | undefined): number | null {
  return text !== undefined && /^[1-9]\d{0,6}$/.test(text) ? Number(text) : null;
}

import type { Assembly } from "../assembly/read-assembly.ts";
import type { Template } from "../assembly/template.ts";
import { tenantsSharing } from "./blast-radius.ts";
import type { StatefulLoss, TemplateChange } from "./deployment-plan.ts";
import { statefulKind } from "./stateful-types.ts";

interface LosingStack {
  readonly id: string;
  readonly tenant: string | null;
  readonly cell: number | null;
  readonly area: string;
}

/** What of the change takes data away, and from whom. */
export function statefulLosses(
  change: TemplateChange,
  stack: LosingStack,
  deployed: Template,
  assembly: Assembly,
): readonly StatefulLoss[] {
  return change.resources.flatMap(({ logicalId, type, impact, fate }): StatefulLoss[] => {
    const kind = statefulKind(type);
    if (kind === undefined || impact === "create" || impact === "update" || impact === "keep") return [];
    const tenants = tenantsSharing(assembly, stack, logicalId, deployed);
    const permission = `${impact === "delete" ? "delete" : "replace"}:${stack.id}/${logicalId}`;
    const verb = { replace: "replaces", "may-replace": "may replace", delete: "deletes" }[impact];
    const message = `${verb} the ${kind} ${stack.id}/${logicalId}: ${countOf(tenants)}`;
    return [{ logicalId, type, impact, fate: fate ?? "deleted", tenants, permission, message }];
  });
}

function countOf(tenants: readonly string[]): string {
  const [only] = tenants;
  if (only === undefined) return "no tenant";
  return tenants.length === 1 ? `the tenant ${only}` : `${tenants.length} tenants`;
}

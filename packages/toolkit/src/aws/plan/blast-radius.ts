import type { Assembly } from "../assembly/read-assembly.ts";
import type { StackTarget } from "../assembly/stack-targets.ts";
import type { Template } from "../assembly/template.ts";

type Stack = Pick<StackTarget, "tenant" | "cell" | "area">;

/**
 * The tenants that have a part in a resource: of a tenant's stack that one, of a cell's those in the cell, of a store
 * those whose tier does not have a store of its own, else all. Where it is not known, all.
 */
export function tenantsSharing(
  assembly: Assembly,
  stack: Stack,
  logicalId: string,
  template: Template,
): readonly string[] {
  if (stack.tenant !== null) return [stack.tenant];
  const { manifest, placements, storesOfTiers } = assembly;
  const everyone = Object.entries(placements.tenants);
  const inCell = stack.cell === null ? everyone : everyone.filter(([, { cell }]) => cell === stack.cell);
  const store = storeOf(template, logicalId, `/${manifest.platform}/${manifest.environment}/stores/`);
  const sharing =
    store === undefined || storesOfTiers === null
      ? inCell
      : inCell.filter(([, { tier }]) => storesOfTiers[tier]?.[store] !== "silo");
  return sharing.map(([tenant]) => tenant).sort();
}

/** The store that a resource belongs to: the one among whose values it is. */
function storeOf(template: Template, logicalId: string, prefix: string): string | undefined {
  for (const { Type, Properties } of Object.values(template.Resources)) {
    const name = Properties?.["Name"];
    if (Type !== "AWS::SSM::Parameter" || typeof name !== "string" || !name.startsWith(prefix)) continue;
    if (refersTo(Properties?.["Value"], logicalId)) return name.slice(prefix.length).split("/")[0];
  }
  return undefined;
}

function refersTo(node: unknown, logicalId: string): boolean {
  if (Array.isArray(node)) return node.some((one) => refersTo(one, logicalId));
  if (typeof node !== "object" || node === null) return false;
  return Object.entries(node).some(([key, value]) => {
    if (key === "Ref") return value === logicalId;
    if (key === "Fn::GetAtt" && Array.isArray(value)) return value[0] === logicalId;
    return refersTo(value, logicalId);
  });
}

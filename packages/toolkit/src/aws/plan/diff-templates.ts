import type * as CloudFormationDiff from "@aws-cdk/cloudformation-diff";
import type { Template, TemplateResource } from "../assembly/template.ts";
import type { ResourceChange, ResourceImpact, SecurityChange, TemplateChange } from "./deployment-plan.ts";

const nothing: Template = { Resources: {} };

/**
 * What becomes of every resource when a template replaces another.
 *
 * @param before null where there is no stack
 * @param after null where the stack is deleted
 * @param changedParameters names of parameters whose values differ; what refers to them counts as different
 */
export async function diffTemplates(
  before: Template | null,
  after: Template | null,
  changedParameters: readonly string[] = [],
): Promise<TemplateChange> {
  const { fullDiff } = await import("@aws-cdk/cloudformation-diff");
  const left = withValues(before ?? nothing, changedParameters, "before");
  const right = withValues(after ?? nothing, changedParameters, "after");
  const diff = fullDiff({ ...left }, { ...right });
  const resources: ResourceChange[] = [];
  diff.resources.forEachDifference((logicalId, change) => {
    const impact = impacts[change.changeImpact];
    if (impact === undefined) return;
    const old = before?.Resources[logicalId];
    const type = change.newResourceType ?? change.oldResourceType ?? "";
    const properties =
      impact === "create" || impact === "delete" ? [] : Object.keys(change.propertyUpdates).sort();
    resources.push({ logicalId, type, impact, properties, fate: fateOf(old, impact) });
  });
  return { resources: resources.sort(byLogicalId), security: securityChanges(diff) };
}

const impacts: Readonly<Record<string, ResourceImpact>> = {
  WILL_CREATE: "create",
  WILL_UPDATE: "update",
  WILL_REPLACE: "replace",
  MAY_REPLACE: "may-replace",
  WILL_DESTROY: "delete",
  WILL_ORPHAN: "keep",
} satisfies Partial<Record<`${CloudFormationDiff.ResourceImpact}`, ResourceImpact>>;

function fateOf(old: TemplateResource | undefined, impact: ResourceImpact): ResourceChange["fate"] {
  if (old === undefined || impact === "create" || impact === "update") return null;
  const policy = impact === "delete" || impact === "keep" ? old.DeletionPolicy : old.UpdateReplacePolicy;
  if (policy === undefined || policy === "Delete") return "deleted";
  return policy === "Snapshot" ? "snapshot" : "retained";
}

function securityChanges(diff: CloudFormationDiff.TemplateDiff): readonly SecurityChange[] {
  const rows = (kind: SecurityChange["kind"], table: readonly (readonly string[])[]): SecurityChange[] =>
    table.slice(1).map(([sign = "", ...columns]) => ({
      kind,
      change: plain(sign) === "-" ? "removed" : "added",
      columns: columns.map(plain),
    }));
  return [
    ...rows("statement", diff.iamChanges.summarizeStatements()),
    ...rows("managed-policy", diff.iamChanges.summarizeManagedPolicies()),
    ...rows("security-group", diff.securityGroupChanges.summarize()),
  ];
}

/** Whether someone gets rights, or a way in, that they did not have. */
export function broadens({ kind, change, columns }: SecurityChange): boolean {
  // A statement that denies narrows what is allowed, so it counts the other way round.
  const isDenial = kind === "statement" && columns[1] === "Deny";
  return (change === "added") !== isDenial;
}

/** Without the colours that the library puts in for terminals. */
function plain(text: string): string {
  // oxlint-disable-next-line no-control-regex -- an escape sequence begins with a control character
  return text.replaceAll(/\u001B\[[0-9;]*m/g, "");
}

/** The template with a mark in place of the changed parameters, so that a comparison sees where they are used. */
function withValues(template: Template, parameters: readonly string[], mark: string): Template {
  if (parameters.length === 0) return template;
  const names = new Set(parameters);
  const fill = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(fill);
    if (typeof node === "string")
      return node.replaceAll(/\$\{([A-Za-z0-9]+)\}/g, (whole, name: string) =>
        names.has(name) ? `${name}, ${mark}` : whole,
      );
    if (typeof node !== "object" || node === null) return node;
    const entries = Object.entries(node);
    const [only] = entries;
    if (entries.length === 1 && only?.[0] === "Ref" && typeof only[1] === "string" && names.has(only[1]))
      return `${only[1]}, ${mark}`;
    return Object.fromEntries(entries.map(([key, value]) => [key, fill(value)]));
  };
  return { ...template, Resources: fill(template.Resources) as Template["Resources"] };
}

function byLogicalId(a: ResourceChange, b: ResourceChange): number {
  return a.logicalId < b.logicalId ? -1 : 1;
}

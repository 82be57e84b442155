import { assert } from "@tenantry/base";
import type { ShippedFiles } from "@tenantry/assurance";
import { editTemplate, type EditableResource, type EditableTemplate, resourceOf } from "./edit.ts";
import type { Mutant } from "./mutant.ts";

export type Platforms = Mutant["platforms"];
export const silos: Platforms = [["tenant-silos", "production"]];
const all: Platforms = [...silos, ["starter", "production"]];
export const task = "AppServiceRolesTaskRole";
export const execution = "AppServiceRolesExecutionRole";

/** What stands in a template, for a hand that knows where it is. */
export type Loose = EditableResource["Properties"][string];
export interface Allow {
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
  readonly [element: string]: unknown;
}

export const inTenant = (files: ShippedFiles, edit: (template: EditableTemplate) => void) =>
  editTemplate(files, "tenant-silo", edit);
const inFoundation = (files: ShippedFiles, edit: (template: EditableTemplate) => void) =>
  editTemplate(files, "foundation", edit);

export const statementsOf = (template: EditableTemplate, role: string): Loose[] =>
  resourceOf(template, role).Properties["Policies"][0].PolicyDocument.Statement as Loose[];

/** The statement of a role's policy that names the action. */
function statementOf(template: EditableTemplate, role: string, action: string): Loose {
  const found = statementsOf(template, role).find((each) => [each.Action].flat().includes(action));
  assert(found !== undefined, `no statement of ${role} names ${action}`);
  return found;
}

const trustOf = (template: EditableTemplate, role: string): Loose =>
  resourceOf(template, role).Properties["AssumeRolePolicyDocument"].Statement[0];

/** The bucket and its policy, by platform. */
export const bucketOf = (template: EditableTemplate): readonly [bucket: string, policy: string] =>
  template.Resources["Data"] === undefined ? ["Files", "FilesPolicy"] : ["Data", "DataPolicy"];
export const bucketStatements = (template: EditableTemplate): Loose[] =>
  resourceOf(template, bucketOf(template)[1]).Properties["PolicyDocument"].Statement as Loose[];

/** A text with `{Name}` for parameters and resources. */
export const sub = (text: string) => ({ "Fn::Sub": text.replaceAll(/\{([\w:]+)\}/gu, "$${$1}") });
export const account = "{AWS::AccountId}";

export function mutant(
  name: string,
  rule: string,
  mutate: (files: ShippedFiles) => ShippedFiles,
  platforms: Platforms = all,
): Mutant {
  return { name, theme: "iam", rule: `iam/${rule}`, platforms, mutate };
}

/** One more statement in the task role's policy. */
export const gives = (name: string, rule: string, statement: Allow, platforms: Platforms = all): Mutant =>
  mutant(
    name,
    rule,
    (files) =>
      inTenant(
        files,
        (template) => void statementsOf(template, task).push({ Effect: "Allow", ...statement }),
      ),
    platforms,
  );

export const trusts = (name: string, change: (statement: Loose) => void, role = task): Mutant =>
  mutant(name, "roles-assumed-by-services-only", (files) =>
    inTenant(files, (template) => change(trustOf(template, role))),
  );

export const inPolicy = (
  name: string,
  rule: string,
  role: string,
  action: string,
  change: (statement: Loose) => void,
  platforms: Platforms = all,
): Mutant =>
  mutant(
    name,
    rule,
    (files) => inTenant(files, (template) => change(statementOf(template, role, action))),
    platforms,
  );

export const inBucketPolicy = (
  name: string,
  rule: string,
  change: (statements: Loose[], template: EditableTemplate) => void,
): Mutant =>
  mutant(name, rule, (files) => inTenant(files, (template) => change(bucketStatements(template), template)));

export const inBoundary = (name: string, rule: string, change: (statements: Loose[]) => void): Mutant =>
  mutant(name, rule, (files) =>
    inFoundation(files, (template) =>
      change(resourceOf(template, "PermissionsBoundaryPolicy").Properties["PolicyDocument"].Statement),
    ),
  );

export const inKeyPolicy = (name: string, rule: string, change: (statements: Loose[]) => void): Mutant =>
  mutant(name, rule, (files) =>
    inFoundation(files, (template) =>
      change(resourceOf(template, "KeysSecrets").Properties["KeyPolicy"].Statement),
    ),
  );

export const removeSid = (statements: Loose[], sid: string) => {
  const at = statements.findIndex((each) => each.Sid === sid);
  assert(at >= 0, `there is no statement ${sid}`);
  statements.splice(at, 1);
};

export const bucketPattern = (rest: string) => [
  sub(`arn:aws:s3:::saas-platform-${rest}`),
  sub(`arn:aws:s3:::starter-production-files-${rest}`),
];

import { unknownIn } from "../artifacts/mark.ts";
import type { Data, Resource } from "../artifacts/shipment.ts";
import { isFields } from "./read-value.ts";

/** A statement of a policy, wherever it stands in a resource. */
export interface PolicyStatement {
  readonly resource: Resource;
  /** Such as "Policies.0.PolicyDocument": the policy within the resource. */
  readonly path: string;
  /** The Sid, or #0 for the first statement without one. */
  readonly name: string;
  readonly fields: Readonly<Record<string, Data>>;
}

/** A policy that cannot be read. */
export interface UnreadPolicy {
  readonly resource: Resource;
  readonly path: string;
  readonly why: string;
}

export interface Policies {
  readonly statements: readonly PolicyStatement[];
  readonly unread: readonly UnreadPolicy[];
}

/** Properties that hold a policy as an object or as JSON in a text, whatever else the type holds. */
const policyProperties =
  /^(PolicyDocument|AssumeRolePolicyDocument|KeyPolicy|AccessPolicy|AccessPolicies|ResourcePolicy|RepositoryPolicyText|FileSystemPolicy|Policy|PolicyText|Content|ResourcePolicyDocument|InlinePolicy|BusPolicy)$/;

/** What tells a statement of a policy from a rule of a web ACL, which calls its condition a Statement too. */
const statementFields = ["Effect", "Action", "NotAction", "Principal", "NotPrincipal", "NotResource"];

/**
 * Every statement of every policy of a resource. They are found by their form and not by the resource's type: a policy that
 * nobody thought of is looked at as well.
 */
export function policiesOf(resource: Resource): Policies {
  const statements: PolicyStatement[] = [];
  const unread: UnreadPolicy[] = [];
  const visit = (value: Data, path: readonly string[]): void => {
    if (Array.isArray(value)) {
      for (const [index, item] of (value as readonly Data[]).entries()) visit(item, [...path, String(index)]);
      return;
    }
    if (isFields(value)) {
      statements.push(...statementsOf(resource, value, path.join(".")));
      for (const [field, item] of Object.entries(value)) visit(item, [...path, field]);
      return;
    }
    if (typeof value !== "string" || !policyProperties.test(path.at(-1) ?? "")) return;
    const parsed = parsePolicy(value);
    if (parsed === null) return;
    if (typeof parsed === "string") unread.push({ resource, path: path.join("."), why: parsed });
    else visit(parsed, path);
  };
  visit(resource.properties, []);
  return { statements, unread };
}

function statementsOf(
  resource: Resource,
  policy: Readonly<Record<string, Data>>,
  path: string,
): readonly PolicyStatement[] {
  const written = policy["Statement"];
  if (written === undefined) return [];
  const list = Array.isArray(written) ? (written as readonly Data[]) : [written];
  return list
    .filter((statement) => isFields(statement))
    .filter((statement) => statementFields.some((field) => Object.hasOwn(statement, field)))
    .map((fields, index) => {
      const sid = fields["Sid"];
      return { resource, path, name: typeof sid === "string" && sid !== "" ? sid : `#${index}`, fields };
    });
}

/** The policy in a text; null where the text is none, and why where it cannot be read. */
function parsePolicy(text: string): Data | null | string {
  const why = unknownIn(text);
  if (why !== undefined) return why;
  if (!text.trimStart().startsWith("{")) return null;
  try {
    return JSON.parse(text) as Data;
  } catch {
    return "the text is no JSON";
  }
}

/** Where a statement stands, for a witness. */
export function placeOf({ path, name }: PolicyStatement): string {
  return `statement ${name} of ${path === "" ? "its policy" : path}`;
}

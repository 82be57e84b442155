import { type Finding, notApplicable, refuted } from "../../../rule.ts";
import { authorize } from "../evaluate/authorize.ts";
import { absent, type ContextLookup, type ContextValue } from "../evaluate/context.ts";
import { fillVariables } from "../evaluate/policy-variables.ts";
import { describeDeciders, distinct, type IamRule, listed } from "../iam-rule.ts";
import type { Holder, Need, Role, Target } from "../model/iam-model.ts";
import { type Condition, type Policy, type Statement, statementName } from "../policy/policy.ts";
import { type IamView, tenantHolders } from "../survey.ts";
import { policiesFor } from "../worst-case/reach.ts";
import { roleContext, sessionOf } from "../worst-case/role-context.ts";
import { worstCaseMatching } from "../worst-case/worst-case-matching.ts";

export const ownAccessWorks: IamRule = {
  id: "iam/own-access-works",
  why: "tenants that reach nothing are kept apart as well, and of no use",
  fix: "let the boundary, the bucket's policy and the key's policy admit what the tenant's role is for",
  judge: (view) => {
    const holders = tenantHolders(view.model);
    if (holders.every(({ roles }) => roles.length === 0))
      return [notApplicable("tenants", "no tenant has a role of its own")];
    const shared = new Map(view.model.shared.targets.map((target) => [target.arn, target]));
    return listed(distinct(holders.flatMap((holder) => judgeHolder(holder, shared, view))));
  },
};

type Targets = ReadonlyMap<string, Target>;

function judgeHolder(holder: Holder, shared: Targets, view: IamView): readonly Finding[] {
  const own = new Map(holder.targets.map((target) => [target.arn, target]));
  const find = (resource: string): Target | null =>
    own.get(resource) ??
    shared.get(resource) ??
    own.get(resource.replace(/\/.*$/u, "")) ??
    shared.get(resource.replace(/\/.*$/u, "")) ??
    null;
  return [
    ...holder.roles.flatMap((role) => judgeRole(role, find, view)),
    ...holder.needs.flatMap((need) => judgeNeed(need, holder, find, view)),
  ];
}

/** Everything that the policies of the role allow by name must be allowed by everybody else who has a say. */
function judgeRole(role: Role, find: (resource: string) => Target | null, view: IamView): readonly Finding[] {
  return role.identity.flatMap(({ policy, name }) =>
    policy.statements
      .filter((statement) => statement.effect === "Allow" && !statement.actions.negated)
      .flatMap((statement) =>
        statement.actions.patterns
          .filter((action) => !/[*?]/u.test(action))
          .flatMap((action) =>
            resourcesOf(statement, policy, role).flatMap((resource) => {
              const why = `which ${statementName(statement)} of ${name} is for`;
              return judgeAccess(role, action, resource, statement.conditions, find, view, why);
            }),
          ),
      ),
  );
}

function judgeNeed(
  { key, roleArn, action, resource }: Need,
  { roles }: Holder,
  find: (resource: string) => Target | null,
  view: IamView,
): readonly Finding[] {
  const role = roles.find(({ arn }) => arn === roleArn);
  if (role === undefined)
    return [refuted(key, `its execution role ${roleArn} is not one of the tenant's own`)];
  return judgeAccess(role, action, resource, [], find, view, `which ${key} needs`);
}

function judgeAccess(
  role: Role,
  action: string,
  resource: string,
  conditions: readonly Condition[],
  find: (resource: string) => Target | null,
  view: IamView,
  why: string,
): readonly Finding[] {
  const target = find(resource);
  const policy = target?.policy ?? (/^kms:/iu.test(action) ? view.keyPolicy(resource) : null);
  const request = {
    principal: sessionOf(role),
    action,
    resource,
    resourceAccount: role.account,
    context: friendlyContext(role, target, resource, conditions),
  };
  const decision = authorize(request, policiesFor(role, policy), {
    reading: "surely",
    matching: worstCaseMatching,
  });
  if (decision.outcome === "allowed") return [];
  const because =
    decision.outcome === "explicitly-denied"
      ? `${describeDeciders(decision.by)} denies it`
      : `${decision.lacking} does not allow it`;
  return [refuted(role.key, `it cannot ${action} ${resource}, ${why}: ${because}`)];
}

/** A resource that each pattern is for. */
function resourcesOf({ resources }: Statement, { version }: Policy, role: Role): readonly string[] {
  if (resources === null || resources.negated) return [];
  return resources.patterns.flatMap((text) => {
    const pattern = fillVariables(text, version, roleContext(role, null, ""), true);
    if (pattern === null) return [];
    const filled = pattern
      .map((part) => (part.kind === "text" ? part.text : part.kind === "one" ? "x" : "*"))
      .join("");
    return [filled === "*" ? "*" : filled.replaceAll("*", "x")];
  });
}

/** A request as the tenant's own software makes it: encrypted, in its region, as the statement's conditions want it. */
function friendlyContext(
  role: Role,
  target: Target | null,
  resource: string,
  conditions: readonly Condition[],
): ContextLookup {
  const fixed = roleContext(role, target, resource);
  const wanted = new Map(conditions.flatMap((condition) => wantedValue(condition)));
  return (key) => {
    const value = fixed(key);
    if (value.kind !== "any") return value;
    const own = wanted.get(key);
    if (own !== undefined) return own;
    if (key === "aws:securetransport") return { kind: "single", value: "true" };
    if (key === "aws:requestedregion") return { kind: "single", value: role.region };
    return absent;
  };
}

function wantedValue({ operator, key, values }: Condition): readonly (readonly [string, ContextValue])[] {
  const [first = ""] = values;
  if (operator.comparison === "null")
    return first.toLowerCase() === "true" ? [] : [[key, { kind: "single", value: "x" }]];
  if (operator.negated) return [];
  const value = first.replaceAll("*", "x").replaceAll("?", "x");
  return [
    [key, operator.quantifier === null ? { kind: "single", value } : { kind: "many", values: [value] }],
  ];
}

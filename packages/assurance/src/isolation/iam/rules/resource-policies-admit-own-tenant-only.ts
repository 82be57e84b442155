import { type Finding, notApplicable, refuted } from "../../../rule.ts";
import { type ApplicablePolicies, authorize, noPolicies } from "../evaluate/authorize.ts";
import { absent, anyValue, type ContextLookup } from "../evaluate/context.ts";
import type { Matching } from "../evaluate/matching.ts";
import type { Principal } from "../evaluate/request.ts";
import { describeDeciders, distinct, type IamRule, listed } from "../iam-rule.ts";
import type { Holder, IamModel, Role, Target } from "../model/iam-model.ts";
import { type PrincipalPattern, statementName } from "../policy/policy.ts";
import type { IamView } from "../survey.ts";
import { anyText } from "../worst-case/free-text.ts";
import { actionsOf } from "../worst-case/reach.ts";
import { roleContext, sessionOf } from "../worst-case/role-context.ts";
import { worstCaseMatching } from "../worst-case/worst-case-matching.ts";

const foreignAccount = "000000000000";

export const resourcePoliciesAdmitOwnTenantOnly: IamRule = {
  id: "iam/resource-policies-admit-own-tenant-only",
  why: "in one account the policy of a resource lets somebody in without any policy of theirs",
  fix: "name who is admitted: roles of the same tenant, or services with aws:SourceArn or aws:SourceAccount",
  judge: (view) => {
    const { model } = view;
    const holders = [model.shared, ...model.tenants];
    const guarded = holders.flatMap((holder) =>
      holder.targets.filter(({ policy }) => policy !== null).map((target) => [holder, target] as const),
    );
    const any = model.anyTenants.flatMap(({ a }) =>
      a.targets.filter(({ policy }) => policy !== null).map((target) => [a, target] as const),
    );
    if (guarded.length + any.length === 0)
      return [notApplicable("resources", "nothing has a policy of its own")];
    return listed(
      distinct([...guarded, ...any].flatMap(([holder, target]) => judgeTarget(target, holder, view))),
    );
  },
};

function judgeTarget(target: Target, holder: Holder, view: IamView): readonly Finding[] {
  const { policy } = target;
  // Trust policies and keys have rules of their own.
  if (policy === null || target.type === "AWS::IAM::Role" || target.type.startsWith("AWS::KMS::")) return [];
  const allows = policy.policy.statements.filter(({ effect }) => effect === "Allow");
  if (allows.length === 0) return [];
  const named = allows.flatMap((statement) =>
    (statement.principals?.principals ?? []).flatMap((principal) => {
      const whom = stranger(principal, holder, view.model);
      return whom === null
        ? []
        : [refuted(target.key, `${statementName(statement)} of ${policy.name} admits ${whom}`)];
    }),
  );
  return [...named, ...strangersFor(holder, view).flatMap((someone) => judgeStranger(target, someone))];
}

/** Somebody by name who is not of the same tenant. */
function stranger(principal: PrincipalPattern, holder: Holder, { account, shared }: IamModel): string | null {
  if (principal.kind === "account")
    return principal.account === account ? null : `the account ${principal.account}`;
  if (principal.kind === "federated") return principal.provider;
  if (principal.kind !== "arn") return null;
  const own = [...holder.roles, ...shared.roles].some(({ arn }) => arn === principal.arn);
  return own ? null : principal.arn;
}

interface Stranger {
  readonly who: string;
  readonly principal: Principal;
  readonly context: (target: Target, resource: string) => ContextLookup;
  /** Somebody of another account brings the policies that it takes. */
  readonly policies: Pick<ApplicablePolicies, "identity">;
  readonly matching: Matching;
}

function strangersFor(holder: Holder, { model, matchingOfAny }: IamView): readonly Stranger[] {
  const others = [...model.tenants, ...model.anyTenants.map(({ b }) => b)];
  const other = others.find(({ tenant, roles }) => tenant !== holder.tenant && roles.length > 0);
  const neighbour = holder.tenant === null ? undefined : other?.roles[0];
  return [
    ...(neighbour === undefined ? [] : [roleOfAnother(neighbour, matchingOfAny)]),
    foreigner,
    nobody,
    service,
  ];
}

const roleOfAnother = (role: Role, matching: Matching): Stranger => ({
  who: `the role ${role.key} of another tenant`,
  principal: sessionOf(role),
  context: (target, resource) => roleContext(role, target, resource),
  policies: { identity: [] },
  matching,
});

const foreignRole = `arn:aws:iam::${foreignAccount}:role/${anyText}`;
const everything = {
  name: "policies of another account",
  policy: {
    version: "2012-10-17",
    statements: [
      {
        index: 0,
        sid: null,
        effect: "Allow",
        principals: null,
        actions: { negated: false, patterns: ["*"] },
        resources: { negated: false, patterns: ["*"] },
        conditions: [],
      },
    ],
  },
} as const;

const foreigner: Stranger = {
  who: "somebody of another account",
  principal: { kind: "role-session", account: foreignAccount, roleArn: foreignRole, sessionArn: foreignRole },
  context: () => (key) => {
    if (key === "aws:principalaccount" || key === "kms:calleraccount")
      return { kind: "single", value: foreignAccount };
    if (key === "aws:principalarn") return { kind: "single", value: foreignRole };
    if (key === "aws:principalisawsservice") return { kind: "single", value: "false" };
    if (ofNetworksAndOrganizations.test(key)) return { kind: "single", value: "somebody-else" };
    return /^aws:source(arn|account)$/u.test(key) ? absent : anyValue;
  },
  policies: { identity: [everything] },
  matching: worstCaseMatching,
};

/** What nobody outside can have: the platform's networks, and its organization. */
const ofNetworksAndOrganizations =
  /^aws:(sourcevpc|sourcevpce|principalorgid|principalorgpaths|sourceorgid|vpceaccount|vpceorgid)$/u;

const nobody: Stranger = {
  who: "anybody without signing in",
  principal: { kind: "anonymous" },
  context: () => (key) => {
    if (/^aws:principal(tag\/.*|arn|account|type)$/u.test(key) || /^aws:source(arn|account)$/u.test(key))
      return absent;
    if (key === "aws:principalisawsservice") return { kind: "single", value: "false" };
    return ofNetworksAndOrganizations.test(key) ? absent : anyValue;
  },
  policies: { identity: [] },
  matching: worstCaseMatching,
};

const service: Stranger = {
  ...nobody,
  who: "a service that acts for another account",
  principal: { kind: "service", service: "any" },
  context: () => (key) => {
    if (key === "aws:sourceaccount") return { kind: "single", value: foreignAccount };
    if (key === "aws:sourcearn")
      return { kind: "single", value: `arn:aws:s3:us-east-1:${foreignAccount}:${anyText}` };
    if (key === "aws:principalisawsservice") return { kind: "single", value: "true" };
    return key.startsWith("aws:principal") || ofNetworksAndOrganizations.test(key) ? absent : anyValue;
  },
};

const withoutPolicies = { identity: [], boundary: { kind: "none" } } as const;

function judgeStranger(target: Target, stranger: Stranger): readonly Finding[] {
  return asServices(target, stranger).flatMap((someone) => {
    const hit = target.subjects.flatMap((resource) => {
      return actionsOf(withoutPolicies, target.policy, resource).flatMap((action) => {
        const request = {
          principal: someone.principal,
          action,
          resource,
          resourceAccount: "own",
          context: someone.context(target, resource),
        };
        const own =
          "account" in someone.principal
            ? { resourceAccount: ownAccount(target, someone.principal.account) }
            : {};
        const policies = { ...noPolicies, ...someone.policies, resource: target.policy };
        const decision = authorize({ ...request, ...own }, policies, { matching: someone.matching });
        return decision.outcome === "allowed" ? [{ action, resource, by: decision.by }] : [];
      });
    });
    const [first] = hit;
    if (first === undefined) return [];
    const by = describeDeciders(first.by.filter(({ policy }) => policy !== everything.name));
    return [refuted(target.key, `${someone.who} can ${first.action} ${first.resource} by ${by}`)];
  });
}

/** Whoever is of another account is; everybody else is of the same. */
const ownAccount = (target: Target, account: string): string =>
  account === foreignAccount ? (target.arn.split(":")[4] ?? "") : account;

/** One stranger for each service that the policy names. */
function asServices(target: Target, stranger: Stranger): readonly Stranger[] {
  if (stranger.principal.kind !== "service") return [stranger];
  const patterns =
    target.policy?.policy.statements.flatMap(({ principals }) => principals?.principals ?? []) ?? [];
  const services = new Set(
    patterns.flatMap((pattern) => (pattern.kind === "service" ? [pattern.service] : [])),
  );
  return [...services].map((name) => ({
    ...stranger,
    who: `${name} for another account`,
    principal: { kind: "service", service: name },
  }));
}

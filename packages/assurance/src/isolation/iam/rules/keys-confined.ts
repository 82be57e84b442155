import { type Finding, notApplicable, refuted } from "../../../rule.ts";
import { authorize } from "../evaluate/authorize.ts";
import { absent, type ContextLookup } from "../evaluate/context.ts";
import { matchResource } from "../evaluate/match-statement.ts";
import { describeDeciders, distinct, type IamRule, listed } from "../iam-rule.ts";
import type { Holder, Role, Target } from "../model/iam-model.ts";
import type { Statement } from "../policy/policy.ts";
import { type IamView, tenantHolders } from "../survey.ts";
import { actionsOf, policiesFor } from "../worst-case/reach.ts";
import { roleContext, sessionOf } from "../worst-case/role-context.ts";
import { worstCaseMatching } from "../worst-case/worst-case-matching.ts";

/** Actions that use a key, rather than describe it. */
const uses = /^kms:(?!describe|list|get)/iu;

export const keysConfined: IamRule = {
  id: "iam/keys-confined",
  why: "a key that tenants share decrypts what is another's as well as one's own",
  fix: "allow a shared key through the service only (kms:ViaService), for the tenant's own encryption context",
  judge: (view) => {
    const { model } = view;
    const keys = [model.shared, ...model.tenants].flatMap(({ targets }) => targets.filter(isKey));
    if (keys.length === 0) return [notApplicable("keys", "the platform has no key of its own")];
    return listed(
      distinct([
        ...keys.flatMap((key) => judgeKeyPolicy(key, view)),
        ...tenantHolders(model).flatMap((holder) => judgeUses(holder, model.shared, view)),
      ]),
    );
  },
};

const isKey = ({ type }: Target): boolean => type === "AWS::KMS::Key" || type === "AWS::KMS::ReplicaKey";

function judgeUses({ roles }: Holder, shared: Holder, view: IamView): readonly Finding[] {
  const keys = shared.targets.filter(isKey);
  return roles.flatMap((role) =>
    keys.filter((key) => mayUse(role, key)).flatMap((key) => judgeUse(role, key, view)),
  );
}

function mayUse(role: Role, { arn }: Target): boolean {
  const asked = { resource: arn, context: roleContext(role, null, arn) };
  return role.identity.some(({ policy }) =>
    policy.statements.some(
      ({ effect, actions, resources }) =>
        effect === "Allow" &&
        mayName(actions) &&
        (resources === null || matchResource(resources, policy.version, asked, worstCaseMatching) !== "no"),
    ),
  );
}

const mayName = ({ negated, patterns }: Statement["actions"]): boolean =>
  negated || patterns.some((pattern) => pattern === "*" || /^kms:/iu.test(pattern));

/** The two ways around: by itself instead of through the service, and for whatever content. */
const ways = [
  ["by itself, not through a service", (key: string) => key === "kms:viaservice"],
  ["for any content, whosever it is", (key: string) => key.startsWith("kms:encryptioncontext")],
] as const;

function judgeUse(role: Role, key: Target, view: IamView): readonly Finding[] {
  const policies = policiesFor(role, view.keyPolicy(key.arn));
  const fixed = roleContext(role, key, key.arn);
  const actions = actionsOf(role, policies.resource, key.arn).filter((action) => uses.test(action));
  return actions.flatMap((action) =>
    ways.flatMap(([how, isMissing]) => {
      const context: ContextLookup = (name) => (isMissing(name) ? absent : fixed(name));
      const request = {
        principal: sessionOf(role),
        action,
        resource: key.arn,
        resourceAccount: role.account,
        context,
      };
      const decision = authorize(request, policies, { matching: worstCaseMatching });
      return decision.outcome === "allowed"
        ? [refuted(role.key, `it can ${action} with ${key.key} ${how}, by ${describeDeciders(decision.by)}`)]
        : [];
    }),
  );
}

/** A key's policy gives to its account, to services, and to roles of its own tenant. */
function judgeKeyPolicy(key: Target, { model }: IamView): readonly Finding[] {
  const { policy } = key;
  if (policy === null) return [refuted(key.key, "it has no policy that could be read")];
  const own = new Set(
    [model.shared, ...model.tenants.filter(({ tenant }) => tenant === key.tenant)].flatMap(({ roles }) =>
      roles.map(({ arn }) => arn),
    ),
  );
  return policy.policy.statements
    .filter(({ effect }) => effect === "Allow")
    .flatMap(({ principals, sid, index, conditions }) => {
      const name = `statement ${sid ?? index} of ${policy.name}`;
      if (principals?.negated === true) return [refuted(key.key, `${name} admits everybody but some`)];
      return (principals?.principals ?? []).flatMap((principal): readonly Finding[] => {
        switch (principal.kind) {
          case "everyone":
            return conditions.some(confinesToAccount(model.account))
              ? []
              : [refuted(key.key, `${name} admits everybody`)];
          case "account":
            return principal.account === model.account
              ? []
              : [refuted(key.key, `${name} admits the account ${principal.account}`)];
          case "arn":
            return own.has(principal.arn) ? [] : [refuted(key.key, `${name} admits ${principal.arn}`)];
          case "service":
            return [];
          case "federated":
            return [refuted(key.key, `${name} admits ${principal.provider}`)];
          case "unique-id":
            return [refuted(key.key, `${name} admits ${principal.id}`)];
        }
      });
    });
}

/** Everybody of the account, through a service: what AWS's own keys say. */
const confinesToAccount =
  (account: string) =>
  ({ key, operator, values }: Statement["conditions"][number]): boolean =>
    (key === "kms:calleraccount" || key === "aws:principalaccount") &&
    operator.name === "StringEquals" &&
    values.every((value) => value === account);

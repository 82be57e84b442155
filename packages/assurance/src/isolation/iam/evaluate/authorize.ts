import type { Policy, Statement } from "../policy/policy.ts";
import { both, type Certainty } from "./certainty.ts";
import { grantAllows, type KeyGrant } from "./key-grant.ts";
import type { Matching } from "./matching.ts";
import { exactMatching } from "./matching.ts";
import { matchPrincipal, type PrincipalMatch } from "./match-principal.ts";
import { matchStatement } from "./match-statement.ts";
import { type AccessRequest, accountOf, serviceOf } from "./request.ts";

/** A policy and how people find it. */
export interface NamedPolicy {
  readonly name: string;
  readonly policy: Policy;
}

/** Every policy that has a say. What is null does not apply; what is an empty list applies and allows nothing. */
export interface ApplicablePolicies {
  readonly identity: readonly NamedPolicy[];
  /** Of the resource; of a role, its trust policy; of a key, its key policy. */
  readonly resource: NamedPolicy | null;
  readonly boundary: readonly NamedPolicy[] | null;
  readonly session: readonly NamedPolicy[] | null;
  /** By level of the organization; each level must allow. */
  readonly serviceControl: readonly (readonly NamedPolicy[])[];
  readonly vpcEndpoint: readonly NamedPolicy[] | null;
  readonly grants: readonly KeyGrant[];
}

export const noPolicies: ApplicablePolicies = Object.freeze({
  identity: [],
  resource: null,
  boundary: null,
  session: null,
  serviceControl: [],
  vpcEndpoint: null,
  grants: [],
});

/** A statement that matches. */
export interface Decider {
  readonly policy: string;
  readonly statement: Statement;
}

export interface Decision {
  readonly outcome: "allowed" | "implicitly-denied" | "explicitly-denied";
  /** The statements that deny, or those that allow. */
  readonly by: readonly Decider[];
  /** What would have to allow and does not. */
  readonly lacking: string | null;
}

/**
 * What counts where something is not known. `worst-case`: an Allow that may match counts, a Deny only if it must.
 * `surely`: an Allow only if it must, a Deny if it may. With a complete context they are the same.
 */
export type Reading = "worst-case" | "surely";

export interface AuthorizeOptions {
  readonly matching?: Matching;
  readonly reading?: Reading;
}

/** Decides as AWS does. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html */
export function authorize(
  request: AccessRequest,
  policies: ApplicablePolicies,
  { matching = exactMatching, reading = "worst-case" }: AuthorizeOptions = {},
): Decision {
  const bounded = policies.boundary !== null;
  const judge = (applied: readonly NamedPolicy[]) =>
    applyPolicies(applied, { request, matching, reading, bounded });
  const isService = request.principal.kind === "service";
  const identity = judge(policies.identity);
  const resource = judge(policies.resource === null ? [] : [policies.resource]);
  const boundary = policies.boundary === null ? null : judge(policies.boundary);
  const session = policies.session === null ? null : judge(policies.session);
  // Policies of the organization do not bind what AWS's services do by themselves.
  const levels = isService ? [] : policies.serviceControl.map(judge);
  const endpoint = policies.vpcEndpoint === null ? null : judge(policies.vpcEndpoint);
  const all = [identity, resource, boundary, session, ...levels, endpoint].filter((each) => each !== null);
  const denials = all.flatMap(({ denials: found }) => found);
  if (denials.length > 0) return { outcome: "explicitly-denied", by: denials, lacking: null };
  if (levels.some((level) => level.allows.length === 0)) return lacking("a service control policy");
  if (endpoint !== null && endpoint.allows.length === 0) return lacking("the VPC endpoint's policy");
  return combine(request, policies, { identity, resource, boundary, session }, reading);
}

interface Applied {
  readonly allows: readonly (Decider & { readonly as: PrincipalMatch["as"] })[];
  readonly denials: readonly Decider[];
}

interface Applying {
  readonly request: AccessRequest;
  readonly matching: Matching;
  readonly reading: Reading;
  /** Whether who acts has a permissions boundary. */
  readonly bounded: boolean;
}

function applyPolicies(
  policies: readonly NamedPolicy[],
  { request, matching, reading, bounded }: Applying,
): Applied {
  const allows: (Decider & { readonly as: PrincipalMatch["as"] })[] = [];
  const denials: Decider[] = [];
  for (const { name, policy } of policies)
    for (const statement of policy.statements) {
      const { as, match } = matchWho(statement, request, bounded);
      if (match === "no") continue;
      const matched = both(match, matchStatement(statement, policy.version, request, matching));
      if (!counts(matched, statement.effect, reading)) continue;
      if (statement.effect === "Deny") denials.push({ policy: name, statement });
      else allows.push({ policy: name, statement, as });
    }
  return { allows, denials };
}

/**
 * "NotPrincipal with the Deny effect will always deny any IAM principal that has a permissions boundary policy attached,
 * regardless of the values specified". https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
function matchWho(
  { principals, effect }: Statement,
  { principal }: AccessRequest,
  bounded: boolean,
): PrincipalMatch {
  if (principals === null) return { as: "direct", match: "yes" };
  if (principals.negated && effect === "Deny" && bounded) return { as: "everyone", match: "yes" };
  return matchPrincipal(principals, principal);
}

function counts(match: Certainty, effect: Statement["effect"], reading: Reading): boolean {
  return match === "yes" || (match === "maybe" && (effect === "Allow") === (reading === "worst-case"));
}

interface Sides {
  readonly identity: Applied;
  readonly resource: Applied;
  readonly boundary: Applied | null;
  readonly session: Applied | null;
}

function combine(
  request: AccessRequest,
  policies: ApplicablePolicies,
  sides: Sides,
  reading: Reading,
): Decision {
  const { identity, resource } = sides;
  const account = accountOf(request.principal);
  // Somebody without an account has nothing but the resource's policy.
  if (account === null)
    return resource.allows.length > 0 ? allowed(resource.allows) : lacking("the policy of the resource");
  const bounded = boundsAllow(sides);
  const isUnbounded = (as: PrincipalMatch["as"]) =>
    as === "direct" || (as === "everyone" && (bounded === null || reading === "worst-case"));
  const direct = resource.allows.filter(({ as }) => isUnbounded(as));
  const byIdentity = identity.allows.length > 0 || request.principal.kind === "root";
  if (policies.grants.some((grant) => grantAllows(grant, request)))
    return { outcome: "allowed", by: [], lacking: null };
  if (account !== request.resourceAccount) {
    if (!byIdentity) return lacking("a policy of who acts, in another account");
    if (resource.allows.length === 0) return lacking("the policy of the resource, in another account");
    return bounded ?? allowed([...identity.allows, ...resource.allows]);
  }
  if (direct.length > 0) return allowed(direct);
  const toRole = resource.allows.filter(({ as }) => as === "role");
  if (toRole.length > 0 && bounded === null) return allowed(toRole);
  if (needsResourcePolicy(request) && resource.allows.length === 0)
    return lacking(serviceOf(request.action) === "kms" ? "the key's policy" : "the role's trust policy");
  if (!byIdentity) return bounded ?? lacking("a policy of who acts");
  return bounded ?? allowed(identity.allows);
}

/** A key or a role is reached only through its own policy, in its own account too. */
function needsResourcePolicy({ action }: AccessRequest): boolean {
  return serviceOf(action) === "kms" || action.toLowerCase().startsWith("sts:assumerole");
}

function boundsAllow({ boundary, session }: Sides): Decision | null {
  if (boundary !== null && boundary.allows.length === 0) return lacking("the permissions boundary");
  if (session !== null && session.allows.length === 0) return lacking("the session's policy");
  return null;
}

const lacking = (what: string): Decision => ({ outcome: "implicitly-denied", by: [], lacking: what });
const allowed = (by: readonly Decider[]): Decision => ({
  outcome: "allowed",
  by: by.map(({ policy, statement }) => ({ policy, statement })),
  lacking: null,
});

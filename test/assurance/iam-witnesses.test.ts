import { assert } from "@tenantry/base";
import { describe, expect, it } from "vitest";
import { readShipment } from "../../packages/assurance/src/artifacts/read-shipment.ts";
import type { Data } from "../../packages/assurance/src/artifacts/shipment.ts";
import {
  authorize,
  type NamedPolicy,
} from "../../packages/assurance/src/isolation/iam/evaluate/authorize.ts";
import { readIam } from "../../packages/assurance/src/isolation/iam/model/read-iam.ts";
import type {
  Policy,
  PrincipalPattern,
  Statement,
} from "../../packages/assurance/src/isolation/iam/policy/policy.ts";
import { type Hit, surveyIam } from "../../packages/assurance/src/isolation/iam/survey.ts";
import { allPolicies } from "../../packages/assurance/src/isolation/iam/worst-case/find-request.ts";
import type { IamCase } from "./iam-cases.ts";
import { type Outcome, simulate } from "./iam-oracle.ts";
import { iamMutants } from "./mutants/iam-mutants.ts";
import { shippedFiles } from "./shipped-platform.ts";

/*
 * Every witness is a complete request. It is held against the plain evaluator, and against the simulator, which knows
 * nothing of worst cases: both must let it through.
 */
const reaching = iamMutants.filter(({ rule }) =>
  ["iam/any-two-tenants-apart", "iam/roles-reach-own-tenant-only", "iam/roles-name-own-resources"].includes(
    rule,
  ),
);

async function hitsOf({ platforms, mutate }: (typeof iamMutants)[number]): Promise<readonly Hit[]> {
  const [first] = platforms;
  assert(first !== undefined, "a mutant is of some platform");
  const { concrete, any } = surveyIam(readIam(readShipment(mutate(await shippedFiles(...first)))));
  return [...concrete.hits, ...any.hits];
}

describe("a witness", () => {
  it.each(reaching)("of $name is let through by the plain evaluator and by the simulator", async (mutant) => {
    const hits = await hitsOf(mutant);
    const found = hits.filter((hit) => hit.found !== null);
    expect(found.length).toBeGreaterThan(0);
    for (const { reach, found: witness } of found) {
      assert(witness !== null, "only complete requests are looked at");
      expect(authorize(witness.request, reach.policies, { reading: "surely" }).outcome).toBe("allowed");
    }
    // The simulator takes a millisecond each; a few of every mutant are enough.
    const outcomes = await Promise.all(found.filter(isKnownToSimulator).slice(0, 4).map(outcomeOf));
    expect(outcomes.filter((outcome) => outcome !== null && outcome !== "allowed")).toEqual([]);
  });
});

/** The simulator knows no encryption contexts (see the differences in iam-evaluator.test.ts), and real actions only. */
const isKnownToSimulator = ({ reach, found }: Hit): boolean =>
  found !== null && reach.question.context === null && !found.request.action.endsWith(":Anything");

/** Null where its data says that the action names other resources; ours takes an action to name any of its service. */
async function outcomeOf(hit: Hit): Promise<Outcome | null> {
  try {
    return (await simulate(caseOf(hit))).outcome;
  } catch (error) {
    if (String(error).includes("no.resource.types")) return null;
    throw error;
  }
}

/** The same request as documents and plain text: marks become text of the right form. */
function caseOf({ reach, found }: Hit): IamCase {
  assert(found !== null, "only complete requests are looked at");
  const { request } = found;
  const { policies } = reach;
  const { principal, context } = request;
  assert(principal.kind === "role-session", "only roles ask");
  const keys = new Set(
    allPolicies(policies).flatMap(({ policy }) =>
      policy.statements.flatMap(({ conditions, resources }) => [
        ...conditions.map(({ key }) => key),
        ...[...conditions.flatMap(({ values }) => values), ...(resources?.patterns ?? [])].flatMap((text) =>
          [...text.matchAll(/\$\{([^{}$*?,\s']+)/gu)].map(([, key = ""]) => key.toLowerCase()),
        ),
      ]),
    ),
  );
  const values = [...keys].flatMap((key): readonly (readonly [string, string | readonly string[]])[] => {
    const value = context(key);
    if (value.kind === "single") return [[key, plain(value.value)] as const];
    return value.kind === "many" ? [[key, value.values.map(plain)] as const] : [];
  });
  const document = ({ policy }: NamedPolicy) => plainData(documentOf(policy)) as Record<string, Data>;
  return {
    principal: plain(principal.sessionArn),
    action: request.action,
    resource: plain(request.resource),
    resourceAccount: plain(request.resourceAccount),
    context: Object.fromEntries(values),
    identity: policies.identity.map(document),
    resourcePolicy:
      policies.resource === null || policies.resource.policy.statements.length === 0
        ? null
        : document(policies.resource),
    boundary: policies.boundary?.map(document) ?? null,
    session: null,
    serviceControl: [],
    vpcEndpoint: null,
  };
}

const plain = (text: string): string =>
  text
    .replaceAll("⟨account⟩", "111111111111")
    .replaceAll(/(?<=:key\/)⟨[^⟩]*⟩/gu, "0e2f4c33-3d1a-4f5a-9f07-6d3f0b8c2d11")
    .replaceAll(/⟨[^⟩]*⟩/gu, "AbCdEf");

function plainData(value: Data): Data {
  if (typeof value === "string") return plain(value);
  if (Array.isArray(value)) return (value as readonly Data[]).map(plainData);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [plain(key), plainData(each as Data)]),
  );
}

/** The document that a policy was read from. */
function documentOf({ version, statements }: Policy): Data {
  return { Version: version, Statement: statements.map(statementDocument) };
}

function statementDocument({ effect, principals, actions, resources, conditions }: Statement): Data {
  const block: Record<string, Record<string, Data>> = {};
  for (const { operator, key, values } of conditions)
    block[operator.name] = { ...block[operator.name], [key]: [...values] };
  return {
    Effect: effect,
    ...(principals === null
      ? {}
      : { [principals.negated ? "NotPrincipal" : "Principal"]: principalDocument(principals.principals) }),
    [actions.negated ? "NotAction" : "Action"]: [...actions.patterns],
    ...(resources === null
      ? {}
      : { [resources.negated ? "NotResource" : "Resource"]: [...resources.patterns] }),
    ...(conditions.length === 0 ? {} : { Condition: block }),
  };
}

function principalDocument(principals: readonly PrincipalPattern[]): Data {
  if (principals.some(({ kind }) => kind === "everyone")) return "*";
  const of = (kind: string, text: (pattern: PrincipalPattern) => string | null): Data =>
    Object.fromEntries(
      [[kind, principals.flatMap((each) => text(each) ?? [])]].filter(([, list]) => (list?.length ?? 0) > 0),
    );
  return {
    ...(of("AWS", (each) =>
      each.kind === "account" ? `arn:aws:iam::${each.account}:root` : each.kind === "arn" ? each.arn : null,
    ) as object),
    ...(of("Service", (each) => (each.kind === "service" ? each.service : null)) as object),
  };
}

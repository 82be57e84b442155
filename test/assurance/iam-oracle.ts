import { runSimulation } from "@cloud-copilot/iam-simulate";
import { assert } from "@tenantry/base";
import type { Data } from "../../packages/assurance/src/artifacts/shipment.ts";
import {
  type ApplicablePolicies,
  authorize,
  type NamedPolicy,
  type Reading,
} from "../../packages/assurance/src/isolation/iam/evaluate/authorize.ts";
import { contextOf } from "../../packages/assurance/src/isolation/iam/evaluate/context.ts";
import type { Principal } from "../../packages/assurance/src/isolation/iam/evaluate/request.ts";
import { parsePolicy } from "../../packages/assurance/src/isolation/iam/policy/parse-policy.ts";
import type { PolicyKind } from "../../packages/assurance/src/isolation/iam/policy/policy.ts";
import type { IamCase } from "./iam-cases.ts";

export type Outcome = "allowed" | "implicitly-denied" | "explicitly-denied";

const outcomes: Readonly<Record<string, Outcome>> = {
  Allowed: "allowed",
  ImplicitlyDenied: "implicitly-denied",
  ExplicitlyDenied: "explicitly-denied",
};

/** What the simulator decides, and the keys of the context that it says do not belong to the action. */
export async function simulate(
  given: IamCase,
): Promise<{ readonly outcome: Outcome; readonly ignored: readonly string[] }> {
  const named = (documents: readonly Data[]) =>
    documents.map((policy, index) => ({ name: `p${index}`, policy }));
  const result = await runSimulation(
    {
      request: {
        principal: given.principal,
        action: given.action,
        resource: { resource: given.resource, accountId: given.resourceAccount },
        contextVariables: given.context as Record<string, string | string[]>,
      },
      identityPolicies: named(given.identity),
      serviceControlPolicies: given.serviceControl.map((level, index) => ({
        orgIdentifier: `o${index}`,
        policies: named(level),
      })),
      resourceControlPolicies: [],
      ...(given.resourcePolicy === null ? {} : { resourcePolicy: given.resourcePolicy }),
      ...(given.boundary === null ? {} : { permissionBoundaryPolicies: named(given.boundary) }),
      ...(given.session === null ? {} : { sessionPolicy: given.session }),
      ...(given.vpcEndpoint === null ? {} : { vpcEndpointPolicies: named(given.vpcEndpoint) }),
    },
    { simulationMode: "Strict" },
  );
  assert(result.resultType === "single", `the simulator refuses the case: ${JSON.stringify(result)}`);
  const outcome = outcomes[result.overallResult];
  assert(outcome !== undefined, `an outcome of the simulator is not known: ${result.overallResult}`);
  return { outcome, ignored: result.result.ignoredContextKeys ?? [] };
}

/** What our evaluator decides. */
export function decide(given: IamCase, ignored: readonly string[], reading: Reading = "worst-case"): Outcome {
  const context = Object.entries(given.context).filter(([key]) => !ignored.includes(key));
  return authorize(
    {
      principal: principalOf(given.principal),
      action: given.action,
      resource: given.resource,
      resourceAccount: given.resourceAccount,
      context: contextOf(Object.fromEntries(context)),
    },
    policiesOf(given),
    { reading },
  ).outcome;
}

export function policiesOf(given: IamCase): ApplicablePolicies {
  const read = (document: Data, kind: PolicyKind, name: string): NamedPolicy => {
    const { policy, problems } = parsePolicy(document, kind);
    assert(problems.length === 0, `a generated policy is refused: ${JSON.stringify(problems)}`);
    return { name, policy };
  };
  const all = (documents: readonly Data[], kind: PolicyKind) =>
    documents.map((each, index) => read(each, kind, `${kind} ${index}`));
  const trust = given.action === "sts:AssumeRole";
  return {
    identity: all(given.identity, "identity"),
    resource:
      given.resourcePolicy === null
        ? null
        : read(given.resourcePolicy, trust ? "trust" : "resource", "resource"),
    boundary: given.boundary === null ? null : all(given.boundary, "permissions-boundary"),
    session: given.session === null ? null : [read(given.session, "session", "session")],
    serviceControl: given.serviceControl.map((level) => all(level, "service-control")),
    vpcEndpoint: given.vpcEndpoint === null ? null : all(given.vpcEndpoint, "vpc-endpoint"),
    grants: [],
  };
}

export function principalOf(text: string): Principal {
  if (!text.startsWith("arn:")) return { kind: "service", service: text };
  const account = text.split(":")[4] ?? "";
  const [, role] = /assumed-role\/([^/]+)\//u.exec(text) ?? [];
  if (role !== undefined)
    return {
      kind: "role-session",
      account,
      roleArn: `arn:aws:iam::${account}:role/${role}`,
      sessionArn: text,
    };
  if (text.includes(":role/")) return { kind: "role-session", account, roleArn: text, sessionArn: "" };
  return text.endsWith(":root") ? { kind: "root", account, arn: text } : { kind: "user", account, arn: text };
}

import type { Data, Resource } from "../../artifacts/shipment.ts";
import { listAt, valueAt } from "../../posture/read-value.ts";
import { type Container, containerNamed, containerOf, type StackView, type Use } from "./stack-view.ts";

const roleType = "AWS::IAM::Role";

/** How many characters are counted for what AWS makes up, such as the id of a key: more than any of them has. */
const madeUp = "x".repeat(64);

/** @param tenantIdLength of the longest tenant id that may come */
export function identityUses(view: StackView, tenantIdLength: number): readonly Use[] {
  const size = (document: Data | undefined) => policySize(document, tenantIdLength);
  return [
    ...view.ofType(roleType).flatMap((role): readonly Use[] => {
      const { key, properties } = role;
      const container = containerOf(role);
      const inline = listAt(properties, "Policies").reduce<number>(
        (sum, policy) => sum + size(valueAt(policy, "PolicyDocument")),
        0,
      );
      const attached = listAt(properties, "ManagedPolicyArns").length;
      return [
        {
          quota: "trust-policy-size",
          container,
          amount: size(properties["AssumeRolePolicyDocument"]),
          by: key,
        },
        { quota: "inline-policy-size", container, amount: inline, by: key },
        { quota: "managed-policies-per-role", container, amount: attached, by: key },
      ];
    }),
    ...view.ofType("AWS::IAM::ManagedPolicy").flatMap((policy): readonly Use[] => [
      {
        quota: "managed-policy-size",
        container: containerOf(policy),
        amount: size(policy.properties["PolicyDocument"]),
        by: policy.key,
      },
      ...rolesOf(view, policy).map((container) => ({
        quota: "managed-policies-per-role",
        container,
        amount: 1,
        by: policy.key,
      })),
    ]),
    // A policy beside its roles counts as one of theirs.
    ...view.ofType("AWS::IAM::Policy", "AWS::IAM::RolePolicy").flatMap((policy) =>
      rolesOf(view, policy).map((container) => ({
        quota: "inline-policy-size",
        container,
        amount: size(policy.properties["PolicyDocument"]),
        by: policy.key,
      })),
    ),
    ...view.ofType("AWS::KMS::Key", "AWS::KMS::ReplicaKey").map((key) => ({
      quota: "key-policy-size",
      container: containerOf(key),
      amount: size(key.properties["KeyPolicy"]),
      by: key.key,
    })),
  ];
}

function rolesOf(view: StackView, { key, properties }: Resource): readonly Container[] {
  return [...listAt(properties, "Roles"), ...listAt(properties, "RoleName")].flatMap(
    (role) => containerNamed(view, "managed-policies-per-role", key, role, roleType) ?? [],
  );
}

/** Characters of a policy as AWS counts them, without white space. */
function policySize(document: Data | undefined, tenantIdLength: number): number {
  if (document === undefined) return 0;
  const tenant = "x".repeat(tenantIdLength);
  return withoutMarks(JSON.stringify(document), (content) =>
    /^(tenant|username):/.test(content) ? tenant : content === "account" ? "123456789012" : madeUp,
  ).length;
}

/** The text with every mark replaced, those inside of others first. */
export function withoutMarks(text: string, instead: (content: string) => string): string {
  let left = text;
  for (;;) {
    const next = left.replaceAll(/⟨([^⟨⟩]*)⟩/gu, (_, content: string) => instead(content));
    if (next === left) return left;
    left = next;
  }
}

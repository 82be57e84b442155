import type { Resource } from "../../artifacts/shipment.ts";
import { type Finding, notApplicable, refuted } from "../../rule.ts";
import { postureRule } from "../posture-rule.ts";
import { isObject, objectAt, type Posture } from "../read-posture.ts";
import { shown, valueAt } from "../read-value.ts";
import { statefulTypes } from "../stateful-types.ts";

export const storesKept = postureRule({
  name: "stores-kept",
  why: "Without a policy CloudFormation deletes a store with its stack, or when a change replaces it, and every tenant's data with it.",
  fix: "Set DeletionPolicy and UpdateReplacePolicy to Retain, or to Snapshot where there are some.",
  things: "stores, keys or secrets",
  find: ({ ofType }) => ofType(...Object.keys(statefulTypes)),
  judge: (resource, posture) => {
    if (canBeMadeAgain(resource, posture)) return [];
    if (!posture.isProtected)
      return [notApplicable(resource.key, 'the environment says dataProtection: "disposable"')];
    const kept: readonly string[] = statefulTypes[resource.type] ?? [];
    const replaced = writtenPolicy(posture, resource, "UpdateReplacePolicy");
    return [
      ...judgePolicy(resource, "DeletionPolicy", resource.deletionPolicy, kept),
      ...judgePolicy(resource, "UpdateReplacePolicy", replaced, kept),
    ];
  },
});

function judgePolicy(
  resource: Resource,
  name: string,
  policy: string | null,
  kept: readonly string[],
): readonly Finding[] {
  if (policy !== null && kept.includes(policy)) return [];
  return [
    refuted(
      resource.key,
      `${name} is ${shown(policy ?? undefined)}, and a ${resource.type} is deleted with all in it`,
    ),
  ];
}

/**
 * Nothing is lost with an instance of a cluster, which holds the data, with a replica in the region of what it follows, and with a
 * secret that no store knows, because CloudFormation makes another one for all who read it.
 */
function canBeMadeAgain({ type, properties, physicalId }: Resource, posture: Posture): boolean {
  if (type === "AWS::RDS::DBInstance")
    return (
      valueAt(properties, "DBClusterIdentifier") !== undefined ||
      (valueAt(properties, "SourceDBInstanceIdentifier") !== undefined &&
        valueAt(properties, "SourceRegion") === undefined)
    );
  if (type !== "AWS::SecretsManager::Secret") return false;
  const isUser = JSON.stringify(valueAt(properties, "GenerateSecretString") ?? "").includes("username");
  return !isUser && !storeTexts(posture).some((text) => text.includes(physicalId));
}

/** Where stores name the secrets that open them. */
function storeTexts({ ofType }: Posture): readonly string[] {
  return ofType(...storesWithSecrets).flatMap(({ properties }) =>
    ["MasterUserPassword", "AuthToken", "Users"].map((field) => JSON.stringify(properties[field] ?? "")),
  );
}

const storesWithSecrets = [
  "AWS::RDS::DBCluster",
  "AWS::RDS::DBInstance",
  "AWS::DocDB::DBCluster",
  "AWS::ElastiCache::ReplicationGroup",
  "AWS::AmazonMQ::Broker",
];

function writtenPolicy({ templates }: Posture, resource: Resource, name: string): string | null {
  const template = templates.find(({ file }) => file === resource.stack.template);
  const written = objectAt(template?.resources, resource.logicalId);
  const policy = isObject(written) ? written[name] : undefined;
  return typeof policy === "string" ? policy : null;
}

import type { Resource } from "../../artifacts/shipment.ts";
import { listAt, textAt } from "../../posture/read-value.ts";
import { type Finding, notApplicable, refuted } from "../../rule.ts";
import { recoveryRule } from "../recovery-rule.ts";

const keyed: Readonly<Record<string, readonly string[]>> = {
  "AWS::RDS::DBCluster": ["KmsKeyId"],
  "AWS::RDS::DBInstance": ["KmsKeyId"],
  "AWS::DocDB::DBCluster": ["KmsKeyId"],
  "AWS::ElastiCache::ReplicationGroup": ["KmsKeyId"],
  "AWS::Backup::BackupVault": ["EncryptionKeyArn"],
  "AWS::Logs::LogGroup": ["KmsKeyId"],
  "AWS::SecretsManager::Secret": ["KmsKeyId"],
};

export const keysThere = recoveryRule({
  id: "recoverability/keys-there",
  why: "A copy that is encrypted with a key of the lost region cannot be read, and a service without its password cannot log in.",
  fix: "Encrypt with keys of the recovery region, and replicate the secrets of stores there.",
  judge: ({ primary, standby, stores, shipment }, { region }) => {
    const copies = standby.ofType(...Object.keys(keyed));
    const secrets = primary.ofType("AWS::SecretsManager::Secret").filter((secret) => isStoreUser(secret));
    if (copies.length === 0 && stores.length === 0)
      return [notApplicable(shipment.environment, "nothing is shipped that needs a key there")];
    return [
      ...copies.flatMap((resource) => judgeKey(resource, region)),
      ...secrets.flatMap((secret) => judgeSecret(secret, region)),
    ];
  },
});

function judgeKey(resource: Resource, region: string): readonly Finding[] {
  const path = keyed[resource.type] ?? [];
  const key = textAt(resource.properties, ...path);
  const keyRegion = key === undefined ? undefined : /^arn:[^:]*:kms:([^:]*):/.exec(key)?.[1];
  return keyRegion === undefined || keyRegion === region
    ? []
    : [
        refuted(
          resource.key,
          `${path.join(".")} is a key of ${keyRegion}: without that region it cannot be read`,
        ),
      ];
}

/** Users of databases: their secrets say a name. */
function isStoreUser({ properties }: Resource): boolean {
  return (textAt(properties, "GenerateSecretString", "SecretStringTemplate") ?? "").includes('"username"');
}

function judgeSecret(secret: Resource, region: string): readonly Finding[] {
  const replica = listAt(secret.properties, "ReplicaRegions").find((one) => textAt(one, "Region") === region);
  if (replica === undefined) return [refuted(secret.key, `the secret is not replicated to ${region}`)];
  const key = textAt(replica, "KmsKeyId");
  const keyRegion = key === undefined ? undefined : /^arn:[^:]*:kms:([^:]*):/.exec(key)?.[1];
  return keyRegion === undefined || keyRegion === region
    ? []
    : [refuted(secret.key, `its replica in ${region} is encrypted with a key of ${keyRegion}`)];
}

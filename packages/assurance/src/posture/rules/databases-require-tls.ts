import type { Resource } from "../../artifacts/shipment.ts";
import { type Finding, refuted } from "../../rule.ts";
import { postureRule } from "../posture-rule.ts";
import { isFlag, textAt, valueAt } from "../read-value.ts";

/** Parameters by which a database refuses plain connections, by the beginning of its family. */
const parameters: readonly (readonly [family: RegExp, name: string, value: RegExp])[] = [
  [/^(aurora-)?postgres(ql)?/, "rds.force_ssl", /^(1|on)$/],
  [/^docdb/, "tls", /^(enabled|tls1\.2\+|tls1\.3\+|fips-140-3)$/],
  [/^(aurora-)?mysql/, "require_secure_transport", /^(1|ON)$/],
];

export const databasesRequireTls = postureRule({
  name: "databases-require-tls",
  why: "A client that connects without TLS sends the password and all data in plain text through the network of every tenant.",
  fix: "Turn TLS on by the parameter group (rds.force_ssl, tls) or by TransitEncryptionEnabled.",
  things: "databases or caches",
  find: ({ ofType }) =>
    ofType(
      "AWS::RDS::DBClusterParameterGroup",
      "AWS::RDS::DBParameterGroup",
      "AWS::DocDB::DBClusterParameterGroup",
      "AWS::ElastiCache::ReplicationGroup",
      "AWS::RDS::DBCluster",
      "AWS::DocDB::DBCluster",
      "AWS::RDS::DBInstance",
    ),
  judge: (resource) => {
    if (resource.type === "AWS::ElastiCache::ReplicationGroup") return judgeCache(resource);
    if (resource.type.endsWith("ParameterGroup")) return judgeParameters(resource);
    return judgeGroup(resource);
  },
});

function judgeCache(resource: Resource): readonly Finding[] {
  const { properties, key } = resource;
  const isOn = isFlag(valueAt(properties, "TransitEncryptionEnabled"), true);
  if (!isOn) return [refuted(key, "TransitEncryptionEnabled is not true: everybody in the network reads it")];
  const mode = textAt(properties, "TransitEncryptionMode");
  return mode === "preferred"
    ? [refuted(key, "TransitEncryptionMode is preferred: it takes plain connections too")]
    : [];
}

function judgeParameters({ properties, key }: Resource): readonly Finding[] {
  const family = textAt(properties, "Family") ?? "";
  const wanted = parameters.find(([shape]) => shape.test(family));
  if (wanted === undefined) return [];
  const [, name, right] = wanted;
  const value = textAt(properties, "Parameters", name);
  // Aurora and PostgreSQL 15 and later would refuse plain connections by themselves; what is written down stays so after an upgrade.
  return value !== undefined && right.test(value) ? [] : [refuted(key, `${name} is ${value ?? "missing"}`)];
}

/** A group that stands in the template is only used by a database that names it. */
function judgeGroup({ type, properties, key }: Resource): readonly Finding[] {
  if (type === "AWS::RDS::DBInstance" && valueAt(properties, "DBClusterIdentifier") !== undefined) return [];
  const field = type === "AWS::RDS::DBInstance" ? "DBParameterGroupName" : "DBClusterParameterGroupName";
  const group = textAt(properties, field);
  return group === undefined || group.startsWith("default.")
    ? [refuted(key, `${field} is ${group ?? "missing"}, and AWS's own parameters take plain connections`)]
    : [];
}

import { notApplicable } from "../../rule.ts";
import { postureRule } from "../posture-rule.ts";
import { requireFlag, valueAt } from "../read-value.ts";

const path: Readonly<Record<string, readonly string[]>> = {
  "AWS::RDS::DBCluster": ["DeletionProtection"],
  "AWS::RDS::DBInstance": ["DeletionProtection"],
  "AWS::RDS::GlobalCluster": ["DeletionProtection"],
  "AWS::DocDB::DBCluster": ["DeletionProtection"],
  "AWS::DocDB::GlobalCluster": ["DeletionProtection"],
  "AWS::Neptune::DBCluster": ["DeletionProtection"],
  "AWS::DynamoDB::Table": ["DeletionProtectionEnabled"],
};

export const deletionProtected = postureRule({
  name: "deletion-protected",
  why: "One call by a person or a program deletes a database that is not protected.",
  fix: "Set DeletionProtection to true.",
  things: "databases",
  find: ({ ofType }) => ofType(...Object.keys(path)),
  judge: (resource, { isProtected }) => {
    const { properties, type } = resource;
    const isInstance = type === "AWS::RDS::DBInstance";
    // A cluster is protected for its instances, and a replica beside its source holds nothing of its own.
    if (isInstance && valueAt(properties, "DBClusterIdentifier") !== undefined) return [];
    const isReplicaBeside =
      isInstance &&
      valueAt(properties, "SourceDBInstanceIdentifier") !== undefined &&
      valueAt(properties, "SourceRegion") === undefined;
    if (isReplicaBeside) return [];
    if (!isProtected)
      return [notApplicable(resource.key, 'the environment says dataProtection: "disposable"')];
    return requireFlag(resource, path[type] ?? [], true, "anybody who may delete it can, at once");
  },
});

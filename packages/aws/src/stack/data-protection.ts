import { CfnDeletionPolicy, type CfnResource } from "aws-cdk-lib";
import type { Platform } from "@tenantry/model";

/**
 * What becomes of a resource that holds data when its stack is deleted or the resource replaced: it is kept, or
 * kept as a snapshot where AWS can make one, unless the environment is disposable.
 */
export function protectData(
  resource: CfnResource,
  dataProtection: Platform["dataProtection"],
  kept: "retain" | "snapshot",
): void {
  const policy =
    dataProtection === "disposable"
      ? CfnDeletionPolicy.DELETE
      : kept === "snapshot"
        ? CfnDeletionPolicy.SNAPSHOT
        : CfnDeletionPolicy.RETAIN;
  resource.cfnOptions.deletionPolicy = policy;
  resource.cfnOptions.updateReplacePolicy = policy;
}

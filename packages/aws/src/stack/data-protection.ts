import { CfnDeletionPolicy, type CfnResource } from "aws-cdk-lib";
import type { Platform } from "@tenantry/model";

const { DELETE, RETAIN, RETAIN_EXCEPT_ON_CREATE, SNAPSHOT } = CfnDeletionPolicy;
const policies = {
  delete: { deletionPolicy: DELETE, updateReplacePolicy: DELETE },
  // A stack that fails while it is made leaves nothing under a name that its next attempt needs.
  retain: { deletionPolicy: RETAIN_EXCEPT_ON_CREATE, updateReplacePolicy: RETAIN },
  snapshot: { deletionPolicy: SNAPSHOT, updateReplacePolicy: SNAPSHOT },
} as const;

/**
 * What becomes of a resource that holds data when its stack is deleted or the resource replaced: it is kept, or
 * kept as a snapshot where AWS can make one, unless the environment is disposable.
 */
export function protectData(
  resource: CfnResource,
  dataProtection: Platform["dataProtection"],
  kept: "retain" | "snapshot",
): void {
  const { deletionPolicy, updateReplacePolicy } = policies[dataProtection === "disposable" ? "delete" : kept];
  resource.cfnOptions.deletionPolicy = deletionPolicy;
  resource.cfnOptions.updateReplacePolicy = updateReplacePolicy;
}

import type { Platform } from "@tenantry/model";
import { CfnBackupVault } from "aws-cdk-lib/aws-backup";
import { Construct } from "constructs";
import { shortName } from "../stack/short-name.ts";
import { policyDocument } from "../policy/policy-document.ts";
import { protectData } from "../stack/data-protection.ts";

export interface BackupVaultProps {
  readonly name: string;
  /** Key of the recovery points; null takes AWS Backup's own. */
  readonly keyArn: string | null;
  /** Fewest days that a recovery point is kept. */
  readonly retentionDaysMin: number;
  readonly dataProtection: Platform["dataProtection"];
}

/**
 * The name of an environment's vault, the same in both regions, so that the one knows the other's. At most 50 characters:
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateBackupVault.html
 */
export function vaultNameOf({ name, environment }: Pick<Platform, "name" | "environment">): string {
  return shortName(`${name}-${environment}`, 50);
}

/**
 * A vault of recovery points. Where data is protected nobody deletes or shortens one: the vault's policy refuses it, and a lock
 * in governance mode refuses to keep one for less than the plans do. Whoever may administer the vault can take both away in
 * time; compliance mode, which nobody can, is a person's decision.
 */
export class BackupVault extends Construct {
  readonly vaultName: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, props: BackupVaultProps) {
    super(scope, id);
    const isProtected = props.dataProtection === "protected";
    const vault = new CfnBackupVault(this, "Resource", {
      backupVaultName: props.name,
      ...(props.keyArn === null ? {} : { encryptionKeyArn: props.keyArn }),
      ...(isProtected
        ? {
            // Without a day from which it cannot be changed any more, a lock is in governance mode.
            lockConfiguration: { minRetentionDays: props.retentionDaysMin },
            accessPolicy: policyDocument({
              Sid: "NobodyDeletesRecoveryPoints",
              Effect: "Deny",
              Principal: "*",
              Action: ["backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"],
              Resource: "*",
            }),
          }
        : {}),
    });
    protectData(vault, props.dataProtection, "retain");
    this.vaultName = vault.attrBackupVaultName;
    this.arn = vault.attrBackupVaultArn;
  }
}

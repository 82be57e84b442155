import { CfnBackupPlan, CfnBackupSelection } from "aws-cdk-lib/aws-backup";
import { Construct } from "constructs";
import type { PlannedBackup } from "./planned-backups.ts";

export interface BackupPlanProps {
  /** Name of the plan in AWS Backup. */
  readonly name: string;
  readonly plan: PlannedBackup;
  readonly vaultName: string;
  /** The vault of the recovery region, which gets a copy where the plan wants one. */
  readonly recoveryVaultArn: string | null;
  /** ARNs of what is backed up; at most 500, or 30 with wildcards. */
  readonly resources: readonly string[];
  readonly roleArn: string;
  /** Tags of the recovery points besides those of what is backed up. */
  readonly recoveryPointTags: Readonly<Record<string, string>>;
}

/** Minutes within which a backup must begin and be done; AWS's defaults are eight hours and a week, which would hide a failure. */
const windowMinutes = { start: 60, completion: 1440 };

/** A plan of AWS Backup: when, for how long, where to, and of what. */
export class BackupPlan extends Construct {
  constructor(scope: Construct, id: string, props: BackupPlanProps) {
    super(scope, id);
    const { name, plan } = props;
    const lifecycle = {
      deleteAfterDays: plan.retentionDays,
      ...(plan.coldAfterDays === null ? {} : { moveToColdStorageAfterDays: plan.coldAfterDays }),
    };
    const resource = new CfnBackupPlan(this, "Resource", {
      backupPlan: {
        backupPlanName: name,
        backupPlanRule: [
          {
            ruleName: plan.name,
            targetBackupVault: props.vaultName,
            scheduleExpression: plan.schedule,
            startWindowMinutes: windowMinutes.start,
            completionWindowMinutes: windowMinutes.completion,
            lifecycle,
            recoveryPointTags: props.recoveryPointTags,
            ...(plan.copyToRecovery && props.recoveryVaultArn !== null
              ? { copyActions: [{ destinationBackupVaultArn: props.recoveryVaultArn, lifecycle }] }
              : {}),
          },
        ],
      },
    });
    new CfnBackupSelection(this, "Selection", {
      backupPlanId: resource.ref,
      backupSelection: {
        selectionName: plan.name,
        iamRoleArn: props.roleArn,
        resources: [...props.resources],
      },
    });
  }
}

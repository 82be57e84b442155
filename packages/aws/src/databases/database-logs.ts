import type { Platform } from "@tenantry/model";
import { CfnLogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { protectData } from "../stack/data-protection.ts";

export interface DatabaseLogsProps {
  /** Before the log's name, such as "/aws/rds/cluster/main". */
  readonly prefix: string;
  /** The logs that the engine exports, such as "postgresql". */
  readonly exports: readonly string[];
  readonly keyArn: string | null;
  readonly retentionDays: number;
  readonly dataProtection: Platform["dataProtection"];
}

/** The log groups that an engine writes into. Made before it, because those that it makes itself keep all forever. */
export class DatabaseLogs extends Construct {
  readonly groups: readonly CfnLogGroup[];

  constructor(scope: Construct, id: string, props: DatabaseLogsProps) {
    super(scope, id);
    this.groups = props.exports.map((name) => {
      const group = new CfnLogGroup(this, name, {
        logGroupName: `${props.prefix}/${name}`,
        retentionInDays: props.retentionDays,
        ...(props.keyArn === null ? {} : { kmsKeyId: props.keyArn }),
      });
      protectData(group, props.dataProtection, "retain");
      return group;
    });
  }
}

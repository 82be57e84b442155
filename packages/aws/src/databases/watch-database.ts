import type { CfnDBInstanceProps } from "aws-cdk-lib/aws-rds";
import type { Construct } from "constructs";
import type { DatabasePlace, PostgresStore } from "./database.ts";
import { MonitoringRole } from "./monitoring-role.ts";

/** Enhanced monitoring and Performance Insights of an instance of RDS, with the role for the former where it is wanted. */
export function watchDatabase(
  scope: Construct,
  props: DatabasePlace & { readonly store: PostgresStore },
): CfnDBInstanceProps {
  const { store, keyArn, permissionsBoundaryArn } = props;
  const insights = store.performanceInsights;
  const role =
    store.monitoringSeconds === 0
      ? null
      : new MonitoringRole(scope, "MonitoringRole", { permissionsBoundaryArn });
  return {
    ...(role === null ? {} : { monitoringInterval: store.monitoringSeconds, monitoringRoleArn: role.arn }),
    enablePerformanceInsights: insights !== null,
    ...(insights === null ? {} : { performanceInsightsRetentionPeriod: insights.retentionDays }),
    ...(insights === null || keyArn === null ? {} : { performanceInsightsKmsKeyId: keyArn }),
  };
}

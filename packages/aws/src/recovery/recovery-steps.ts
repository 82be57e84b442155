import type { CfnPlan } from "aws-cdk-lib/aws-arcregionswitch";

/** The same thing in both regions. */
export interface InBothRegions {
  readonly primary: string;
  readonly recovery: string;
}

/** A database that one region leads and the other follows. */
export type RecoverableDatabase =
  | {
      readonly kind: "aurora-global" | "documentdb-global";
      /** Name of the store. */
      readonly name: string;
      readonly globalIdentifier: string;
      readonly clusterArns: InBothRegions;
    }
  | {
      readonly kind: "rds-replica";
      readonly name: string;
      readonly instanceArns: InBothRegions;
    };

/** An ECS service that stands in both regions. */
export interface RecoverableService {
  readonly name: string;
  readonly clusterArns: InBothRegions;
  readonly serviceArns: InBothRegions;
}

/** The record that leads users to one region or the other; its record sets must carry the health checks of the plan. */
export interface SwitchedRecord {
  readonly hostedZoneId: string;
  readonly recordName: string;
  /** SetIdentifier of the record set of each region. */
  readonly recordSets: InBothRegions;
}

export interface RecoverableParts {
  readonly regions: InBothRegions;
  readonly databases: readonly RecoverableDatabase[];
  readonly services: readonly RecoverableService[];
  readonly record: SwitchedRecord | null;
  /** Minutes after which a step has failed. */
  readonly timeoutMinutes: number;
}

type Step = CfnPlan.StepProperty;

/** Databases change their leader and services grow, all at once; then the users come. */
export function takeOver(parts: RecoverableParts): Step[] {
  return [...together("prepare", [...databaseSteps(parts), ...serviceSteps(parts)]), ...recordSteps(parts)];
}

/** A region comes back beside one that works: its services grow, then users come. */
export function join(parts: RecoverableParts): Step[] {
  return [...serviceSteps(parts), ...recordSteps(parts)];
}

/** One step, or several at once. */
function together(name: string, steps: readonly Step[]): Step[] {
  if (steps.length <= 1) return [...steps];
  return [
    {
      name,
      description: "Databases and services, at once.",
      executionBlockType: "Parallel",
      executionBlockConfiguration: { parallelConfig: { steps: [...steps] } },
    },
  ];
}

function databaseSteps({ databases, regions, timeoutMinutes }: RecoverableParts): readonly Step[] {
  return databases.map((database): Step => {
    const name = `database-${database.name}`;
    if (database.kind === "rds-replica") {
      return {
        name,
        description: `The read replica of ${database.name} becomes a database of its own. To go back, the other region first needs a new replica of it.`,
        executionBlockType: "RdsPromoteReadReplica",
        executionBlockConfiguration: {
          rdsPromoteReadReplicaConfig: {
            dbInstanceArnMap: {
              [regions.primary]: database.instanceArns.primary,
              [regions.recovery]: database.instanceArns.recovery,
            },
            timeoutMinutes,
          },
        },
      };
    }
    const global = {
      // Nothing is lost as long as the region that goes still answers; a person who says "ungraceful" accepts a loss.
      behavior: "switchoverOnly",
      ungraceful: { ungraceful: "failover" },
      globalClusterIdentifier: database.globalIdentifier,
      databaseClusterArns: [database.clusterArns.primary, database.clusterArns.recovery],
      timeoutMinutes,
    };
    const isAurora = database.kind === "aurora-global";
    return {
      name,
      description: `The other region's cluster of ${database.name} becomes the one that is written to.`,
      executionBlockType: isAurora ? "AuroraGlobalDatabase" : "DocumentDb",
      executionBlockConfiguration: isAurora ? { globalAuroraConfig: global } : { documentDbConfig: global },
    };
  });
}

function serviceSteps({ services, timeoutMinutes }: RecoverableParts): readonly Step[] {
  if (services.length === 0) return [];
  return [
    {
      name: "services",
      description: "As many tasks as the other region ran at most within a day.",
      executionBlockType: "ECSServiceScaling",
      executionBlockConfiguration: {
        ecsCapacityIncreaseConfig: {
          capacityMonitoringApproach: "sampledMaxInLast24Hours",
          targetPercent: 100,
          timeoutMinutes,
          // Half of the tasks serve users better than none.
          ungraceful: { minimumSuccessPercentage: 50 },
          services: services.flatMap(({ clusterArns, serviceArns }) => [
            { clusterArn: clusterArns.primary, serviceArn: serviceArns.primary },
            { clusterArn: clusterArns.recovery, serviceArn: serviceArns.recovery },
          ]),
        },
      },
    },
  ];
}

function recordSteps({ record, regions, timeoutMinutes }: RecoverableParts): readonly Step[] {
  if (record === null) return [];
  return [
    {
      name: "users",
      description: "Route 53 leads users to the region.",
      executionBlockType: "Route53HealthCheck",
      executionBlockConfiguration: {
        route53HealthCheckConfig: {
          hostedZoneId: record.hostedZoneId,
          recordName: record.recordName,
          recordSets: [
            { region: regions.primary, recordSetIdentifier: record.recordSets.primary },
            { region: regions.recovery, recordSetIdentifier: record.recordSets.recovery },
          ],
          timeoutMinutes,
        },
      },
    },
  ];
}

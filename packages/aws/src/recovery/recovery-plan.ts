import { assert } from "@tenantry/base";
import { Stack } from "aws-cdk-lib";
import { CfnPlan } from "aws-cdk-lib/aws-arcregionswitch";
import { CfnRole } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { shortName } from "../stack/short-name.ts";
import { acknowledgeWildcards } from "../policy/acknowledge-wildcards.ts";
import { assumedBy, policyDocument } from "../policy/policy-document.ts";
import { recoveryStatements } from "./recovery-statements.ts";
import { join, type RecoverableParts, takeOver } from "./recovery-steps.ts";

export interface RecoveryPlanProps extends Omit<RecoverableParts, "timeoutMinutes"> {
  /** Name of the plan, such as "shop-production"; cut to the 32 characters that there can be. */
  readonly name: string;
  /** Whether users are in both regions in normal times. */
  readonly isActiveActive: boolean;
  /** Longest time without service, minutes. A plan takes a week at most. */
  readonly rtoMinutes: number;
  /** Alarms that say whether the platform is well in a region: name → ARN. */
  readonly alarms: Readonly<Record<string, string>>;
  /** ARN of the boundary of its role; null without one. */
  readonly permissionsBoundary: string | null;
}

/** https://docs.aws.amazon.com/arc-region-switch/latest/api/API_CreatePlan.html */
const limits = { nameLength: 32, rtoMinutes: 10_080 };

/**
 * A plan of ARC Region switch: what happens when one region takes over from the other, and back. It runs when a person starts it, in
 * either region, and every half hour AWS looks whether it could. No alarm starts it: to give up a region is a person's decision.
 *
 * The services of single tenants are not in it; they are many, and grow by their own scaling when users come.
 */
export class RecoveryPlan extends Construct {
  readonly arn: string;
  /** Ids of the health checks that the record sets of both regions carry; null without a record. */
  readonly healthCheckIds: string[] | null;

  constructor(scope: Construct, id: string, props: RecoveryPlanProps) {
    super(scope, id);
    const { regions, rtoMinutes } = props;
    assert(canRecover(props), "a plan needs a database, a service or a record that can go to another region");
    const name = shortName(props.name, limits.nameLength);
    const minutes = Math.min(rtoMinutes, limits.rtoMinutes);
    const parts: RecoverableParts = { ...props, timeoutMinutes: minutes };
    const plan = new CfnPlan(this, "Resource", {
      name,
      description: `Moves ${props.name} between ${regions.primary} and ${regions.recovery}.`,
      regions: [regions.primary, regions.recovery],
      recoveryApproach: props.isActiveActive ? "activeActive" : "activePassive",
      ...(props.isActiveActive ? {} : { primaryRegion: regions.primary }),
      recoveryTimeObjectiveMinutes: minutes,
      executionRole: this.#role(props, name, parts),
      workflows: workflowsOf(props, parts),
      associatedAlarms: Object.fromEntries(
        Object.entries(props.alarms).map(([alarm, arn]) => [
          alarm,
          { alarmType: "applicationHealth", resourceIdentifier: arn },
        ]),
      ),
    });
    this.arn = plan.attrArn;
    this.healthCheckIds = props.record === null ? null : plan.attrPlanHealthChecks;
  }

  #role(props: RecoveryPlanProps, planName: string, parts: RecoverableParts): string {
    const { partition, account } = Stack.of(this);
    const statements = recoveryStatements(
      {
        partition,
        account,
        planName,
        rolePrefix: `${props.name}-`,
        alarmArns: Object.values(props.alarms),
      },
      parts,
    );
    const role = new CfnRole(this, "Role", {
      description: `Moves ${props.name} to another region.`,
      assumeRolePolicyDocument: assumedBy("arc-region-switch.amazonaws.com"),
      policies: [{ policyName: "switch-region", policyDocument: policyDocument(...statements) }],
      ...(props.permissionsBoundary === null ? {} : { permissionsBoundary: props.permissionsBoundary }),
    });
    acknowledgeWildcards(
      role,
      statements,
      "Databases are listed before one is looked at, scaling knows no resources before it is registered, and the ids of plan and role are not known before.",
    );
    return role.attrArn;
  }
}

/** Whether there is anything that a plan could move. */
export function canRecover({
  databases,
  services,
  record,
}: Pick<RecoverableParts, "databases" | "services" | "record">): boolean {
  return databases.length > 0 || services.length > 0 || record !== null;
}

/** A passive region is activated; of two active ones, one is deactivated and comes back. */
function workflowsOf(
  { isActiveActive, regions }: RecoveryPlanProps,
  parts: RecoverableParts,
): CfnPlan.WorkflowProperty[] {
  const both = [regions.primary, regions.recovery];
  if (!isActiveActive) {
    return both.map((region) => ({
      workflowTargetAction: "activate",
      workflowTargetRegion: region,
      workflowDescription: `${region} takes over.`,
      steps: takeOver(parts),
    }));
  }
  return both.flatMap((region) => [
    {
      workflowTargetAction: "deactivate",
      workflowTargetRegion: region,
      workflowDescription: `The other region takes over from ${region}.`,
      steps: takeOver(parts),
    },
    {
      workflowTargetAction: "activate",
      workflowTargetRegion: region,
      workflowDescription: `${region} comes back.`,
      steps: join(parts),
    },
  ]);
}

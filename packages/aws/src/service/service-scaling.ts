import type { PlatformService } from "@tenantry/model";
import { CfnScalableTarget, CfnScalingPolicy } from "aws-cdk-lib/aws-applicationautoscaling";
import { Construct } from "constructs";

export interface ServiceScalingProps {
  readonly scaling: PlatformService["scaling"];
  readonly clusterName: string;
  readonly serviceName: string;
  /** Where requests are counted; null for a service without a route. */
  readonly requests: {
    readonly loadBalancerFullName: string;
    /** One, or the two between which releases move. */
    readonly targetGroupFullNames: readonly string[];
  } | null;
}

/** Seconds to wait after more copies came, and after some went: up fast, down with care. */
const cooldown = { scaleOutCooldown: 60, scaleInCooldown: 300 };

type Target = Pick<
  CfnScalingPolicy.TargetTrackingScalingPolicyConfigurationProperty,
  "targetValue" | "predefinedMetricSpecification" | "customizedMetricSpecification"
>;

/** Target tracking on every measure that the service names; the one that wants most copies wins. */
export class ServiceScaling extends Construct {
  constructor(scope: Construct, id: string, props: ServiceScalingProps) {
    super(scope, id);
    const { scaling } = props;
    const target = new CfnScalableTarget(this, "Target", {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: `service/${props.clusterName}/${props.serviceName}`,
      minCapacity: scaling.min,
      maxCapacity: scaling.max,
    });
    for (const [word, configuration] of Object.entries(targetsOf(props))) {
      new CfnScalingPolicy(this, word, {
        policyName: word.toLowerCase(),
        policyType: "TargetTrackingScaling",
        scalingTargetId: target.ref,
        targetTrackingScalingPolicyConfiguration: { ...cooldown, ...configuration },
      });
    }
  }
}

function targetsOf({ scaling, requests }: ServiceScalingProps): Readonly<Record<string, Target>> {
  const { targetCpuPercent, targetMemoryPercent, targetRequestsPerMinute } = scaling;
  const average = (predefinedMetricType: string, targetValue: number): Target => ({
    targetValue,
    predefinedMetricSpecification: { predefinedMetricType },
  });
  return {
    ...(targetCpuPercent === null
      ? {}
      : { Cpu: average("ECSServiceAverageCPUUtilization", targetCpuPercent) }),
    ...(targetMemoryPercent === null
      ? {}
      : { Memory: average("ECSServiceAverageMemoryUtilization", targetMemoryPercent) }),
    ...(targetRequestsPerMinute === null || requests === null
      ? {}
      : { Requests: requestsOf(requests, targetRequestsPerMinute) }),
  };
}

/** AWS's own measure knows one target group; where releases move between two, only one of them has requests. */
function requestsOf(
  { loadBalancerFullName, targetGroupFullNames }: NonNullable<ServiceScalingProps["requests"]>,
  targetValue: number,
): Target {
  const [only, ...others] = targetGroupFullNames;
  if (others.length === 0) {
    return {
      targetValue,
      predefinedMetricSpecification: {
        predefinedMetricType: "ALBRequestCountPerTarget",
        resourceLabel: `${loadBalancerFullName}/${only}`,
      },
    };
  }
  const ids = targetGroupFullNames.map((_, index) => `group${index}`);
  return {
    targetValue,
    customizedMetricSpecification: {
      metrics: [
        ...targetGroupFullNames.map((targetGroup, index) => ({
          id: ids[index] ?? "",
          returnData: false,
          metricStat: {
            stat: "Sum",
            metric: {
              namespace: "AWS/ApplicationELB",
              metricName: "RequestCountPerTarget",
              dimensions: [
                { name: "LoadBalancer", value: loadBalancerFullName },
                { name: "TargetGroup", value: targetGroup },
              ],
            },
          },
        })),
        { id: "requests", expression: ids.map((id) => `FILL(${id}, 0)`).join(" + "), returnData: true },
      ],
    },
  };
}

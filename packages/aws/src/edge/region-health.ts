import type { Platform } from "@tenantry/model";
import { CfnAlarm } from "aws-cdk-lib/aws-cloudwatch";
import { CfnHealthCheck } from "aws-cdk-lib/aws-route53";
import { Construct } from "constructs";

/** How Route 53 learns whether a region answers. */
export type RegionProbe =
  /** Its checkers ask the region's own host; everybody must be able to reach it. */
  | {
      readonly kind: "request";
      readonly host: string;
      readonly path: string;
      readonly protocol: "https" | "http";
      readonly intervalSeconds: 10 | 30;
    }
  /** By how many healthy targets the service at the root has, where only CloudFront may ask it. */
  | {
      readonly kind: "targets";
      readonly loadBalancerFullName: string;
      /** Those that take the service's traffic by turns. */
      readonly targetGroupFullNames: readonly string[];
      readonly alarmName: string;
    }
  /** By the load balancer's own errors, where no service is everybody's. */
  | { readonly kind: "errors"; readonly loadBalancerFullName: string; readonly alarmName: string };

export interface RegionHealthProps {
  /** AWS region that is checked, in which the stack is too. */
  readonly region: string;
  readonly probe: RegionProbe;
  /** Bad answers, or bad minutes, in a row until the region counts as down. */
  readonly failures: number;
  /** Name for people. */
  readonly name: string;
}

/** More of the load balancer's own errors than these in a minute, and nothing behind it answers. */
const errorsMax = 60;

/**
 * A health check of a region; records with its id are not answered with while it is bad.
 *
 * Route 53 takes alarms on one metric only: no metric math, no "m of n"
 * (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html).
 */
export class RegionHealth extends Construct {
  readonly healthCheckId: string;

  constructor(scope: Construct, id: string, props: RegionHealthProps) {
    super(scope, id);
    const { probe } = props;
    this.healthCheckId =
      probe.kind === "request"
        ? this.#check("Check", props, requestConfig(probe, props.failures))
        : probe.kind === "targets"
          ? this.#byTargets(props, probe)
          : this.#byErrors(props, probe);
  }

  /** Healthy as long as one of the groups has a healthy target. A region that sends no metrics is not. */
  #byTargets(props: RegionHealthProps, probe: RegionProbe & { readonly kind: "targets" }): string {
    const { targetGroupFullNames, loadBalancerFullName } = probe;
    const checks = targetGroupFullNames.map((targetGroup, index) => {
      const suffix = index === 0 ? "" : String(index + 1);
      const alarm = new CfnAlarm(this, `Alarm${suffix}`, {
        alarmName: `${probe.alarmName}${suffix === "" ? "" : `-${suffix}`}`,
        alarmDescription: `No healthy target in ${props.region}: users are sent to the other region.`,
        namespace: "AWS/ApplicationELB",
        metricName: "HealthyHostCount",
        dimensions: [
          { name: "TargetGroup", value: targetGroup },
          { name: "LoadBalancer", value: loadBalancerFullName },
        ],
        statistic: "Maximum",
        period: 60,
        comparisonOperator: "LessThanThreshold",
        threshold: 1,
        evaluationPeriods: props.failures,
        treatMissingData: "missing",
      });
      const id = targetGroupFullNames.length === 1 ? "Check" : `Targets${suffix}`;
      return this.#check(id, props, alarmConfig(props.region, alarm.ref, "Unhealthy"));
    });
    const [only] = checks;
    if (only !== undefined && checks.length === 1) return only;
    return this.#check("Check", props, {
      type: "CALCULATED",
      childHealthChecks: checks,
      healthThreshold: 1,
    });
  }

  #byErrors(props: RegionHealthProps, probe: RegionProbe & { readonly kind: "errors" }): string {
    const alarm = new CfnAlarm(this, "Alarm", {
      alarmName: probe.alarmName,
      alarmDescription: `Nothing answers in ${props.region}: users are sent to the other region.`,
      namespace: "AWS/ApplicationELB",
      metricName: "HTTPCode_ELB_5XX_Count",
      dimensions: [{ name: "LoadBalancer", value: probe.loadBalancerFullName }],
      statistic: "Sum",
      period: 60,
      comparisonOperator: "GreaterThanThreshold",
      threshold: errorsMax,
      evaluationPeriods: props.failures,
      // No errors, no metric, and nothing bad.
      treatMissingData: "notBreaching",
    });
    return this.#check("Check", props, alarmConfig(props.region, alarm.ref, "Healthy"));
  }

  #check(
    id: string,
    { name }: RegionHealthProps,
    healthCheckConfig: CfnHealthCheck.HealthCheckConfigProperty,
  ): string {
    const tags = [{ key: "Name", value: name }];
    return new CfnHealthCheck(this, id, { healthCheckConfig, healthCheckTags: tags }).attrHealthCheckId;
  }
}

function requestConfig(
  probe: RegionProbe & { readonly kind: "request" },
  failures: number,
): CfnHealthCheck.HealthCheckConfigProperty {
  const isTls = probe.protocol === "https";
  return {
    type: isTls ? "HTTPS" : "HTTP",
    port: isTls ? 443 : 80,
    fullyQualifiedDomainName: probe.host,
    resourcePath: probe.path,
    requestInterval: probe.intervalSeconds,
    failureThreshold: failures,
    ...(isTls ? { enableSni: true } : {}),
  };
}

function alarmConfig(
  region: string,
  alarm: string,
  insufficientDataHealthStatus: "Healthy" | "Unhealthy",
): CfnHealthCheck.HealthCheckConfigProperty {
  const alarmIdentifier = { name: alarm, region };
  return { type: "CLOUDWATCH_METRIC", alarmIdentifier, insufficientDataHealthStatus };
}

/** The probe that reaches the region: by request where Route 53's checkers get in and an answer is to be expected. */
export function probeOf(
  {
    edge,
    healthCheck,
    routing,
  }: Pick<Platform, "edge" | "routing"> & {
    readonly healthCheck: NonNullable<Platform["edge"]["dns"]["healthCheck"]>;
  },
  names: { readonly host: string; readonly loadBalancerFullName: string; readonly alarmName: string },
  /** Of the shared service that answers at every host; null where there is none. */
  targetGroupFullNames: (() => readonly string[]) | null,
): RegionProbe {
  const { host, loadBalancerFullName, alarmName } = names;
  if (targetGroupFullNames === null) return { kind: "errors", loadBalancerFullName, alarmName };
  if (edge.cloudFront !== null || routing.scheme === "internal") {
    return { kind: "targets", loadBalancerFullName, alarmName, targetGroupFullNames: targetGroupFullNames() };
  }
  return {
    kind: "request",
    host,
    path: healthCheck.path,
    protocol: routing.listener,
    intervalSeconds: healthCheck.intervalSeconds,
  };
}

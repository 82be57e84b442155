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
  /** By the load balancer's metrics, where only CloudFront may ask it. */
  | { readonly kind: "metrics"; readonly loadBalancerFullName: string; readonly alarmName: string };

export interface RegionHealthProps {
  /** AWS region that is checked, in which the stack is too. */
  readonly region: string;
  readonly probe: RegionProbe;
  /** Bad answers, or bad minutes, in a row until the region counts as down. */
  readonly failures: number;
  /** Name for people. */
  readonly name: string;
}

/** A health check of a region; records with its id are not answered with while it is bad. */
export class RegionHealth extends Construct {
  readonly healthCheckId: string;

  constructor(scope: Construct, id: string, props: RegionHealthProps) {
    super(scope, id);
    const { name, probe } = props;
    const check = new CfnHealthCheck(this, "Check", {
      healthCheckConfig:
        probe.kind === "request"
          ? {
              type: probe.protocol === "https" ? "HTTPS" : "HTTP",
              port: probe.protocol === "https" ? 443 : 80,
              fullyQualifiedDomainName: probe.host,
              resourcePath: probe.path,
              requestInterval: probe.intervalSeconds,
              failureThreshold: props.failures,
              ...(probe.protocol === "https" ? { enableSni: true } : {}),
            }
          : {
              type: "CLOUDWATCH_METRIC",
              alarmIdentifier: { name: this.#alarm(props, probe), region: props.region },
              // No requests, no metrics, and nothing bad.
              insufficientDataHealthStatus: "Healthy",
            },
      healthCheckTags: [{ key: "Name", value: name }],
    });
    this.healthCheckId = check.attrHealthCheckId;
  }

  /** More than half of the answers are the load balancer's own errors: nothing behind it answers. */
  #alarm(props: RegionHealthProps, probe: RegionProbe & { readonly kind: "metrics" }): string {
    const metric = (id: string, metricName: string): CfnAlarm.MetricDataQueryProperty => ({
      id,
      returnData: false,
      metricStat: {
        stat: "Sum",
        period: 60,
        metric: {
          namespace: "AWS/ApplicationELB",
          metricName,
          dimensions: [{ name: "LoadBalancer", value: probe.loadBalancerFullName }],
        },
      },
    });
    const alarm = new CfnAlarm(this, "Alarm", {
      alarmName: probe.alarmName,
      alarmDescription: `Nothing answers in ${props.region}: users are sent to the other region.`,
      metrics: [
        metric("errors", "HTTPCode_ELB_5XX_Count"),
        metric("requests", "RequestCount"),
        {
          id: "share",
          expression: "100 * FILL(errors, 0) / requests",
          label: "Unanswered requests, percent",
          returnData: true,
        },
      ],
      comparisonOperator: "GreaterThanThreshold",
      threshold: 50,
      evaluationPeriods: props.failures,
      treatMissingData: "notBreaching",
    });
    return alarm.ref;
  }
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
  answersEveryHost: boolean,
): RegionProbe {
  const { host, loadBalancerFullName, alarmName } = names;
  if (edge.cloudFront !== null || routing.scheme === "internal" || !answersEveryHost) {
    return { kind: "metrics", loadBalancerFullName, alarmName };
  }
  return {
    kind: "request",
    host,
    path: healthCheck.path,
    protocol: routing.listener,
    intervalSeconds: healthCheck.intervalSeconds,
  };
}

import type { Platform, PlatformService } from "@tenantry/model";
import { CfnGroup, CfnSamplingRule } from "aws-cdk-lib/aws-xray";
import { Construct } from "constructs";
import { shortName } from "../stack/short-name.ts";
import { tracedName } from "./traced-service.ts";

export interface TracingProps {
  readonly platform: Pick<Platform, "name" | "environment">;
  readonly sampling: NonNullable<Platform["observability"]["tracing"]>;
  readonly services: Readonly<Record<string, Pick<PlatformService, "health" | "route">>>;
}

/** Names of rules and groups: https://docs.aws.amazon.com/xray/latest/api/API_SamplingRule.html */
const nameLengthMax = 32;

/** Filter expressions: https://docs.aws.amazon.com/xray/latest/api/API_CreateGroup.html */
const filterLengthMax = 1900;

/**
 * X-Ray's sampling rules and a group of what failed or was slow.
 *
 * - "requests": one request each second, and the share of the others that the platform says. With `keepErrors` X-Ray raises
 *   the share for a while when errors or latency jump, up to all requests.
 * - "health": the share of endpoints with very many requests. Which endpoints those are is not known beforehand but for health
 *   checks; the runtime finds the others while it runs, and keeps errors and slow requests by itself.
 */
export class Tracing extends Construct {
  constructor(scope: Construct, id: string, props: TracingProps) {
    super(scope, id);
    const { platform, sampling, services } = props;
    const serviceName = tracedName(platform, "*");
    const all = { host: "*", httpMethod: "*", resourceArn: "*", serviceType: "*", serviceName, version: 1 };
    const ruleName = (kind: string) =>
      shortName(`${kind}-${platform.name}-${platform.environment}`, nameLengthMax);
    new CfnSamplingRule(this, "Requests", {
      samplingRule: {
        ...all,
        ruleName: ruleName("requests"),
        // The default rule of an account is 10000 and the last.
        priority: 9000,
        urlPath: "*",
        reservoirSize: sampling.samplePercent === 0 ? 0 : 1,
        fixedRate: sampling.samplePercent / 100,
        ...(sampling.keepErrors ? { samplingRateBoost: { maxRate: 1, cooldownWindowMinutes: 10 } } : {}),
      },
    });
    const healthPaths = new Set(Object.values(services).map(({ health }) => health.path));
    // A path that also serves users is no health check.
    for (const [index, path] of [...healthPaths].filter((path) => path !== "/").entries()) {
      new CfnSamplingRule(this, `Health${index + 1}`, {
        samplingRule: {
          ...all,
          ruleName: ruleName(`health${index + 1}`),
          priority: 100 + index,
          urlPath: path,
          reservoirSize: 0,
          fixedRate: Math.min(sampling.samplePercent, sampling.highVolumeSamplePercent) / 100,
        },
      });
    }
    const filterExpression = failedOrSlow(platform, Object.keys(services));
    if (filterExpression === null) return;
    new CfnGroup(this, "Failures", {
      groupName: shortName(`${platform.name}-${platform.environment}`, nameLengthMax),
      filterExpression,
      insightsConfiguration: { insightsEnabled: true, notificationsEnabled: true },
    });
  }
}

/** Null where no service, or too many for one expression, would be in the group. */
function failedOrSlow(platform: TracingProps["platform"], services: readonly string[]): string | null {
  if (services.length === 0) return null;
  const some = services.map((service) => `service("${tracedName(platform, service)}")`).join(" OR ");
  const filter = `(${some}) AND (fault = true OR responsetime >= 1)`;
  return filter.length > filterLengthMax ? null : filter;
}

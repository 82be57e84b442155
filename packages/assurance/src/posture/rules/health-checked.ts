import type { PlatformService } from "@tenantry/model";
import type { Resource } from "../../artifacts/shipment.ts";
import { type Finding, refuted } from "../../rule.ts";
import { postureRule } from "../posture-rule.ts";
import type { Posture } from "../read-posture.ts";
import { isFlag, listAt, numberAt, textAt, valueAt } from "../read-value.ts";

export const healthChecked = postureRule({
  name: "health-checked",
  why: "Without a check users are sent to a copy that does not answer, until a person notices.",
  fix: "Let the target group ask the path that the service's health says, as often as it says.",
  things: "target groups, services or scaling groups",
  find: ({ ofType }) =>
    ofType(
      "AWS::ElasticLoadBalancingV2::TargetGroup",
      "AWS::ECS::Service",
      "AWS::AutoScaling::AutoScalingGroup",
    ),
  judge: (resource, posture) => {
    if (resource.type === "AWS::ElasticLoadBalancingV2::TargetGroup")
      return judgeTargets(resource, serviceBehind(resource, posture));
    return resource.type === "AWS::ECS::Service" ? judgeService(resource) : judgeGroup(resource);
  },
});

function judgeTargets({ key, properties }: Resource, service: PlatformService | null): readonly Finding[] {
  if (isFlag(valueAt(properties, "HealthCheckEnabled"), false))
    return [refuted(key, "HealthCheckEnabled is false")];
  const protocol = textAt(properties, "HealthCheckProtocol") ?? textAt(properties, "Protocol");
  const path = textAt(properties, "HealthCheckPath");
  if (protocol === "TCP") return [];
  if (path === undefined) return [refuted(key, "HealthCheckPath is missing: any answer to / counts as good")];
  if (service === null) return [];
  const { health } = service;
  const interval = numberAt(properties, "HealthCheckIntervalSeconds") ?? 30;
  const threshold = numberAt(properties, "UnhealthyThresholdCount") ?? 2;
  const codes = textAt(properties, "Matcher", "HttpCode");
  return [
    ...(path === health.path
      ? []
      : [refuted(key, `HealthCheckPath is ${path}, and the definition says ${health.path}`)]),
    ...(interval > health.intervalSeconds || threshold > health.unhealthyThreshold
      ? [
          refuted(
            key,
            `a copy that fails is found after ${interval * threshold} s, and the definition says ${health.intervalSeconds * health.unhealthyThreshold} s`,
          ),
        ]
      : []),
    ...(codes !== undefined && codes !== health.successCodes
      ? [refuted(key, `the codes ${codes} count as good, and the definition says ${health.successCodes}`)]
      : []),
  ];
}

/** The service whose tasks are in a target group: the container that the ECS service registers there. */
function serviceBehind(
  { physicalId, stack }: Resource,
  { ofType, askedOf }: Posture,
): PlatformService | null {
  const registered = ofType("AWS::ECS::Service")
    .flatMap(({ properties }) => listAt(properties, "LoadBalancers"))
    .find(
      (target) =>
        textAt(target, "TargetGroupArn") === physicalId ||
        textAt(target, "AdvancedConfiguration", "AlternateTargetGroupArn") === physicalId,
    );
  const name = textAt(registered, "ContainerName");
  const services = askedOf(stack)?.services ?? {};
  return name !== undefined && Object.hasOwn(services, name) ? (services[name] ?? null) : null;
}

/** A deployment that goes wrong must be seen, and go back. */
function judgeService({ key, properties }: Resource): readonly Finding[] {
  const breaker = valueAt(properties, "DeploymentConfiguration", "DeploymentCircuitBreaker", "Enable");
  const alarms = valueAt(properties, "DeploymentConfiguration", "Alarms", "Enable");
  return isFlag(breaker, true) || isFlag(alarms, true)
    ? []
    : [refuted(key, "neither a circuit breaker nor an alarm ends a deployment whose tasks do not come up")];
}

function judgeGroup({ key, properties }: Resource): readonly Finding[] {
  const isBehind = listAt(properties, "TargetGroupARNs").length > 0;
  const type = textAt(properties, "HealthCheckType") ?? "EC2";
  return isBehind && !type.includes("ELB")
    ? [refuted(key, `HealthCheckType is ${type}: a machine that answers nobody is not replaced`)]
    : [];
}

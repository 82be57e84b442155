import { assert } from "@tenantry/base";
import type { PlatformService } from "@tenantry/model";
import type { CfnService } from "aws-cdk-lib/aws-ecs";
import { errors } from "../errors.ts";

type Service = Pick<PlatformService, "name" | "deployment">;

/** Whether releases move traffic between two target groups. */
export function shiftsTraffic({ deployment }: Pick<PlatformService, "deployment">): boolean {
  return deployment.strategy !== "rolling";
}

/**
 * How ECS brings a new version: always with as many healthy copies as before, and back to the old version when it fails.
 *
 * A rolling release fails by its copies' health (circuit breaker, which AWS has for rolling releases alone); one that shifts
 * traffic fails by alarms as well, until the bake time is over.
 *
 * @param alarmNames CloudWatch alarms on the metrics of the two target groups
 */
export function deploymentConfiguration(
  service: Service,
  alarmNames: readonly string[],
): CfnService.DeploymentConfigurationProperty {
  const { bakeMinutes, rollback } = service.deployment;
  const goesBack = rollback === "automatic";
  const capacity = { minimumHealthyPercent: 100, maximumPercent: 200 };
  if (!shiftsTraffic(service)) {
    return {
      ...capacity,
      strategy: "ROLLING",
      deploymentCircuitBreaker: { enable: true, rollback: goesBack },
    };
  }
  return {
    ...capacity,
    ...shiftOf(service),
    bakeTimeInMinutes: bakeMinutes,
    ...(alarmNames.length === 0
      ? {}
      : { alarms: { alarmNames: [...alarmNames], enable: true, rollback: goesBack } }),
  };
}

/** ECS shifts all at once, in two steps, or in equal steps. */
function shiftOf({ deployment, name }: Service): Partial<CfnService.DeploymentConfigurationProperty> {
  const { steps, strategy } = deployment;
  if (strategy === "blue-green") return { strategy: "BLUE_GREEN" };
  const [first] = steps;
  assert(first !== undefined, `the strategy ${strategy} of ${name} has no steps`);
  if (steps.length === 1) {
    return {
      strategy: "CANARY",
      canaryConfiguration: { canaryPercent: first.percent, canaryBakeTimeInMinutes: first.pauseMinutes },
    };
  }
  const isEven =
    first.percent >= 3 &&
    steps.every(({ percent, pauseMinutes }, index) => {
      return percent === first.percent * (index + 1) && pauseMinutes === first.pauseMinutes;
    }) &&
    first.percent * (steps.length + 1) >= 100;
  if (!isEven) throw errors.AWS_CANARY_STEPS({ service: name, percents: steps.map((step) => step.percent) });
  return {
    strategy: "LINEAR",
    linearConfiguration: { stepPercent: first.percent, stepBakeTimeInMinutes: first.pauseMinutes },
  };
}

import { type Finding, refuted } from "../../../rule.ts";
import { tenantStacks } from "../read-routing.ts";
import type { Feeder, StackRoutes, TargetGroup } from "../routing-model.ts";
import { balancing, noLoadBalancer, routingRule } from "../routing-rule.ts";

export const targetsMatchContainers = routingRule({
  id: "routing/targets-match-containers",
  why: "a target group of another port or kind than the container's reaches something else on the machine, or nothing",
  fix: "let the target group register addresses, on the port of the service's container, and check their health there",
  reads: [`${balancing}TargetGroup`, "AWS::ECS::Service", "AWS::ECS::TaskSet", "AWS::ECS::TaskDefinition"],
  idle: noLoadBalancer,
  *judge(model) {
    for (const routes of [...model.shared, ...tenantStacks(model)]) {
      for (const feeder of routes.feeders) {
        // Machines of a group have one kind of target and no containers.
        if (feeder.container !== null || feeder.taskDefinition !== "") yield* judgeFeeder(routes, feeder);
      }
    }
  },
});

function* judgeFeeder({ containers, stack, targetGroups }: StackRoutes, feeder: Feeder): Iterable<Finding> {
  const { container, key, port, taskDefinition } = feeder;
  const ports = containers.get(taskDefinition)?.get(container ?? "");
  if (ports === undefined) {
    yield refuted(key, `its container ${container ?? ""} is in no task definition of ${stack.id}`);
  } else if (port === null || !ports.includes(port)) {
    yield refuted(
      key,
      `it registers port ${port ?? ""} of ${container ?? ""}, which opens ${ports.join(", ") || "none"}`,
    );
  }
  for (const target of targetGroups) {
    if (feeder.targetGroups.includes(target.arn)) yield* judgeTarget(target, port);
  }
}

function* judgeTarget(target: TargetGroup, port: number | null): Iterable<Finding> {
  const { hasHealthCheck, healthPort, key, targetType } = target;
  if (targetType !== "ip")
    yield refuted(key, `it registers targets of the type ${targetType}, and tasks have addresses`);
  if (target.port !== port)
    yield refuted(key, `it sends to port ${target.port ?? ""}, and the container listens on ${port ?? ""}`);
  if (!hasHealthCheck) yield refuted(key, "it checks no health: requests go to tasks that do not answer");
  if (healthPort !== "traffic-port" && healthPort !== String(port)) {
    yield refuted(
      key,
      `it checks the health on port ${healthPort}, and the container listens on ${port ?? ""}`,
    );
  }
}

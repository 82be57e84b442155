import { type Finding, refuted } from "../../../rule.ts";
import { tenantStacks } from "../read-routing.ts";
import type { StackRoutes } from "../routing-model.ts";
import { balancing, noLoadBalancer, routingRule } from "../routing-rule.ts";

export const targetsFedByOwnService = routingRule({
  id: "routing/targets-fed-by-own-service",
  why: "tasks of another stack in a tenant's target group answer its requests, and see its people's passwords",
  fix: "register only the stack's own service in its target groups, and write no target into a template",
  reads: [
    `${balancing}TargetGroup`,
    "AWS::ECS::Service",
    "AWS::ECS::TaskSet",
    "AWS::AutoScaling::AutoScalingGroup",
  ],
  idle: noLoadBalancer,
  *judge(model) {
    for (const routes of [...model.shared, ...tenantStacks(model)]) yield* judgeStack(routes);
  },
});

function* judgeStack({ feeders, rules, stack, targetGroups }: StackRoutes): Iterable<Finding> {
  const own = new Set(targetGroups.map(({ arn }) => arn));
  const ownRules = new Set(rules.map(({ arn }) => arn));
  for (const feeder of feeders) {
    for (const arn of feeder.targetGroups) {
      if (!own.has(arn))
        yield refuted(feeder.key, `it registers its tasks in ${arn}, which is not of ${stack.id}`);
    }
    for (const arn of feeder.rules) {
      if (!ownRules.has(arn))
        yield refuted(feeder.key, `its deployments shift ${arn}, which is not of ${stack.id}`);
    }
  }
  const used = new Set(rules.flatMap(({ action }) => action.targets));
  const fed = new Set(feeders.flatMap((feeder) => feeder.targetGroups));
  for (const { arn, fixedTargets, key } of targetGroups) {
    if (fixedTargets > 0) yield refuted(key, `${fixedTargets} of its targets are written into the template`);
    if (used.has(arn) && !fed.has(arn))
      yield refuted(key, "requests come to it, and no service of its stack answers them");
  }
}

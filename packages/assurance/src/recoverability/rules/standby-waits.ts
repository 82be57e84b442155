import { type Finding, notApplicable, refuted } from "../../rule.ts";
import type { Resource } from "../../artifacts/shipment.ts";
import { listAt, textAt } from "../../posture/read-value.ts";
import { recoveryRule } from "../recovery-rule.ts";
import type { RecoveryDesign } from "../read-recovery.ts";
import { counterpartOf, missingAreas, tasksOf } from "../takeover.ts";

export const standbyWaits = recoveryRule({
  id: "recoverability/standby-waits",
  why: "What must be made or grown when a region fails needs the control plane at the moment when everybody does.",
  fix: "Ship in the recovery region what its strategy says, with as many tasks as recovery.services says.",
  judge: (design, recovery) => {
    const { strategy } = recovery;
    if (strategy === "backup-and-restore" || strategy === "pilot-light")
      return [
        notApplicable(
          design.shipment.environment,
          `with ${strategy} services are made when they are needed; how long that takes counts in the RTO`,
        ),
      ];
    return [
      ...missingAreas(design).map((area) => refuted(area, `it is not shipped for ${recovery.region}`)),
      ...design.primary
        .ofType("AWS::ECS::Service")
        .flatMap((service) => judgeService(service, design, strategy)),
    ];
  },
});

function judgeService(
  service: Resource,
  { primary, standby, recovery }: RecoveryDesign,
  strategy: string,
): readonly Finding[] {
  const waiting = counterpartOf(service, standby);
  if (waiting === undefined)
    return [refuted(service.key, "no service of that name waits in the recovery region")];
  const name = textAt(listAt(waiting.properties, "LoadBalancers")[0], "ContainerName") ?? "";
  const asked = Object.hasOwn(recovery?.services ?? {}, name) ? recovery?.services[name]?.scaling.min : 1;
  const served = tasksOf(service, primary);
  const waits = tasksOf(waiting, standby);
  const needed = strategy === "active-active" ? served.min : Math.max(1, asked ?? 1);
  return [
    ...(waits.min >= needed
      ? []
      : [refuted(waiting.key, `${waits.min} tasks wait, and ${needed} are wanted`)]),
    ...(waits.max < served.min
      ? [
          refuted(
            waiting.key,
            `it may grow to ${waits.max} tasks, and the primary region never has fewer than ${served.min}`,
          ),
        ]
      : []),
  ];
}

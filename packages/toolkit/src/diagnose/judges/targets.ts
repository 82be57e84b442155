import { type Judgment, judgment } from "../finding.ts";
import {
  isMissing,
  type RegionSnapshot,
  type ServiceSnapshot,
  type ServiceTarget,
  type Snapshot,
  type TargetGroupSnapshot,
  type TargetSnapshot,
  valueOf,
} from "../snapshot.ts";
import { shortName, subjectOfService } from "../subjects.ts";

/** What load balancers say of the tasks behind them. */
export function judgeTargets(snapshot: Snapshot): readonly Judgment[] {
  return snapshot.regions.flatMap((region) =>
    region.services.flatMap((service) =>
      service.targets.flatMap((target) => judgeTarget(service, target, region)),
    ),
  );
}

function judgeTarget(
  service: ServiceSnapshot,
  target: ServiceTarget,
  region: RegionSnapshot,
): readonly Judgment[] {
  const { targetGroup: arn, port } = target;
  const subject = { kind: "target-group", id: arn, region: region.region, tenant: service.tenant } as const;
  const affected = [subjectOfService(service, region.region)];
  const cause = service.tenant === null ? arn : "target-group";
  const common = { severity: "error", subject, affected, cause } as const;
  if (isMissing(region.targetGroups, arn))
    return [
      judgment({
        ...common,
        code: "TARGET_GROUP_MISSING",
        what: `the target group ${shortName(arn)} that ${service.name} registers its tasks in does not exist`,
        fix: ["tenantry plan, then tenantry deploy"],
      }),
    ];
  const group = valueOf(region.targetGroups, arn);
  if (group === null) return [];
  const found: Judgment[] = [];
  if (group.targets.length === 0 && service.running > 0)
    found.push(
      judgment({
        ...common,
        code: "TARGETS_NOT_REGISTERED",
        what: `${service.running} tasks of ${service.name} run and none is registered in ${group.arn}`,
        because: ["ECS registers tasks by its service-linked role AWSServiceRoleForECS"],
        fix: ["aws iam get-role --role-name AWSServiceRoleForECS", "tenantry deploy"],
        symptomOf: ["*"],
      }),
    );
  const byReason = Map.groupBy(
    group.targets.filter(({ state }) => state === "unhealthy" || state === "unavailable"),
    ({ reason }) => reason ?? "unknown",
  );
  for (const [reason, targets] of byReason) {
    const { what, fix, isOwnCause, code } = translate(reason, { group, targets, port, service });
    const addresses = targets
      .slice(0, 5)
      .map(({ id, port: at, description }) => `${id}:${at ?? port} ${reason}: ${description ?? ""}`.trim());
    found.push(
      judgment({
        ...common,
        cause: `${cause} ${reason}`,
        code,
        what: `${targets.length} of ${group.targets.length} targets of ${service.name} are unhealthy: ${what}`,
        because: addresses,
        fix,
        // A wrong answer comes from a task that was reached: only what keeps the task from its work explains it.
        symptomOf: isOwnCause
          ? ["SECRET_", "DATABASE_", "ROLE_", "CONTAINER_", "TASK_", "IMAGE_MISSING"]
          : ["*"],
      }),
    );
  }
  return found;
}

interface Context {
  readonly group: TargetGroupSnapshot;
  readonly targets: readonly TargetSnapshot[];
  readonly port: number;
  readonly service: ServiceSnapshot;
}

interface Translation {
  readonly code: string;
  readonly what: string;
  readonly fix: readonly string[];
  readonly isOwnCause: boolean;
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html#target-health-reason-codes */
function translate(reason: string, { group, targets, port, service }: Context): Translation {
  const { healthPath, matcher, timeoutSeconds } = group;
  const [{ description = null } = {}] = targets;
  if (reason === "Target.ResponseCodeMismatch") {
    const [, seen = null] = /\[(\d+)\]/.exec(description ?? "") ?? [];
    return {
      code: "HEALTH_CODE_UNEXPECTED",
      what: `GET ${healthPath} answers ${seen ?? "another code"}, and the health check takes ${matcher}`,
      fix: [
        seen === "404" || seen === "403" || seen === "401"
          ? `let ${service.name} answer ${healthPath} without signing in, or name another path: health.path in the definition`
          : `see in the log of ${service.name} why ${healthPath} fails`,
      ],
      isOwnCause: true,
    };
  }
  if (reason === "Target.Timeout")
    return {
      code: "TARGET_TIMEOUT",
      what: `GET ${healthPath} on port ${port} does not answer within ${timeoutSeconds} s, although nothing that was read keeps the load balancer from it`,
      fix: [
        `see whether ${service.name} listens on port ${port} of 0.0.0.0 and not only of localhost`,
        "see whether it is out of CPU: more cpuUnits in the definition",
      ],
      isOwnCause: false,
    };
  if (reason === "Target.FailedHealthChecks")
    return {
      code: "TARGET_REFUSES",
      what: `connections to port ${port} are refused or broken off, or ${healthPath} is answered with nothing that is HTTP`,
      fix: [`see whether ${service.name} listens on port ${port}, and speaks what its target group does`],
      isOwnCause: false,
    };
  if (reason === "Target.NotInUse" || reason === "Target.IpUnusable" || reason === "Target.InvalidState")
    return {
      code: "TARGET_UNUSABLE",
      what: `they cannot be used: ${description ?? reason}`,
      fix: ["see whether the zones of the load balancer are those of the tasks"],
      isOwnCause: false,
    };
  return {
    code: "TARGET_UNHEALTHY",
    what: `the load balancer says ${reason}${description === null ? "" : `: ${description}`}`,
    fix: [`aws elbv2 describe-target-health --target-group-arn ${group.arn}`],
    isOwnCause: false,
  };
}

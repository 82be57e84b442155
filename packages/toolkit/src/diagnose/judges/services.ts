import { type Judgment, judgment } from "../finding.ts";
import type { RegionSnapshot, ServiceSnapshot, Snapshot } from "../snapshot.ts";
import { subjectOfService } from "../subjects.ts";
import { judgeStoppedTasks } from "./stopped-tasks.ts";

/** After this, a deployment that goes on is stuck: tasks start in minutes and bake for a quarter of an hour. */
const rolloutMaxMs = 3_600_000;

/** Whether the services run as they should, and if not, why their tasks stop. */
export function judgeServices(snapshot: Snapshot): readonly Judgment[] {
  return snapshot.regions.flatMap((region) =>
    region.services.flatMap((service) => [
      ...judgeService(service, region, snapshot),
      ...judgeStoppedTasks(service, region, snapshot),
    ]),
  );
}

function judgeService(
  service: ServiceSnapshot,
  { region }: RegionSnapshot,
  { environment, nowMs }: Snapshot,
): readonly Judgment[] {
  const subject = subjectOfService(service, region);
  const { name, cluster, tenant, desired, running, pending, isThere, status } = service;
  const common = { subject, cause: tenant === null ? service.arn : name.replace(tenant, "{tenant}") };
  const see = `aws ecs describe-services --region ${region} --cluster ${cluster} --services ${name}`;
  if (!isThere || status === "INACTIVE")
    return [
      judgment({
        ...common,
        severity: "error",
        code: "SERVICE_MISSING",
        what: `the ECS service ${name} was made by its stack and is not in the cluster ${cluster} any more`,
        fix: [
          "delete the stack's record of it with a deployment that replaces the service",
          `tenantry deploy ${environment}`,
        ],
      }),
    ];
  const found: Judgment[] = [];
  if (running < desired)
    found.push(
      judgment({
        ...common,
        severity: "error",
        code: "SERVICE_SHORT_OF_TASKS",
        what: `${running} of ${desired} tasks of ${name} run, ${pending} are starting`,
        because: [...service.events.slice(0, 3), ...service.logLines.slice(-5)],
        fix: [see],
        symptomOf: ["*"],
      }),
    );
  else if (desired === 0)
    found.push(
      judgment({
        ...common,
        severity: "warning",
        code: "SERVICE_AT_ZERO",
        what: `the service ${name} is to have no task at all`,
        fix: [
          `aws ecs update-service --region ${region} --cluster ${cluster} --service ${name} --desired-count 1`,
        ],
      }),
    );
  return [
    ...found,
    ...judgeRollout(service, { common, see, nowMs }),
    ...judgeCapacity(service, { common, region }),
  ];
}

type Common = Pick<Judgment, "subject" | "cause">;

function judgeRollout(
  { deployments, name }: ServiceSnapshot,
  { common, see, nowMs }: { readonly common: Common; readonly see: string; readonly nowMs: number },
): readonly Judgment[] {
  const failed = deployments.find(({ rollout }) => rollout === "FAILED");
  if (failed !== undefined)
    return [
      judgment({
        ...common,
        severity: "error",
        code: "DEPLOYMENT_ROLLED_BACK",
        what: `the last deployment of ${name} failed${failed.reason === null ? "" : `: ${failed.reason}`}`,
        because: [`${failed.failedTasks} tasks failed in ${failed.id}`],
        fix: ["mend what stops its tasks, then deploy again", see],
        symptomOf: ["*"],
      }),
    ];
  const slow = deployments.find(
    (one) =>
      one.status === "PRIMARY" && one.rollout === "IN_PROGRESS" && nowMs - one.updatedAtMs > rolloutMaxMs,
  );
  if (slow === undefined) return [];
  return [
    judgment({
      ...common,
      severity: "error",
      code: "DEPLOYMENT_STUCK",
      what: `the deployment of ${name} has not moved for ${Math.round((nowMs - slow.updatedAtMs) / 60_000)} minutes`,
      because: [`${slow.failedTasks} tasks failed in ${slow.id}`],
      fix: [see],
      symptomOf: ["*"],
    }),
  ];
}

/** Lacks of room that ECS tells as events of a service. */
const lacks = [
  {
    pattern: /capacity is unavailable|FARGATE_SPOT.*unavailable|unable to place.*Spot/i,
    code: "CAPACITY_UNAVAILABLE",
    what: "AWS has no capacity now for the tasks of",
    fix: "give the service some weight on FARGATE beside FARGATE_SPOT, or more zones (capacity in the definition)",
  },
  {
    pattern: /reached the limit on the number of (tasks|vCPUs)|vCPU(s)? (limit|quota)|LimitExceeded/i,
    code: "QUOTA_EXHAUSTED",
    what: "a quota of the account is used up by the tasks of",
    fix: "aws service-quotas list-service-quotas --service-code fargate",
  },
  {
    pattern: /not enough (free )?(IP )?addresses|insufficient.*addresses|InsufficientFreeAddresses/i,
    code: "SUBNET_FULL",
    what: "no address is free in the subnets for the tasks of",
    fix: "larger or more private subnets (network in the definition), or fewer tasks",
  },
] as const;

function judgeCapacity(
  { events, name, desired, running }: ServiceSnapshot,
  { common, region }: { readonly common: Common; readonly region: string },
): readonly Judgment[] {
  if (running >= desired) return [];
  return lacks.flatMap(({ pattern, code, what, fix }) => {
    const event = events.find((one) => pattern.test(one));
    if (event === undefined) return [];
    return [
      judgment({
        ...common,
        // A lack of the region is one cause, whichever service meets it.
        cause: region,
        severity: "error",
        code,
        what: `${what} ${name}`,
        because: [event],
        fix: [fix.startsWith("aws ") ? `${fix} --region ${region}` : fix],
      }),
    ];
  });
}

import { type Judgment, judgment, type Subject } from "../finding.ts";
import { evaluate, mayAssume } from "../iam/evaluate-policies.ts";
import { executionNeeds, type RoleNeed, trustContext } from "../iam/role-needs.ts";
import type { RoleSnapshot } from "../iam/role-snapshot.ts";
import { roleNameOf } from "../references.ts";
import { isMissing, type RegionSnapshot, type ServiceSnapshot, type Snapshot, valueOf } from "../snapshot.ts";
import { subjectOfService } from "../subjects.ts";

const ecsTasks = "ecs-tasks.amazonaws.com";

/** Whether the roles of tasks exist, can be taken, and allow what tasks need to start. */
export function judgeRoles(snapshot: Snapshot): readonly Judgment[] {
  return snapshot.regions.flatMap((region) =>
    region.services.flatMap((service) => {
      const definition = valueOf(region.taskDefinitions, service.taskDefinition);
      if (definition === null) return [];
      const { executionRole, taskRole } = definition;
      const context = { service, region, snapshot };
      const needs = executionNeeds(definition, region, snapshot.account);
      if (executionRole === null && needs.length > 0) return [withoutExecutionRole(context)];
      return [
        ...(executionRole === null ? [] : judgeRole(executionRole, "execution", needs, context)),
        // What a program does with its role is its own affair: nothing is known that it needs.
        ...(taskRole === null || taskRole === executionRole ? [] : judgeRole(taskRole, "task", [], context)),
      ];
    }),
  );
}

interface Context {
  readonly service: ServiceSnapshot;
  readonly region: RegionSnapshot;
  readonly snapshot: Snapshot;
}

function withoutExecutionRole({ service, region }: Context): Judgment {
  const subject = subjectOfService(service, region.region);
  return judgment({
    severity: "error",
    code: "ROLE_MISSING",
    subject,
    cause: service.tenant === null ? service.arn : "execution",
    what: `the task definition of ${service.name} names no execution role, so its tasks get neither image nor secrets nor log`,
    fix: ["tenantry plan, then tenantry deploy"],
  });
}

function judgeRole(
  arn: string,
  kind: "execution" | "task",
  needs: readonly RoleNeed[],
  { service, region, snapshot }: Context,
): readonly Judgment[] {
  const name = roleNameOf(arn);
  const subject: Subject = { kind: "role", id: arn, region: null, tenant: service.tenant };
  const common = {
    severity: "error",
    subject,
    cause: service.tenant === null ? arn : kind,
    affected: [subjectOfService(service, region.region)],
  } as const;
  if (isMissing(snapshot.roles, arn))
    return [
      judgment({
        ...common,
        code: "ROLE_MISSING",
        what: `the ${kind} role ${name} of ${service.name} does not exist`,
        fix: ["tenantry plan, then tenantry deploy"],
      }),
    ];
  const role = valueOf(snapshot.roles, arn);
  if (role === null) return [];
  const found: Judgment[] = [];
  const trust = mayAssume(role.trust, ecsTasks, trustContext(region.region, snapshot.account));
  if (trust === "not-allowed" || trust === "denied")
    found.push(
      judgment({
        ...common,
        code: "ROLE_NOT_TRUSTED",
        what: `ECS may not take the ${kind} role ${name} of ${service.name}: its trust right does not allow sts:AssumeRole to ${ecsTasks}`,
        fix: [`aws iam update-assume-role-policy --role-name ${name} --policy-document <with ${ecsTasks}>`],
      }),
    );
  return [...found, ...judgeNeeds(role, needs, { common, kind, service })];
}

interface Refusal {
  readonly need: RoleNeed;
  readonly by: "denied" | "not-allowed" | "cannot-tell";
  readonly where: string;
}

interface NeedContext {
  readonly common: Pick<Judgment, "severity" | "subject" | "cause" | "affected">;
  readonly kind: "execution" | "task";
  readonly service: ServiceSnapshot;
}

function judgeNeeds(
  role: RoleSnapshot,
  needs: readonly RoleNeed[],
  context: NeedContext,
): readonly Judgment[] {
  const { common, kind, service } = context;
  const policies = role.policies.map(({ document }) => document);
  const refused = needs.flatMap((need): readonly Refusal[] => {
    const own = evaluate(policies, need);
    const inBoundary = role.boundary === null ? "allowed" : evaluate([role.boundary.document], need);
    if (own === "denied" || own === "not-allowed") return [{ need, by: own, where: "its policies" }];
    if (inBoundary === "denied" || inBoundary === "not-allowed")
      return [{ need, by: inBoundary, where: `its permissions boundary ${role.boundary?.arn ?? ""}` }];
    if (own === "cannot-tell" || inBoundary === "cannot-tell")
      return [{ need, by: "cannot-tell", where: "a condition" }];
    return [];
  });
  return [...Map.groupBy(refused, ({ by, where }) => `${by === "cannot-tell"} ${where}`).values()].map(
    (group) => {
      const [first] = group;
      const isUnclear = first?.by === "cannot-tell";
      const actions = [...new Set(group.map(({ need }) => need.action))];
      const purposes = [...new Set(group.map(({ need }) => need.purpose))];
      return judgment({
        ...common,
        severity: isUnclear ? "note" : "error",
        code: isUnclear ? "ROLE_UNCLEAR" : "ROLE_LACKS_PERMISSION",
        cause: `${common.cause} ${actions.join(" ")}`,
        what: isUnclear
          ? `whether the ${kind} role ${role.name} of ${service.name} may ${purposes.join(" and ")} hangs on conditions that cannot be evaluated here`
          : `the ${kind} role ${role.name} of ${service.name} may not ${purposes.join(" and ")}: ${first?.where ?? ""} ${group.some(({ by }) => by === "denied") ? "deny" : "do not allow"} ${actions.join(", ")}`,
        because: group
          .slice(0, 6)
          .map(({ need, by }) => `${need.action} on ${need.resource}: ${by.replace("-", " ")}`),
        fix: isUnclear
          ? group
              .slice(0, 2)
              .map(
                ({ need }) =>
                  `aws iam simulate-principal-policy --policy-source-arn ${role.arn} --action-names ${need.action} --resource-arns ${need.resource}`,
              )
          : [
              `aws iam put-role-policy --role-name ${role.name} --policy-name <name> --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":${JSON.stringify(actions)},"Resource":${JSON.stringify([...new Set(group.map(({ need }) => need.resource))])}}]}'`,
            ],
      });
    },
  );
}

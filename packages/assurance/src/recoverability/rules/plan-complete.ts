import type { Data, Resource } from "../../artifacts/shipment.ts";
import { isFields, listAt, numberAt, textAt } from "../../posture/read-value.ts";
import { type Finding, notApplicable, refuted } from "../../rule.ts";
import type { RecoveryDesign } from "../read-recovery.ts";
import { recoveryRule } from "../recovery-rule.ts";
import type { StoreCopy } from "../store-copies.ts";
import { counterpartOf } from "../takeover.ts";

export const planComplete = recoveryRule({
  id: "recoverability/plan-complete",
  why: "What the plan leaves out is found out about in the night of the disaster, one error after the other.",
  fix: "Let the Region switch plan move every database that is replicated and every service that waits, to either region.",
  judge: (design, recovery) => {
    if (recovery.strategy === "backup-and-restore")
      return [
        notApplicable(
          design.shipment.environment,
          "with backup-and-restore nothing waits that a plan could move",
        ),
      ];
    const needed = neededArns(design);
    const alone = tenantDatabases(design);
    if (needed.length === 0 && alone.length > 0) return alone;
    if (needed.length === 0)
      return [notApplicable(design.shipment.environment, "nothing waits that a plan could move")];
    const plans = [
      ...design.primary.ofType("AWS::ARCRegionSwitch::Plan"),
      ...design.standby.ofType("AWS::ARCRegionSwitch::Plan"),
    ];
    const [plan] = plans;
    if (plan === undefined) return [refuted(design.shipment.environment, "no Region switch plan is shipped")];
    const workflows = listAt(plan.properties, "Workflows");
    const targets = new Set(workflows.map((workflow) => textAt(workflow, "WorkflowTargetRegion")));
    return [
      ...alone,
      ...[design.primary.region, recovery.region]
        .filter((region) => !targets.has(region))
        .map((region) => refuted(plan.key, `no workflow leads to ${region}`)),
      ...workflows.flatMap((workflow) => judgeWorkflow(plan.key, workflow, needed)),
      ...judgeObjective(plan, recovery.rtoMinutes),
    ];
  },
});

/** What the plan holds its own executions against. */
function judgeObjective({ key, properties }: Resource, rtoMinutes: number): readonly Finding[] {
  const minutes = numberAt(properties, "RecoveryTimeObjectiveMinutes");
  return minutes !== undefined && minutes > rtoMinutes
    ? [refuted(key, `RecoveryTimeObjectiveMinutes is ${minutes}, and ${rtoMinutes} are promised`)]
    : [];
}

interface Needed {
  readonly what: string;
  readonly arns: readonly string[];
}

function judgeWorkflow(plan: string, workflow: Data, needed: readonly Needed[]): readonly Finding[] {
  const named = textsIn(workflow);
  return needed
    .filter(({ arns }) => !arns.every((arn) => named.has(arn)))
    .map(({ what }) =>
      refuted(plan, `the workflow to ${textAt(workflow, "WorkflowTargetRegion") ?? "?"} leaves out ${what}`),
    );
}

/** Replicated databases that tenants share, and services that wait; those of single tenants grow by their own scaling. */
function neededArns({ stores, primary, standby }: RecoveryDesign): readonly Needed[] {
  const databases = stores.flatMap(({ resource, tier, name, copies }) =>
    copies.flatMap(({ kind, target }) =>
      tier === null && target !== null && isDatabase(kind)
        ? [{ what: `the database ${name}`, arns: [resource.arn ?? "", target.arn ?? ""] }]
        : [],
    ),
  );
  const services = primary.ofType("AWS::ECS::Service").flatMap((service) => {
    const waiting = service.stack.tier === null ? counterpartOf(service, standby) : undefined;
    return waiting === undefined
      ? []
      : [{ what: `the service ${service.logicalId}`, arns: [service.arn ?? "", waiting.arn ?? ""] }];
  });
  return [...databases, ...services];
}

/** A plan names its databases one by one, so that those of tenants, who come and go, can be in none. */
function tenantDatabases({ stores }: RecoveryDesign): readonly Finding[] {
  return stores
    .filter(
      ({ tier, copies }) =>
        tier !== null && copies.some(({ kind, target }) => target !== null && isDatabase(kind)),
    )
    .map(({ resource, name }) =>
      refuted(resource.key, `no plan moves ${name}: it stays a reader until somebody does`),
    );
}

const isDatabase = (kind: StoreCopy["kind"]): boolean =>
  kind !== "s3-replication" && kind !== "elasticache-global";

function textsIn(value: Data): ReadonlySet<string> {
  const texts = new Set<string>();
  const visit = (part: Data): void => {
    if (typeof part === "string") texts.add(part);
    else if (Array.isArray(part)) for (const item of part as readonly Data[]) visit(item);
    else if (isFields(part)) for (const item of Object.values(part)) visit(item);
  };
  visit(value);
  return texts;
}

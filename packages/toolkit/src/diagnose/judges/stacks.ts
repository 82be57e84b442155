import { type Judgment, judgment, type Severity } from "../finding.ts";
import type { RegionSnapshot, Snapshot } from "../snapshot.ts";
import type { DeployedSnapshot, StackSnapshot } from "../stack-snapshot.ts";
import { subjectOfStack } from "../subjects.ts";

/** Longer than this no stack of a platform works: a database with replicas takes three quarters of an hour. */
const inProgressMaxMs = 2 * 3_600_000;

/** What CloudFormation says of the stacks. */
export function judgeStacks(snapshot: Snapshot): readonly Judgment[] {
  return snapshot.regions.flatMap((region) =>
    region.stacks.flatMap((stack) => judgeStack(stack, region, snapshot)),
  );
}

function judgeStack(
  stack: StackSnapshot,
  { region }: RegionSnapshot,
  { environment, nowMs }: Snapshot,
): readonly Judgment[] {
  const { deployed, stackName, tenant, id } = stack;
  if (deployed === "unread") return [];
  const subject = subjectOfStack(stack, region);
  const deploy = `tenantry deploy ${environment}`;
  // The stacks of tenants are alike; each shared one is a matter of its own.
  const common = { subject, cause: tenant === null ? stackName : "tenant" };
  if (deployed === null)
    return [
      judgment({
        ...common,
        // One deployment brings all of them.
        cause: tenant === null ? "shared" : "tenant",
        severity: "error",
        code: "STACK_MISSING",
        what: `the stack ${stackName} (${id}) is not deployed in ${region}`,
        fix: [deploy],
      }),
    ];
  const state = stateOf(deployed, nowMs);
  if (state !== null) {
    const [first] = deployed.failures;
    return [
      judgment({
        ...common,
        cause: `${common.cause} ${deployed.status} ${first?.logicalId ?? ""}`,
        severity: state.severity,
        code: state.code,
        what:
          first === undefined
            ? `the stack ${stackName} is ${deployed.status}${reasonText(deployed.statusReason)}`
            : `the stack ${stackName} is ${deployed.status}: ${first.logicalId} (${first.type}) failed first: ${first.reason}`,
        because: deployed.failures.slice(1, 4).map((one) => `${one.logicalId} (${one.type}): ${one.reason}`),
        fix: fixOf(stack, deployed, { region, deploy }),
      }),
    ];
  }
  return judgeDrift(stack, deployed, { common, environment });
}

function reasonText(reason: string | null): string {
  return reason === null ? "" : `: ${reason}`;
}

function stateOf(
  { status, changedAtMs }: DeployedSnapshot,
  nowMs: number,
): { readonly severity: Severity; readonly code: string } | null {
  if (status.endsWith("_FAILED")) return { severity: "error", code: "STACK_FAILED" };
  if (status === "ROLLBACK_COMPLETE" || status === "REVIEW_IN_PROGRESS")
    return { severity: "error", code: "STACK_NEVER_CREATED" };
  if (status.endsWith("_IN_PROGRESS"))
    return nowMs - changedAtMs > inProgressMaxMs
      ? { severity: "error", code: "STACK_STUCK" }
      : { severity: "note", code: "STACK_IN_PROGRESS" };
  if (status === "UPDATE_ROLLBACK_COMPLETE") return { severity: "warning", code: "STACK_ROLLED_BACK" };
  return null;
}

function fixOf(
  { stackName }: StackSnapshot,
  { status }: DeployedSnapshot,
  { region, deploy }: { readonly region: string; readonly deploy: string },
): readonly string[] {
  const cloudformation = `aws cloudformation`;
  const named = `--region ${region} --stack-name ${stackName}`;
  if (status === "UPDATE_ROLLBACK_FAILED")
    return ["correct what the reason names", `${cloudformation} continue-update-rollback ${named}`, deploy];
  if (status === "ROLLBACK_COMPLETE" || status === "ROLLBACK_FAILED" || status === "CREATE_FAILED")
    return ["correct what the reason names", `${cloudformation} delete-stack ${named}`, deploy];
  if (status === "DELETE_FAILED")
    return ["correct what the reason names", `${cloudformation} delete-stack ${named}`];
  if (status.endsWith("_IN_PROGRESS"))
    return [`${cloudformation} describe-stack-events ${named} --max-items 10`];
  return ["correct what the reason names", deploy];
}

interface Drift {
  readonly common: Pick<Judgment, "subject" | "cause">;
  readonly environment: string;
}

function judgeDrift(
  { declared, templateSha256, stackName }: StackSnapshot,
  deployed: DeployedSnapshot,
  { common, environment }: Drift,
): readonly Judgment[] {
  const differing = Object.entries(declared).filter(([name, value]) => {
    const given = deployed.parameters[name];
    return given !== undefined && given.value !== value;
  });
  const plan = { fix: [`tenantry plan ${environment}`, `tenantry deploy ${environment}`] };
  if (differing.length > 0)
    return [
      judgment({
        ...common,
        cause: `${common.cause} ${differing.map(([name]) => name).join(" ")}`,
        severity: "warning",
        code: "STACK_PARAMETERS_DIFFER",
        what: `the stack ${stackName} was deployed with other values than it is synthesized with: ${differing.map(([name]) => name).join(", ")}`,
        because: differing
          .slice(0, 6)
          .map(
            ([name, value]) =>
              `${name} is ${JSON.stringify(deployed.parameters[name]?.value)} and should be ${JSON.stringify(value)}`,
          ),
        ...plan,
      }),
    ];
  if (deployed.templateSha256 === null || deployed.templateSha256 === templateSha256) return [];
  return [
    judgment({
      ...common,
      severity: "note",
      code: "STACK_BEHIND",
      what: `the stack ${stackName} has another template than is synthesized now`,
      ...plan,
    }),
  ];
}

// Goal: there is one plan by which a region takes over; it moves what the platform has and may do nothing else.
import { expect, test } from "vitest";
import { RecoveryPlan } from "../../src/recovery/recovery-plan.ts";
import { documentPlatform } from "../foundation/document-platform.ts";
import { platformWith, resourcesOf, templateOf, type Template } from "../test-stack.ts";
import { validateTemplate } from "../validate-template.ts";
import { operationsTemplate } from "./operations-templates.ts";

interface Step {
  readonly Name: string;
  readonly ExecutionBlockType: string;
  readonly ExecutionBlockConfiguration: { readonly ParallelConfig?: { readonly Steps: readonly Step[] } };
}
interface Workflow {
  readonly WorkflowTargetAction: string;
  readonly WorkflowTargetRegion: string;
  readonly Steps?: readonly Step[];
}

function planOf(template: Template | null): Readonly<Record<string, unknown>> {
  const found = Object.values(template === null ? {} : resourcesOf(template, "AWS::ARCRegionSwitch::Plan"));
  return found[0]?.Properties ?? {};
}

function blocks(steps: readonly Step[] = []): readonly string[] {
  return steps.flatMap((step) => [
    step.ExecutionBlockType,
    ...blocks(step.ExecutionBlockConfiguration.ParallelConfig?.Steps),
  ]);
}

function actionsOf(template: Template | null): readonly string[] {
  const role = resourcesOf(template as Template, "AWS::IAM::Role")["RecoveryPlanRole"];
  const [policy] = (role?.Properties?.["Policies"] ?? []) as {
    PolicyDocument: { Statement: { Action: string | string[] }[] };
  }[];
  return policy?.PolicyDocument.Statement.flatMap(({ Action }) => Action) ?? [];
}

test("S1.19 the other region takes over: replica promoted, DocumentDB switched, services as large as here", () => {
  const template = operationsTemplate(documentPlatform("saas-management", "production"));
  const plan = planOf(template);
  expect(plan).toMatchObject({
    Regions: ["us-east-1", "us-west-2"],
    PrimaryRegion: "us-east-1",
    RecoveryApproach: "activePassive",
    RecoveryTimeObjectiveMinutes: 30,
  });
  expect(plan["Triggers"]).toBeUndefined();
  const workflows = plan["Workflows"] as readonly Workflow[];
  expect(workflows.map((one) => [one.WorkflowTargetAction, one.WorkflowTargetRegion])).toEqual([
    ["activate", "us-east-1"],
    ["activate", "us-west-2"],
  ]);
  expect(blocks(workflows[1]?.Steps)).toEqual([
    "Parallel",
    "DocumentDb",
    "RdsPromoteReadReplica",
    "ECSServiceScaling",
  ]);
  expect(Object.keys(plan["AssociatedAlarms"] as object)).toEqual([
    "primary-saas-platform-production-cell-1-errors",
    "recovery-saas-platform-production-cell-1-errors",
  ]);
});

test("the plan's role may change only what the plan moves", () => {
  const actions = actionsOf(operationsTemplate(documentPlatform("saas-management", "production")));
  expect(actions).toEqual(
    expect.arrayContaining(["rds:PromoteReadReplica", "rds:SwitchoverGlobalCluster", "ecs:UpdateService"]),
  );
  const noServices = operationsTemplate(
    platformWith(
      { stores: { main: { kind: "postgres", instance: "r6g.large" } } },
      { recovery: { region: "us-west-2", strategy: "pilot-light" } },
    ),
  );
  const fewer = actionsOf(noServices);
  expect(fewer).toContain("rds:FailoverGlobalCluster");
  expect(
    fewer.filter((action) => /^(ecs|application-autoscaling|route53):|PromoteReadReplica/.test(action)),
  ).toEqual([]);
  expect(blocks((planOf(noServices)["Workflows"] as readonly Workflow[])[0]?.Steps)).toEqual([
    "AuroraGlobalDatabase",
  ]);
});

test("there is no plan without a recovery region, nor where only backups wait there", () => {
  for (const [name, environment] of [
    ["saas-management", "staging"],
    ["tenant-silos", "production"],
  ] as const) {
    expect(planOf(operationsTemplate(documentPlatform(name, environment)))).toEqual({});
  }
});

test(
  "of two active regions one is deactivated and comes back, and a record can lead users",
  { timeout: 60_000 },
  () => {
    const arns = (what: string) => ({
      primary: `arn:aws:ecs:us-east-1:123456789012:${what}`,
      recovery: `arn:aws:ecs:us-west-2:123456789012:${what}`,
    });
    const template = templateOf(platformWith({}), "operations", (stack) => {
      new RecoveryPlan(stack, "Plan", {
        name: "shop-production",
        isActiveActive: true,
        rtoMinutes: 20_000,
        regions: { primary: "us-east-1", recovery: "us-west-2" },
        databases: [],
        services: [{ name: "web", clusterArns: arns("cluster/one"), serviceArns: arns("service/one/web") }],
        record: {
          hostedZoneId: "Z1",
          recordName: "shop.example.com",
          recordSets: { primary: "one", recovery: "two" },
        },
        alarms: {},
        permissionsBoundary: null,
      });
    });
    const plan = planOf(template);
    expect(plan["RecoveryTimeObjectiveMinutes"]).toBe(10_080);
    const workflows = plan["Workflows"] as readonly Workflow[];
    expect(workflows.map(({ WorkflowTargetAction }) => WorkflowTargetAction)).toEqual([
      "deactivate",
      "activate",
      "deactivate",
      "activate",
    ]);
    for (const { Steps } of workflows)
      expect(blocks(Steps)).toEqual(["ECSServiceScaling", "Route53HealthCheck"]);
    expect(plan["PrimaryRegion"]).toBeUndefined();
    expect(validateTemplate(template)).toEqual([]);
  },
);

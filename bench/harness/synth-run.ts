// One synthesis in a process of its own: of the tenant-silos platform with so many tenants, or of a plain CDK app with a
// stack for each tenant, which is what one writes first. Tells the parent its peak memory.
//
//   node bench/harness/synth-run.ts tenantry|plain <tenants> <folder>
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { openDeployment, parseDefinition, resolve } from "@tenantry/model";

const [kind = "", count = "", folder = ""] = process.argv.slice(2);
const ids = Array.from({ length: Number(count) }, (_, index) => `tenant-${index}`);

if (kind === "plain") await plain();
else await tenantry();
process.send?.(process.resourceUsage().maxRSS / 1_024);

async function tenantry(): Promise<void> {
  const { default: definition } = await import("../../platforms/tenant-silos/tenantry.config.ts");
  const { synthesize } = await import("@tenantry/aws/synthesis");
  const tenants = Object.fromEntries(ids.map((id) => [id, "silo"]));
  const parsed = parseDefinition({ ...definition, tenants });
  const { files } = synthesize(resolve(parsed, "development", { deployment: openDeployment }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** The resources of the document for each tenant, by CDK's own constructs of one resource each. */
async function plain(): Promise<void> {
  process.env["CDK_VALIDATION"] = "false";
  const { App, Stack } = await import("aws-cdk-lib");
  const { CfnSecurityGroup } = await import("aws-cdk-lib/aws-ec2");
  const { CfnService, CfnTaskDefinition } = await import("aws-cdk-lib/aws-ecs");
  const { CfnListenerRule, CfnTargetGroup } = await import("aws-cdk-lib/aws-elasticloadbalancingv2");
  const { CfnRole } = await import("aws-cdk-lib/aws-iam");
  const { CfnLogGroup } = await import("aws-cdk-lib/aws-logs");
  const { CfnBucket } = await import("aws-cdk-lib/aws-s3");
  const app = new App({ outdir: folder, analyticsReporting: false, treeMetadata: false });
  const trust = { Version: "2012-10-17", Statement: [] };
  for (const [index, id] of ids.entries()) {
    const stack = new Stack(app, id);
    const role = new CfnRole(stack, "TaskRole", { assumeRolePolicyDocument: trust });
    const execution = new CfnRole(stack, "ExecutionRole", { assumeRolePolicyDocument: trust });
    const bucket = new CfnBucket(stack, "Bucket", { bucketName: `saas-platform-${id}-data-development` });
    const log = new CfnLogGroup(stack, "Log", { logGroupName: `/ecs/tenant/${id}`, retentionInDays: 30 });
    const group = new CfnSecurityGroup(stack, "Group", { groupDescription: id, vpcId: "vpc-1" });
    const target = new CfnTargetGroup(stack, "Target", {
      port: 80,
      protocol: "HTTP",
      vpcId: "vpc-1",
      targetType: "ip",
    });
    new CfnListenerRule(stack, "Rule", {
      listenerArn: "arn",
      priority: index + 1,
      conditions: [{ field: "host-header", hostHeaderConfig: { values: [`${id}.example.com`] } }],
      actions: [{ type: "forward", targetGroupArn: target.ref }],
    });
    const task = new CfnTaskDefinition(stack, "Task", {
      cpu: "1024",
      memory: "2048",
      taskRoleArn: role.ref,
      executionRoleArn: execution.ref,
      containerDefinitions: [
        {
          name: "app",
          image: "nginx:latest",
          environment: [{ name: "DATA_BUCKET", value: bucket.ref }],
          logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": log.ref } },
        },
      ],
    });
    new CfnService(stack, "Service", {
      taskDefinition: task.ref,
      desiredCount: 2,
      networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-1"], securityGroups: [group.ref] } },
    });
  }
  app.synth();
}

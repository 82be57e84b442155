// Goal: every operations template is one that CloudFormation takes and AWS's checks pass, whatever the platform says.
import { App, Stack, Validations } from "aws-cdk-lib";
import { CfnTopic } from "aws-cdk-lib/aws-sns";
import { AwsSolutionsChecks } from "cdk-nag";
import { expect, test } from "vitest";
import { primarySite, recoverySite } from "../../src/stack/site.ts";
import { globalOperationsStack, operationsStack } from "../../src/stacks/operations-stack.ts";
import { documentPlatform } from "../foundation/document-platform.ts";
import { platformWith } from "../test-stack.ts";
import { validateTemplate } from "../validate-template.ts";
import { globalTemplate, operationsTemplate } from "./operations-templates.ts";

const reference = {
  "tenant-silos, development": documentPlatform("tenant-silos", "development"),
  "tenant-silos, production": documentPlatform("tenant-silos", "production"),
  "saas-management, production": documentPlatform("saas-management", "production"),
  "saas-management, staging": documentPlatform("saas-management", "staging"),
};

const alerts = {
  destinations: {
    chat: { kind: "slack", channel: "#alerts", secret: "slack" },
    hook: { kind: "webhook", secret: "hook" },
    mail: { kind: "email", address: "a@example.com" },
  },
  routes: { critical: { to: ["chat", "hook"] }, medium: { to: ["mail"], hours: "business" } },
};
const made = {
  "nothing but a name": platformWith({}),
  "Aurora that another region follows, active-active, AWS's keys, slack": platformWith(
    {
      services: { web: { image: "web:1", route: "/" }, work: { image: "work:1" } },
      stores: {
        main: { kind: "postgres", instance: "r6g.large", instances: 2, alarms: {} },
        cache: { kind: "redis", nodes: 4, shards: 2, clusterMode: true },
        files: { kind: "bucket" },
      },
      encryption: { keys: "aws-managed" },
      observability: { alerts, containerInsights: false },
      parameters: {
        "alerts/chat/slack-workspace-id": "T0ABCDEFG",
        "alerts/chat/slack-channel-id": "C0ABCDEFG",
      },
      cost: { budget: { monthlyUsd: 1000, notify: ["mail", "chat"] } },
      backups: {
        plans: {
          weekly: { schedule: "rate(7 days)", retentionDays: 200, coldAfterDays: 30, copyToRecovery: true },
        },
        restoreTest: { schedule: "rate(30 days)", stores: ["main", "files"] },
      },
    },
    { recovery: { region: "us-west-2", strategy: "active-active", rtoMinutes: 20_000 } },
  ),
  "disposable, with backups and a long name": platformWith({
    name: "a-platform-with-the-longest-name",
    dataProtection: "disposable",
    stores: { main: { kind: "documentdb" } },
    backups: { plans: { daily: { schedule: "cron(0 5 * * ? *)" } } },
  }),
};

test("AWS's validator finds nothing in any template", { timeout: 120_000 }, () => {
  const found = Object.entries({ ...reference, ...made }).flatMap(([name, platform]) => [
    [name, "primary", operationsTemplate(platform)] as const,
    [name, "global", globalTemplate(platform)] as const,
    ...(platform.recovery === null
      ? []
      : [[name, "recovery", operationsTemplate(platform, "recovery")] as const]),
  ]);
  const findings = found.flatMap(([name, role, template]) =>
    template === null ? [] : validateTemplate(template).map((finding) => `${name}, ${role}: ${finding}`),
  );
  expect(findings).toEqual([]);
  expect(found.filter(([, , template]) => template !== null).length).toBeGreaterThan(9);
});

test("AWS's checks of good practice pass, and each exception has its reason", { timeout: 120_000 }, () => {
  const before = process.env["CDK_VALIDATION"];
  process.env["CDK_VALIDATION"] = "true";
  try {
    for (const platform of [...Object.values(reference), ...Object.values(made)]) {
      const app = new App({ analyticsReporting: false });
      Validations.of(app).addPlugins(new AwsSolutionsChecks());
      operationsStack(app, primarySite(platform));
      globalOperationsStack(app, primarySite(platform));
      const recovery = recoverySite(platform);
      if (recovery !== null) operationsStack(app, recovery);
      expect(() => app.synth()).not.toThrow();
    }
    // The checks are at work: a topic that anybody may publish to without TLS is refused.
    const app = new App({ analyticsReporting: false });
    Validations.of(app).addPlugins(new AwsSolutionsChecks());
    new CfnTopic(new Stack(app, "Open"), "Topic", {});
    expect(() => app.synth()).toThrow(/AwsSolutions-SNS3/);
  } finally {
    process.env["CDK_VALIDATION"] = before;
  }
});

test("nothing but the services of the account may publish, and only by TLS", () => {
  const template = operationsTemplate(reference["saas-management, production"]);
  const policies = Object.values(template?.Resources ?? {}).filter(
    ({ Type }) => Type === "AWS::SNS::TopicPolicy",
  );
  expect(policies).toHaveLength(3);
  for (const { Properties } of policies) {
    expect(
      (Properties?.["PolicyDocument"] as { readonly Statement: unknown } | undefined)?.Statement,
    ).toMatchObject([
      {
        Effect: "Allow",
        Action: "sns:Publish",
        Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
      },
      { Effect: "Deny", Principal: "*", Condition: { Bool: { "aws:SecureTransport": "false" } } },
    ]);
  }
});

// Goal: one tenant's trouble is seen as that tenant's, at a price that does not grow faster than tenants.
import type { Platform } from "@tenantry/model";
import { App } from "aws-cdk-lib";
import { expect, test } from "vitest";
import { primarySite } from "../../src/stack/site.ts";
import { tenantStackOfTier } from "../../src/stacks/tenant-stack-of-tier.ts";
import { documentPlatform } from "../foundation/document-platform.ts";
import { platformWith, resourcesOf, type Template } from "../test-stack.ts";
import { validateTemplate } from "../validate-template.ts";
import { operationsTemplate } from "./operations-templates.ts";

const production = documentPlatform("tenant-silos", "production");

/** The template of a tier's tenants. */
function tenantTemplate(platform: Platform, tier: string): Template {
  const found = platform.tiers[tier];
  if (found === undefined) throw new Error(`no tier ${tier}`);
  const app = new App({ analyticsReporting: false });
  const stack = tenantStackOfTier(app, primarySite(platform), found);
  if (stack === null) throw new Error(`the tier ${tier} has nothing of its own`);
  return app.synth().getStackArtifact(stack.artifactId).template as Template;
}

test(
  "S5.18 a tenant has alarms on its tasks, its errors and its time to answer, named by it",
  { timeout: 60_000 },
  () => {
    const template = tenantTemplate(production, "silo");
    const alarms = Object.values(resourcesOf(template, "AWS::CloudWatch::Alarm")).map(
      ({ Properties }) => Properties,
    );
    expect(alarms.map((alarm) => alarm?.["AlarmName"])).toEqual(
      ["tasks", "errors", "latency"].map((kind) => ({
        "Fn::Join": ["", ["saas-platform-production-", { Ref: "TenantId" }, `_app-${kind}`]],
      })),
    );
    expect(alarms[1]).toMatchObject({
      AlarmActions: [{ Ref: "ValueNotificationsHigh" }],
      TreatMissingData: "notBreaching",
    });
    // Nobody is told of what is of medium severity.
    expect(alarms[2]).not.toHaveProperty("AlarmActions");
    expect(validateTemplate(template)).toEqual([]);
  },
);

test("both target groups of a service that shifts traffic are counted", () => {
  const template = tenantTemplate(
    platformWith({
      services: { app: { image: "app:1", route: "/", deployment: { strategy: "blue-green" } } },
      routing: { listener: "http" },
      tiers: { silo: { services: { app: "silo" } } },
    }),
    "silo",
  );
  const errors = Object.entries(resourcesOf(template, "AWS::CloudWatch::Alarm")).find(
    ([id]) => id === "AppErrorsAlarm",
  );
  const metrics = errors?.[1].Properties?.["Metrics"] as { readonly Id: string }[];
  expect(metrics.map(({ Id }) => Id)).toEqual(["result", "requests1", "failed1", "requests2", "failed2"]);
});

test("S5.18 one dashboard shows any tenant: tasks, errors, time to answer and log", () => {
  const template = operationsTemplate(production) as Template;
  const dashboards = Object.values(resourcesOf(template, "AWS::CloudWatch::Dashboard")).map(
    ({ Properties }) => Properties,
  );
  expect(dashboards.map((dashboard) => dashboard?.["DashboardName"])).toEqual([
    "saas-platform-production",
    "saas-platform-production-tenant",
  ]);
  const body = JSON.stringify(dashboards[1]?.["DashboardBody"]);
  for (const part of [
    "TENANT_app",
    "alarm:saas-platform-production-TENANT_app-errors",
    "alarm:saas-platform-production-TENANT_app-latency",
    "SOURCE '/ecs/tenant/TENANT/production'",
    '\\"pattern\\":\\"TENANT\\"',
  ]) {
    expect(body).toContain(part);
  }
  for (const tenant of Object.keys(production.tenants)) expect(body).not.toContain(tenant);
});

test("where tenants share everything there is no dashboard of one", () => {
  const template = operationsTemplate(documentPlatform("saas-management", "staging")) as Template;
  expect(Object.keys(resourcesOf(template, "AWS::CloudWatch::Dashboard"))).toEqual(["Dashboard"]);
});

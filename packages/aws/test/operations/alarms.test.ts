// Goal: whoever is named hears of what goes wrong, at the hours that were agreed, and silence means what it should.
import { expect, test } from "vitest";
import { postgresConnectionsMax } from "../../src/alarms/instance-memory.ts";
import { documentPlatform } from "../foundation/document-platform.ts";
import { cellWatchTemplate } from "../stamped.ts";
import { platformWith, resourcesOf, type Template } from "../test-stack.ts";
import { globalTemplate, operationsTemplate } from "./operations-templates.ts";

const management = operationsTemplate(documentPlatform("saas-management", "production")) as Template;
const managementRecovery = operationsTemplate(
  documentPlatform("saas-management", "production"),
  "recovery",
) as Template;
const managementCell = cellWatchTemplate(documentPlatform("saas-management", "production"));
const staging = documentPlatform("saas-management", "staging");
const silos = operationsTemplate(documentPlatform("tenant-silos", "production")) as Template;
const silosDevelopment = operationsTemplate(documentPlatform("tenant-silos", "development")) as Template;

type Properties = Readonly<Record<string, unknown>>;

/** The alarms of a template by the rest of their names. */
function alarmsOf(template: Template): Readonly<Record<string, Properties>> {
  return Object.fromEntries(
    Object.values(resourcesOf(template, "AWS::CloudWatch::Alarm")).map(({ Properties = {} }) => [
      String(Properties["AlarmName"]).replace(/^[a-z-]+-(production|development|staging)-/, ""),
      Properties,
    ]),
  );
}

function typesOf(template: Template): ReadonlySet<string> {
  return new Set(Object.values(template.Resources).map(({ Type }) => Type));
}

test("S1.15 cell, services, databases, cache and CloudFront are watched", () => {
  const watched = { ...alarmsOf(management), ...alarmsOf(managementCell) };
  expect(Object.keys(watched).sort()).toMatchInlineSnapshot(`
    [
      "cell-1-errors",
      "cell-1-latency",
      "cloudfront-errors",
      "service-api-cpu",
      "service-api-memory",
      "service-api-tasks",
      "service-api-unhealthy-hosts",
      "service-web-cpu",
      "service-web-memory",
      "service-web-tasks",
      "service-web-unhealthy-hosts",
      "store-cache-cpu",
      "store-cache-evictions",
      "store-cache-memory",
      "store-documents-connections",
      "store-documents-cpu",
      "store-documents-memory",
      "store-documents-replica-lag",
      "store-main-connections",
      "store-main-cpu",
      "store-main-memory",
      "store-main-replica-lag1",
      "store-main-storage",
    ]
  `);
});

test("S1.15 critical alarms page by PagerDuty, whose key stands in no template, and close by themselves", () => {
  const subscriptions = Object.values(resourcesOf(management, "AWS::SNS::Subscription")).map(
    ({ Properties }) => [Properties?.["Protocol"], Properties?.["Endpoint"]],
  );
  expect(subscriptions).toContainEqual([
    "https",
    "https://events.pagerduty.com/integration/{{resolve:secretsmanager:saas-platform/pagerduty:SecretString}}/enqueue",
  ]);
  expect(subscriptions).toContainEqual(["email", "devops@saasplatform.com"]);
  const topic = [{ Ref: "NotificationsCritical" }];
  expect(alarmsOf(management)["service-api-tasks"]).toMatchObject({ AlarmActions: topic, OKActions: topic });
  const handedOver = [{ Ref: "ValueNotificationsCritical" }];
  expect(alarmsOf(managementCell)["cell-1-errors"]).toMatchObject({
    AlarmActions: handedOver,
    OKActions: handedOver,
  });
  expect(management.Resources["NotificationsCritical"]?.Properties).toMatchObject({
    KmsMasterKeyId: { Ref: "ValueKeysNotifications" },
  });
});

test("S5.16 the thresholds of the definition are those of the database's alarms", () => {
  const alarms = alarmsOf(silos);
  expect(alarms["store-main-cpu"]).toMatchObject({ Threshold: 80, TreatMissingData: "missing" });
  // 80 percent of the connections of a db.t3.medium.
  expect(alarms["store-main-connections"]).toMatchObject({
    MetricName: "DatabaseConnections",
    Threshold: 316,
  });
  expect(alarms["store-main-replica-lag"]).toMatchObject({
    MetricName: "AuroraReplicaLagMaximum",
    Threshold: 30_000,
  });
  // Development has none: its definition names no alarms.
  expect(Object.keys(alarmsOf(silosDevelopment)).filter((name) => name.startsWith("store"))).toEqual([]);
});

test("silence is a failure where something must report, and none where nothing happened", () => {
  const alarms = { ...alarmsOf(management), ...alarmsOf(managementCell) };
  const missing = (name: string) => alarms[name]?.["TreatMissingData"];
  expect(missing("cell-1-errors")).toBe("notBreaching");
  expect(missing("store-main-cpu")).toBe("missing");
  expect(missing("store-main-replica-lag1")).toBe("breaching");
  const uncounted = operationsTemplate(
    platformWith({ services: { work: { image: "work:1" } }, observability: { containerInsights: false } }),
  ) as Template;
  // No sample of CPU is no task.
  expect(alarmsOf(uncounted)["service-work-tasks"]).toMatchObject({
    MetricName: "CPUUtilization",
    Statistic: "SampleCount",
    ComparisonOperator: "LessThanThreshold",
    Threshold: 2,
    TreatMissingData: "breaching",
  });
});

test("without a destination there is no topic, no rule and no action, and alarms still show their state", () => {
  const types = typesOf(silosDevelopment);
  expect(types.has("AWS::SNS::Topic")).toBe(false);
  expect(types.has("AWS::Events::Rule")).toBe(false);
  const alarms = Object.values(alarmsOf(cellWatchTemplate(documentPlatform("tenant-silos", "development"))));
  expect(alarms.length).toBeGreaterThan(0);
  for (const alarm of alarms) expect(alarm).not.toHaveProperty("AlarmActions");
});

test("what may wait for business hours waits: nights and days off", () => {
  const template = operationsTemplate(
    platformWith({
      stores: { cache: { kind: "redis" } },
      observability: {
        alerts: {
          destinations: { mail: { kind: "email", address: "a@example.com" } },
          routes: { low: { to: ["mail"], hours: "business" }, high: { to: ["mail"] } },
          businessHours: { timeZone: "Europe/Berlin", from: "08:30", to: "17:00" },
        },
      },
    }),
  ) as Template;
  const rules = Object.values(resourcesOf(template, "AWS::CloudWatch::AlarmMuteRule")).map(
    ({ Properties }) => Properties,
  );
  expect(rules.map((rule) => rule?.["Rule"])).toEqual([
    { Schedule: { Expression: "cron(0 17 * * *)", Duration: "PT15H30M", Timezone: "Europe/Berlin" } },
    { Schedule: { Expression: "cron(30 8 * * SUN,SAT)", Duration: "PT8H30M", Timezone: "Europe/Berlin" } },
  ]);
  expect(rules[0]?.["MuteTargets"]).toEqual({
    AlarmNames: ["test-platform-production-store-cache-evictions"],
  });
});

test("a destination that AWS cannot reach is said with its reason, and reached when its ids are known", () => {
  const settings = {
    observability: {
      alerts: {
        destinations: { chat: { kind: "slack", channel: "#alerts", secret: "s" } },
        routes: { critical: { to: ["chat"] } },
      },
    },
  };
  const unknown = operationsTemplate(platformWith(settings)) as Template;
  expect(typesOf(unknown).has("AWS::SNS::Topic")).toBe(false);
  expect(unknown.Outputs?.["UntoldChat"]?.Value).toContain("alerts/chat/slack-workspace-id");
  const known = operationsTemplate(
    platformWith({
      ...settings,
      parameters: {
        "alerts/chat/slack-workspace-id": "T0ABCDEFG",
        "alerts/chat/slack-channel-id": "C0ABCDEFG",
      },
    }),
  ) as Template;
  expect(
    Object.values(resourcesOf(known, "AWS::Chatbot::SlackChannelConfiguration"))[0]?.Properties,
  ).toMatchObject({
    SlackWorkspaceId: "T0ABCDEFG",
    SlackChannelId: "C0ABCDEFG",
    SnsTopicArns: [{ Ref: "NotificationsCritical" }],
  });
  expect(known.Outputs ?? {}).not.toHaveProperty("UntoldChat");
});

test("failed deployments, failovers, backups, findings and certificates are told as they happen, those of others not", () => {
  const rules = resourcesOf(management, "AWS::Events::Rule");
  expect(Object.keys(rules).map((id) => id.replace("Events", ""))).toEqual([
    "FailedDeployments",
    "DatabaseFailovers",
    "FailedBackups",
    "FailedCopies",
    "FailedRestores",
    "Findings",
    "ExpiringCertificates",
  ]);
  expect(rules["EventsDatabaseFailovers"]?.Properties?.["EventPattern"]).toMatchObject({
    detail: { SourceArn: [{ Ref: "ValueStoresDocumentsArn" }, { Ref: "ValueStoresMainArn" }] },
  });
  expect(JSON.stringify(rules["EventsFailedDeployments"])).toContain(
    ":service/saas-platform-production-cell-",
  );
});

test("CloudFront is watched where its metrics are, and told where the topics are", () => {
  const elsewhere = globalTemplate(staging) as Template;
  expect(Object.keys(alarmsOf(elsewhere))).toEqual(["cloudfront-errors"]);
  const [rule] = Object.values(resourcesOf(elsewhere, "AWS::Events::Rule"));
  expect(JSON.stringify(rule?.Properties?.["Targets"])).toContain(":events:us-east-2:");
  const here = operationsTemplate(staging) as Template;
  expect(Object.keys(alarmsOf(here))).not.toContain("cloudfront-errors");
  expect(here.Resources["EventsAlarmsElsewhere"]?.Properties?.["EventPattern"]).toMatchObject({
    region: ["us-east-1"],
    detail: {
      alarmName: [
        Object.values(resourcesOf(elsewhere, "AWS::CloudWatch::Alarm"))[0]?.Properties?.["AlarmName"],
      ],
    },
  });
  expect(globalTemplate(documentPlatform("saas-management", "production"))).toBeNull();
});

test("the recovery region watches how far its databases are behind", () => {
  expect(Object.keys(alarmsOf(managementRecovery))).toEqual(
    expect.arrayContaining(["store-main-region-lag", "store-documents-region-lag"]),
  );
});

test("S1.15 X-Ray samples the share of the definition, more when errors jump; its rules match this environment alone", () => {
  const rules = Object.values(resourcesOf(management, "AWS::XRay::SamplingRule")).map(
    ({ Properties }) => Properties?.["SamplingRule"] as Properties,
  );
  expect(rules.map((rule) => [rule["URLPath"], rule["FixedRate"], rule["ServiceName"]])).toEqual([
    ["*", 0.05, "saas-platform-production-*"],
    ["/healthz", 0.01, "saas-platform-production-*"],
  ]);
  expect(rules[0]).toHaveProperty("SamplingRateBoost");
  for (const rule of rules) expect(String(rule["RuleName"]).length).toBeLessThanOrEqual(32);
});

test("S1.15 logs of all services are asked in one place", () => {
  const queries = Object.values(resourcesOf(management, "AWS::Logs::QueryDefinition")).map(
    ({ Properties }) => Properties,
  );
  expect(queries).toHaveLength(4);
  for (const query of queries) {
    expect(query?.["LogGroupNames"]).toEqual([
      "/saas-platform/production/api",
      "/saas-platform/production/web",
    ]);
  }
});

test("a budget is told to those it names; in an account of an organization the monitor is made once", () => {
  const template = operationsTemplate(
    platformWith({
      observability: { alerts: { destinations: { mail: { kind: "email", address: "a@example.com" } } } },
      cost: { budget: { monthlyUsd: 400, alertPercents: [50, 100], notify: ["mail"] } },
    }),
  ) as Template;
  const [budget] = Object.values(resourcesOf(template, "AWS::Budgets::Budget"));
  expect(budget?.Properties?.["Budget"]).toMatchObject({
    BudgetLimit: { Amount: 400, Unit: "USD" },
    CostFilters: { TagKeyValue: ["user:Environment$production"] },
  });
  const notifications = budget?.Properties?.["NotificationsWithSubscribers"] as Properties[];
  expect(notifications.map((one) => one["Notification"])).toMatchObject([
    { NotificationType: "ACTUAL", Threshold: 50 },
    { NotificationType: "ACTUAL", Threshold: 100 },
    { NotificationType: "FORECASTED", Threshold: 100 },
  ]);
  const monitor = ({ Resources }: Template) => Resources["CostAnomalyMonitor"];
  expect(monitor(template)?.Properties).toMatchObject({ MonitorType: "CUSTOM" });
  expect(monitor(management)).toMatchObject({
    Condition: "IsAnomalyMonitorOwner",
    Properties: { MonitorType: "DIMENSIONAL", ResourceTags: [{ Key: "Environment", Value: "production" }] },
  });
});

test.each([
  ["db.t3.medium", 405],
  ["db.t4g.large", 844],
  ["db.r5.large", 1600],
  ["db.r5.xlarge", 3300],
  ["db.r5.2xlarge", 5000],
])("a %s takes no fewer connections than are counted on", (instance, published) => {
  const counted = postgresConnectionsMax(instance, {}) ?? 0;
  expect(counted).toBeLessThanOrEqual(published);
  expect(counted).toBeGreaterThan(published * 0.9);
});

test("connections that a parameter sets are counted on; those of an unknown class are not guessed", () => {
  expect(postgresConnectionsMax("db.r5.large", { max_connections: "200" })).toBe(200);
  expect(postgresConnectionsMax("db.z9.large", {})).toBeNull();
});

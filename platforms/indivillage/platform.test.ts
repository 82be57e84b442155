import { resolve } from "@tenantry/model";
import { expect, test } from "vitest";
import { describePlatform, storeOf } from "../testing.ts";
import definition from "./tenantry.config.ts";

describePlatform(new URL(".", import.meta.url), definition, ["development", "staging", "production"]);

const development = resolve(definition, "development");
const staging = resolve(definition, "staging");
const production = resolve(definition, "production");
const recovery = production.recovery ?? expect.fail("production has no recovery region");

test("S4.01 CloudFront and WAF stand in front; web calls app, app calls data; two regions", () => {
  expect(production.edge.waf?.attachTo).toBe("cloudfront");
  expect(production.services["web"]).toMatchObject({ allowFrom: ["load-balancer", "bastion"], uses: [] });
  expect(production.services["app"]?.allowFrom).toContain("web");
  expect(production.services["app"]?.uses).toContain("main");
  expect(recovery.region).toBe("us-west-2");
});

test("S4.02 each environment has 10.0.0.0/16 over three zones with four groups of subnets", () => {
  for (const { network, zones } of [development, staging, production, recovery]) {
    expect(network.cidr).toBe("10.0.0.0/16");
    expect(zones).toHaveLength(3);
    expect(Object.keys(network.subnets).sort()).toEqual(["app", "database", "public", "web"]);
  }
});

test("S4.03 web and app are on EC2, the renderer on ECS; images are hardened", () => {
  expect(Object.values(production.services).map(({ name, compute }) => [name, compute])).toEqual([
    ["web", "ec2"],
    ["app", "ec2"],
    ["renderer", "fargate"],
  ]);
  expect(Object.values(production.services).map(({ subnets }) => subnets)).toEqual(["web", "app", "app"]);
  expect(production.machines).toMatchObject({ image: "hardened", hostFirewall: true });
  expect(production.patching).not.toBeNull();
});

test("S4.04 files are processed by functions that a bucket and a queue drive", () => {
  const triggers = Object.values(production.functions).flatMap((fn) => fn.triggers.map(({ kind }) => kind));
  expect(triggers).toEqual(["bucket", "queue"]);
});

test("S4.05 uploads, processed files and assets are replicated; disks are of a named type", () => {
  for (const name of ["uploads", "processed", "assets"]) {
    expect(storeOf(production.stores, name, "bucket").replication).toEqual({
      to: "recovery",
      deletions: false,
    });
  }
  expect(production.services["web"]?.instance?.volumeType).toBe("gp3");
});

test("S4.06 the database is single-AZ, Multi-AZ, and Multi-AZ with read replicas", () => {
  const databases = [development, staging, production].map(({ stores }) =>
    storeOf(stores, "main", "postgres"),
  );
  expect(databases.map(({ multiAz, instances }) => [multiAz, instances])).toEqual([
    [false, 1],
    [true, 1],
    [true, 3],
  ]);
});

test("S4.07 each tier is reached from the one in front, on its port; the bastion from named ranges", () => {
  expect(
    Object.values(production.services).map(({ name, port, allowFrom }) => [name, port, allowFrom]),
  ).toEqual([
    ["web", 3000, ["load-balancer", "bastion"]],
    ["app", 4000, ["web", "bastion"]],
    ["renderer", 5000, ["app"]],
  ]);
  const users = Object.values(production.services).filter(({ uses }) => uses.includes("main"));
  expect(users.map(({ name }) => name)).toEqual(["app"]);
  expect(storeOf(production.stores, "main", "postgres").port).toBe(5432);
  expect(production.network.bastion).toMatchObject({ allowedCidrs: ["203.0.113.0/24"], uses: ["main"] });
});

test("S4.08 NAT and endpoints are everywhere, a transit gateway in production only", () => {
  expect([development, staging, production].map(({ network }) => network.natGateways)).toEqual([
    "single",
    "per-zone",
    "per-zone",
  ]);
  expect(production.network.endpoints).toEqual(
    expect.arrayContaining(["s3", "ssm", "secretsmanager", "kms", "sqs"]),
  );
  expect([development, staging, production].map(({ network }) => network.transitGateway !== null)).toEqual([
    false,
    false,
    true,
  ]);
});

test("S4.09 ACLs allow named flows and WAF has rules against common exploits", () => {
  expect(production.network.networkAcls).toBe("named-flows");
  expect(production.edge.waf?.managedRules).toEqual(
    expect.arrayContaining(["common", "known-bad-inputs", "sql-injection"]),
  );
  expect(production.edge.waf?.rateRules).toMatchObject([
    { name: "forms", requests: 100, windowSeconds: 300 },
  ]);
  expect(production.edge.cloudFront?.geoRestriction).toBeNull();
});

test("S4.10 audit, single sign-on and MFA are on", () => {
  expect(production.audit).toMatchObject({
    cloudTrail: true,
    config: true,
    guardDuty: true,
    securityHub: true,
    retentionDays: 365,
  });
  expect(production.edge.shield).toBe("standard");
  expect(production.network.flowLogs).toEqual({ traffic: "all", retentionDays: 90 });
  expect(production.identity.people).toMatchObject({
    mfa: "required",
    singleSignOn: { provider: "identity-center" },
  });
});

test("S4.11 TLS 1.3 and KMS keys that rotate", () => {
  expect(production.encryption).toMatchObject({
    keys: "customer-managed",
    rotationDays: 365,
    tlsMinimum: "1.3",
  });
  expect([production.routing.tlsMinimum, production.edge.cloudFront?.tlsMinimum]).toEqual(["1.3", "1.3"]);
  expect(storeOf(production.stores, "main", "postgres").tls).toBe("required");
  expect(storeOf(production.stores, "cache", "redis").tls).toBe(true);
});

test("S4.12 each environment has its own size, people and rhythm of releases", () => {
  expect([development, staging, production].map(({ region }) => region)).toEqual(Array(3).fill("us-east-1"));
  expect([development, staging, production].map(({ delivery }) => delivery.release)).toEqual([
    { trigger: "merge", branch: "develop", schedule: null },
    { trigger: "schedule", branch: null, schedule: "cron(0 14 ? * MON,WED,FRI *)" },
    { trigger: "schedule", branch: null, schedule: "cron(0 14 ? * TUE *)" },
  ]);
  expect([development, staging, production].map(({ identity }) => identity.people.access)).toEqual([
    ["development-team"],
    ["development-team", "qa", "project-managers"],
    ["operations-team"],
  ]);
  const sizes = [development, staging, production].map(({ services }) => services["web"]?.instance?.type);
  expect(sizes).toEqual(["t3.medium", "t3.large", "m5.large"]);
});

test("S4.13 health checks and failover routing lead to the other region", () => {
  expect(production.edge.dns.healthCheck).not.toBeNull();
  expect(production.edge.dns.failover).toBe(true);
  expect(recovery).toMatchObject({ strategy: "warm-standby", rtoMinutes: 60, rpoSeconds: 300 });
  expect(storeOf(recovery.stores, "main", "postgres").replication).toBe("replica");
  for (const { scaling, spreadOverZones } of Object.values(production.services)) {
    expect(scaling.min).toBeGreaterThanOrEqual(1);
    expect(spreadOverZones).toBe(true);
  }
});

test("S4.14 content is exported daily and restores are tested", () => {
  expect(production.backups.exports["contentful"]).toMatchObject({
    kind: "contentful",
    schedule: "rate(1 day)",
    to: "cms-exports",
  });
  expect(storeOf(production.stores, "main", "postgres").backups).toMatchObject({
    retentionDays: 35,
    copyToRecovery: true,
  });
  expect(production.backups.restoreTest).toEqual({ schedule: "rate(30 days)", stores: ["main"] });
  expect(production.backups.configuration).toBe("version-control");
});

test("S4.15 Prometheus and Grafana run in production only", () => {
  const there = [development, staging, production].map(({ observability }) => [
    observability.prometheus !== null,
    observability.grafana,
  ]);
  expect(there).toEqual([
    [false, false],
    [false, false],
    [true, true],
  ]);
});

test("S4.16 alerts go where their severity says, at the hours that it says", () => {
  expect(production.observability.alerts.routes).toEqual({
    critical: { to: ["on-call"], hours: "always" },
    high: { to: ["slack", "email"], hours: "business" },
    medium: { to: ["slack"], hours: "business" },
    low: { to: ["screen"], hours: "always" },
  });
});

test("S4.17 there are the document's four dashboards", () => {
  const titles = production.observability.dashboards.map(({ title }) => title);
  expect(titles).toEqual(["Executive", "Operations", "Security", "Cost"]);
});

test("S4.18 spot outside production, budgets everywhere, lifecycle and reservation advice", () => {
  expect([development, staging, production].map(({ services }) => services["web"]?.spotPercent)).toEqual([
    100, 50, 0,
  ]);
  const budgets = [development, staging, production].map(({ cost }) => cost.budget?.monthlyUsd);
  expect(budgets).toEqual([500, 1500, 6000]);
  expect(storeOf(production.stores, "uploads", "bucket").lifecycle).toMatchObject([
    { afterDays: 30, to: "standard-ia" },
    { afterDays: 90, to: "glacier" },
  ]);
  expect(storeOf(production.stores, "main", "postgres").storage).toMatchObject({
    sizeGiB: 50,
    sizeGiBMax: 500,
  });
  expect(production.cost).toMatchObject({ reserved: { termYears: 1 }, anomalyDetection: true });
  expect(Object.keys(production.tags)).toEqual(expect.arrayContaining([...production.cost.allocationTags]));
});

test("S4.19 evidence is made for the document's frameworks", () => {
  expect(production.compliance).toEqual(["gdpr", "soc-2", "ccpa", "pci-dss", "internal"]);
});

test("S4.20 a change shows its plan, waits for approval and is validated afterwards", () => {
  expect(production.delivery.pipeline?.planOnPullRequest).toBe(true);
  expect(production.delivery.pipeline?.gates.slice(-4)).toEqual(["plan", "approval", "deploy", "validate"]);
});

test("S4.21 parameters, Systems Manager and patches on a schedule", () => {
  expect(Object.keys(production.parameters)).toContain("app/log-level");
  expect(production.machines.systemsManager).toBe(true);
  expect(production.patching).toMatchObject({
    schedule: "cron(0 4 ? * SUN *)",
    securityUpdates: "immediately",
  });
  expect(production.backups.restoreTest?.schedule).toBe("rate(30 days)");
});

test("S4.22 incidents have severities, escalation and a review", () => {
  expect(production.incidents).toMatchObject({
    acknowledgeMinutes: { critical: 15, high: 60, medium: 480, low: 2880 },
    reviewDays: 5,
  });
  expect(production.incidents.escalation.length).toBeGreaterThan(1);
});

test("S4.23 there is a runbook for each procedure of the document", () => {
  expect(production.runbooks).toEqual(["scaling", "backup-and-restore", "failover", "security-incident"]);
});

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

test("S4.07 the bastion is reached from named ranges only", () => {
  expect(production.network.bastion?.allowedCidrs).toEqual(["203.0.113.0/24"]);
});

test("S4.08 only production has a transit gateway", () => {
  expect([development, staging, production].map(({ network }) => network.transitGateway !== null)).toEqual([
    false,
    false,
    true,
  ]);
});

test("S4.09 ACLs allow named flows and WAF has rules against common exploits", () => {
  expect(production.network.networkAcls).toBe("named-flows");
  expect(production.edge.waf?.managedRules).toContain("common");
});

test("S4.10 audit, single sign-on and MFA are on", () => {
  expect(production.audit).toMatchObject({
    cloudTrail: true,
    config: true,
    guardDuty: true,
    securityHub: true,
  });
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
});

test("S4.12 each environment has its own size", () => {
  const sizes = [development, staging, production].map(({ services }) => services["web"]?.instance?.type);
  expect(sizes).toEqual(["t3.medium", "t3.large", "m5.large"]);
});

test("S4.13 health checks and failover routing lead to the other region", () => {
  expect(production.edge.dns.healthCheck).not.toBeNull();
  expect(production.edge.dns.failover).toBe(true);
});

test("S4.14 content is exported daily and restores are tested", () => {
  expect(production.backups.exports["contentful"]).toMatchObject({
    kind: "contentful",
    schedule: "rate(1 day)",
  });
  expect(production.backups.restoreTest).not.toBeNull();
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
  for (const { cost } of [development, staging, production]) expect(cost.budget).not.toBeNull();
  expect(storeOf(production.stores, "uploads", "bucket").lifecycle.length).toBeGreaterThan(0);
  expect(production.cost.reserved?.termYears).toBe(1);
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
});

test("S4.22 incidents have severities, escalation and a review", () => {
  expect(production.incidents).toMatchObject({ acknowledgeMinutes: { critical: 15 }, reviewDays: 5 });
  expect(production.incidents.escalation.length).toBeGreaterThan(1);
});

test("S4.23 there is a runbook for each procedure of the document", () => {
  expect(production.runbooks).toEqual(["scaling", "backup-and-restore", "failover", "security-incident"]);
});

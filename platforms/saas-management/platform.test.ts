import { resolve } from "@tenantry/model";
import { expect, test } from "vitest";
import { describePlatform, storeOf } from "../testing.ts";
import definition from "./tenantry.config.ts";

describePlatform(new URL(".", import.meta.url), definition, ["production", "staging"]);

const production = resolve(definition, "production");
const staging = resolve(definition, "staging");
const recovery = production.recovery ?? expect.fail("production has no recovery region");
const regions = [production, recovery, staging];

test("S1.01 production spans three zones, recovery and staging two each", () => {
  expect(regions.map(({ region, zones }) => [region, zones])).toEqual([
    ["us-east-1", ["us-east-1a", "us-east-1b", "us-east-1c"]],
    ["us-west-2", ["us-west-2a", "us-west-2b"]],
    ["us-east-2", ["us-east-2a", "us-east-2b"]],
  ]);
});

test("S1.02 a public and a private subnet per zone, NAT in each zone, flow logs on", () => {
  for (const { network, zones } of regions) {
    expect(network).toMatchObject({
      cidr: "10.0.0.0/16",
      natGateways: "per-zone",
      flowLogs: { traffic: "all" },
    });
    expect(network.subnets.public?.map(({ zone }) => zone)).toEqual(zones);
    expect(network.subnets.private?.map(({ zone }) => zone)).toEqual(zones);
  }
});

test("S1.03 services run on Fargate, scale by themselves and are found by name", () => {
  for (const service of Object.values(production.services)) {
    expect(service.compute).toBe("fargate");
    expect(service.scaling.max).toBeGreaterThan(service.scaling.min);
    expect(service.discovery).not.toBe("none");
  }
});

test("S1.04 every service is deployed blue/green and rolled back by itself", () => {
  const deployments = Object.values(production.services).map(({ deployment }) => [
    deployment.strategy,
    deployment.rollback,
  ]);
  expect(deployments).toEqual([
    ["blue-green", "automatic"],
    ["blue-green", "automatic"],
  ]);
});

test("S1.05 PostgreSQL 15 on RDS has the document's classes and counts", () => {
  const databases = regions.map(({ stores }) => storeOf(stores, "main", "postgres"));
  expect(databases.map(({ instance, instances }) => [instance, instances])).toEqual([
    ["db.r5.2xlarge", 2],
    ["db.r5.xlarge", 1],
    ["db.r5.large", 1],
  ]);
  for (const database of databases) {
    expect(database).toMatchObject({ engine: "rds", version: "15", multiAz: true });
    expect(database.performanceInsights).not.toBeNull();
    expect(database.backups.retentionDays).toBeGreaterThan(0);
  }
});

test("S1.06 there is a DocumentDB", () => {
  expect(storeOf(production.stores, "documents", "documentdb").tls).toBe("required");
});

test("S1.07 Redis 7 has 3, 2 and 1 nodes, in cluster mode wherever there is a second node", () => {
  const caches = regions.map(({ stores }) => storeOf(stores, "cache", "redis"));
  expect(caches.map(({ nodes, clusterMode, multiAz }) => [nodes, clusterMode, multiAz])).toEqual([
    [3, true, true],
    [2, true, true],
    [1, false, false],
  ]);
  // Encryption at rest cannot be turned off; the definition says with whose keys.
  for (const cache of caches) expect(cache).toMatchObject({ version: "7", tls: true, shards: 1 });
  expect(production.encryption).toMatchObject({ keys: "customer-managed", scope: "per-store" });
});

test("S1.08 CloudFront, WAF and Shield stand in front of the load balancer", () => {
  expect(production.edge).toMatchObject({ waf: { attachTo: "cloudfront" }, shield: "advanced" });
  expect(production.edge.cloudFront).not.toBeNull();
  expect(production.edge.dns).toMatchObject({ healthCheck: { path: "/healthz" }, failover: true });
  expect(production.routing).toMatchObject({ scheme: "internet-facing", listener: "https" });
});

test("S1.09 only named flows are allowed and everything is encrypted with own keys", () => {
  expect(production.network.networkAcls).toBe("named-flows");
  expect(production.services["api"]?.allowFrom).toEqual(["load-balancer", "web"]);
  expect(production.encryption).toMatchObject({ keys: "customer-managed", tlsMinimum: "1.3" });
});

test("S1.10 least privilege, rotation on a schedule, MFA for people", () => {
  expect(production.identity).toMatchObject({ people: { mfa: "required" }, serviceRoles: "least-privilege" });
  expect(production.identity.credentialRotationDays).toBe(90);
  for (const name of ["main", "documents"]) {
    expect(production.stores[name]).toMatchObject({ credentials: { rotationDays: 30 } });
  }
});

test("S1.11 the organization has a baseline", () => {
  expect(production.audit).toMatchObject({ cloudTrail: true, config: true, guardDuty: true });
  expect(production.organization?.consolidatedBilling).toBe(true);
  expect(production.organization?.serviceControlPolicies).toContain("deny-disabling-audit");
  expect(Object.keys(production.organization?.crossAccountRoles ?? {})).toEqual(["deploy", "audit"]);
  expect(production.organization?.managementAccount).toMatch(/^\d{12}$/);
});

test("S1.12 a deployment may do what the templates need, from one repository, within a boundary", () => {
  expect(production.identity.deployment).toEqual({
    permissions: "least-privilege",
    permissionsBoundary: true,
    repository: "saasplatform/infrastructure",
  });
});

test("S1.13 Prometheus keeps 15 days, scrapes every 15 s and records rules of our own", () => {
  expect(production.observability.prometheus).toMatchObject({
    retentionDays: 15,
    scrapeIntervalSeconds: 15,
    alertmanager: true,
  });
  expect(Object.keys(production.observability.prometheus?.recordingRules ?? {}).length).toBeGreaterThan(0);
});

test("S1.14 Grafana has the document's five dashboards", () => {
  expect(production.observability.grafana).toBe(true);
  expect(production.observability.dashboards.map(({ title }) => title)).toEqual([
    "Infrastructure Overview",
    "ECS Cluster Metrics",
    "RDS Performance",
    "Redis Metrics",
    "Application Metrics",
  ]);
});

test("S1.15 X-Ray traces, PagerDuty pages, and every log is kept equally long in one place", () => {
  expect(production.observability.tracing?.backend).toBe("x-ray");
  const { destinations, routes } = production.observability.alerts;
  expect(routes.critical?.to).toContain("pagerduty");
  expect(destinations["pagerduty"]).toEqual({ kind: "pagerduty", secret: "saas-platform/pagerduty" });
  expect(Object.values(production.services).map(({ logs }) => logs)).toEqual([
    { group: "/saas-platform/production/web", tenantGroup: null, retentionDays: 90 },
    { group: "/saas-platform/production/api", tenantGroup: null, retentionDays: 90 },
  ]);
  expect(production.observability.containerInsights).toBe(true);
});

test("S1.16 every service says how it is built and where it is pushed; each environment plans before it deploys", () => {
  for (const { name, build, image } of Object.values(production.services)) {
    expect(build).toEqual({ context: `services/${name}`, dockerfile: "Dockerfile" });
    expect(image).toBe(`{registry}/${name}:1.0.1`);
  }
  for (const { delivery } of [production, staging]) {
    const { gates = [] } = delivery.pipeline ?? {};
    const order = ["image-build", "push", "plan", "deploy"] as const;
    expect(gates.filter((gate) => (order as readonly string[]).includes(gate))).toEqual(order);
  }
  expect(production.delivery.pipeline?.gates).toContain("approval");
  expect(production.delivery.approvals).toEqual({ required: 1, by: ["security"] });
});

test("S1.17 backups run on a schedule and restores are tried", () => {
  expect(production.backups.plans["daily"]).toMatchObject({
    stores: "all",
    schedule: "cron(0 5 * * ? *)",
    retentionDays: 35,
    copyToRecovery: true,
  });
  expect(staging.backups.plans["daily"]?.copyToRecovery).toBe(false);
  expect(production.backups.restoreTest).toEqual({
    schedule: "rate(7 days)",
    stores: ["main", "documents"],
  });
  expect(production.backups.configuration).toBe("version-control-and-bucket");
});

test("S1.18 database and objects are replicated, buckets versioned, recovery drilled", () => {
  const replications = [production, staging].map(({ stores }) => [
    storeOf(stores, "main", "postgres").replication,
    storeOf(stores, "documents", "documentdb").replication,
  ]);
  expect(replications).toEqual([
    ["replica", "global-cluster"],
    ["none", "none"],
  ]);
  expect(storeOf(production.stores, "files", "bucket")).toMatchObject({
    versioning: true,
    replication: { to: "recovery" },
  });
  expect(recovery.drill).toEqual({ schedule: "rate(30 days)" });
});

test("S1.19 the recovery region holds what a failover and a switch of traffic need", () => {
  expect(recovery).toMatchObject({
    region: "us-west-2",
    strategy: "warm-standby",
    rtoMinutes: 30,
    rpoSeconds: 900,
  });
  expect(Object.keys(recovery.services)).toEqual(Object.keys(production.services));
  expect(Object.keys(recovery.stores)).toEqual(Object.keys(production.stores));
  expect(Object.values(recovery.services).every(({ scaling }) => scaling.min >= 1)).toBe(true);
  expect(production.edge.dns).toMatchObject({
    failover: true,
    healthCheck: { intervalSeconds: 30, failures: 3 },
    ttlSeconds: 60,
  });
  expect(production.runbooks).toEqual(expect.arrayContaining(["failover", "switch-traffic"]));
});

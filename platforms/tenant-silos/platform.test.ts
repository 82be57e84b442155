import { readFileSync } from "node:fs";
import { parseLock, problemsIn, resolve } from "@tenantry/model";
import { expect, test } from "vitest";
import { describePlatform, storeOf } from "../testing.ts";
import definition from "./tenantry.config.ts";

describePlatform(new URL(".", import.meta.url), definition, ["development", "production"]);

const deployment = {
  repository: "saas/platform",
  author: "dev@example.com",
  pullRequest: "42",
  createdAt: "2026-01-01T00:00:00Z",
};
const platform = resolve(definition, "development", { deployment });
const production = resolve(definition, "production", { deployment });
const app = platform.services["app"];
const main = storeOf(platform.stores, "main", "postgres");
const data = storeOf(platform.stores, "data", "bucket");

test("S5.01 the network has the exact ranges of the document and a NAT gateway per zone", () => {
  expect(platform.region).toBe("us-east-1");
  expect(platform.network).toMatchObject({
    cidr: "10.0.0.0/16",
    natGateways: "per-zone",
    dnsSupport: true,
    dnsHostnames: true,
  });
  expect(platform.network.subnets.public).toEqual([
    { zone: "us-east-1a", cidr: "10.0.1.0/24" },
    { zone: "us-east-1b", cidr: "10.0.2.0/24" },
    { zone: "us-east-1c", cidr: "10.0.3.0/24" },
  ]);
  expect(platform.network.subnets.private?.map(({ cidr }) => cidr)).toEqual([
    "10.0.11.0/24",
    "10.0.12.0/24",
    "10.0.13.0/24",
  ]);
});

test("S5.02 Aurora PostgreSQL 15.8 with one writer, saasdb and pg_stat_statements", () => {
  expect(main).toMatchObject({
    engine: "aurora",
    version: "15.8",
    database: "saasdb",
    instances: 1,
    instance: "db.t3.medium",
    preloadLibraries: ["pg_stat_statements"],
  });
});

test("S5.03 each tenant's credentials have the document's name and do not rotate in development", () => {
  expect(main.credentials.tenantSecret).toBe("rds/tenant/{tenant}/development/password");
  expect(main.credentials.rotationDays).toBeNull();
  expect(production.stores["main"]).toMatchObject({ credentials: { rotationDays: 30 } });
});

test("S5.04 the database listens on 5432 and only the tenants' service may use it", () => {
  expect(main.port).toBe(5432);
  const users = Object.values(platform.services).filter(({ uses }) => uses.includes("main"));
  expect(users.map(({ name }) => name)).toEqual(["app"]);
});

test("S5.05 each tenant has a bucket of its own, tagged with tenant and cost center", () => {
  expect(data.tenantBucket).toBe("saas-platform-{tenant}-data-development");
  expect(data.bucket).toBeNull();
  expect(platform.tenants["acme-corp"]?.tags).toMatchObject({
    tenant_id: "acme-corp",
    cost_center: "acme-corp",
  });
});

test("S5.06 service, bucket and schema belong to one tenant each", () => {
  expect(platform.tiers["silo"]).toMatchObject({
    services: { app: "silo" },
    stores: { data: "silo", main: "bridge" },
  });
});

test("S5.07 a task has 1024 CPU units, 2048 MiB and the placeholder image", () => {
  expect(app).toMatchObject({ compute: "fargate", cpuUnits: 1024, memoryMiB: 2048, image: "nginx:latest" });
});

test("S5.08 a service runs in private subnets, on port 80, checked at / for 200-399", () => {
  expect(app).toMatchObject({ subnets: "private", port: 80, health: { path: "/", successCodes: "200-399" } });
});

test("S5.09 a service scales from 2 to 8 tasks at 70 % CPU", () => {
  expect(app?.scaling).toMatchObject({ min: 2, max: 8, targetCpuPercent: 70 });
});

test("S5.10 a tenant's log group has the document's name and keeps 30 days", () => {
  expect(app?.logs).toEqual({
    group: null,
    tenantGroup: "/ecs/tenant/{tenant}/development",
    retentionDays: 30,
  });
});

test("S5.11 only the load balancer reaches a tenant's tasks", () => {
  expect(app).toMatchObject({ allowFrom: ["load-balancer"], egress: "all" });
});

test("S5.12 a tenant has two hosts and a slot from 1; an unknown host gets 404 Invalid tenant", () => {
  expect(platform.routing.unknownHost).toEqual({ status: 404, body: "Invalid tenant" });
  expect(Object.values(platform.tenants).map(({ hosts, placement }) => [hosts, placement.slot])).toEqual([
    [["acme-corp.example.com", "*.acme-corp.example.com"], 1],
    [["globex-inc.example.com", "*.globex-inc.example.com"], 2],
    [["initech-llc.example.com", "*.initech-llc.example.com"], 3],
  ]);
});

test("S5.13 a tenant's name in the database is its id with underscores", () => {
  expect(platform.tenants["acme-corp"]?.username).toBe("acme_corp");
});

test("S5.14 everything carries the document's six tags", () => {
  expect(platform.tags).toEqual({
    Environment: "development",
    Repository: "saas/platform",
    Author: "dev@example.com",
    PRNumber: "42",
    Team: "platform",
    CreatedAt: "2026-01-01T00:00:00Z",
  });
});

test("S5.15 each tenant's resources carry the tag that policies compare, and nobody can write it by hand", () => {
  for (const { id, tags } of Object.values(platform.tenants)) expect(tags["tenant_id"]).toBe(id);
  const forged = [
    { ...definition, tags: { tenant_id: "acme-corp" } },
    { ...definition, tenants: { "acme-corp": { tier: "silo", tags: { tenant_id: "globex-inc" } } } },
  ];
  for (const attempt of forged) {
    expect(problemsIn(attempt).map(({ code }) => code)).toEqual(["MODEL_TAG_COMPUTED"]);
  }
});

test("S5.16 development is disposable by one switch; production has what the document recommends", () => {
  expect(platform.dataProtection).toBe("disposable");
  expect(platform.routing.listener).toBe("http");
  expect(production.dataProtection).toBe("protected");
  expect(production.routing.listener).toBe("https");
  expect(production.edge.waf?.attachTo).toBe("load-balancer");
  expect(production.network.endpoints.length).toBeGreaterThan(1);
  expect(production.observability.tracing?.backend).toBe("x-ray");
  expect(production.stores["main"]).toMatchObject({
    instances: 2,
    tls: "required",
    monitoringSeconds: 60,
    replication: "backup-copy",
    backups: { copyToRecovery: true },
  });
  expect(production.encryption.keys).toBe("customer-managed");
  expect(production.tiers["silo"]?.stores["main"]).toBe("bridge");
  expect(production.services["app"]?.scaling.min).toBe(3);
});

test("S5.17 one more line places one more tenant and moves nobody", () => {
  const more = {
    ...definition,
    tenants: {
      "aaa-first-by-name": "silo",
      "acme-corp": "silo",
      "globex-inc": "silo",
      "initech-llc": "silo",
    },
  };
  const lock = parseLock(readFileSync(new URL("tenantry.lock.json", import.meta.url), "utf8"));
  const after = resolve(more, "development", { lock, deployment });
  const { "aaa-first-by-name": added, ...others } = after.tenants;
  expect(others).toEqual(platform.tenants);
  expect(added?.placement).toEqual({ cell: 1, slot: 4 });
});

test("S5.18 each tenant has a log of its own, and a dashboard shows tenants, tasks and the cluster", () => {
  expect(app?.logs.tenantGroup).toContain("{tenant}");
  expect(platform.observability.containerInsights).toBe(true);
  expect(platform.observability.dashboards.map(({ shows }) => shows)).toEqual([
    ["tenants", "services", "database"],
  ]);
  expect(main).toMatchObject({
    performanceInsights: { retentionDays: 7 },
    preloadLibraries: ["pg_stat_statements"],
  });
});

import { resolve } from "@tenantry/model";
import { expect, test } from "vitest";
import { describePlatform, storeOf } from "../testing.ts";
import definition from "./tenantry.config.ts";

describePlatform(new URL(".", import.meta.url), definition, ["development", "staging", "production"]);

const platform = resolve(definition, "production");
const services = Object.values(platform.services);

test("S2.01 gateway, rate limiting and two API versions stand in the namespaces platform and api", () => {
  expect(services.map(({ name, namespace, compute }) => [name, namespace, compute])).toEqual([
    ["gateway", "platform", "eks"],
    ["rate-limiting", "platform", "eks"],
    ["api-v1", "api", "eks"],
    ["api-v2", "api", "eks"],
  ]);
  expect(platform.edge.cloudFront).not.toBeNull();
  expect(platform.edge.waf).not.toBeNull();
});

test("S2.02 PostgreSQL is Multi-AZ with read replicas; Redis holds sessions and rate limits", () => {
  expect(storeOf(platform.stores, "main", "postgres")).toMatchObject({
    engine: "rds",
    multiAz: true,
    instances: 3,
  });
  expect(storeOf(platform.stores, "sessions", "redis").purposes).toEqual(["sessions", "rate-limits"]);
});

test("S2.05 every tier shares one database, in which tenant_id keeps rows apart", () => {
  expect(platform.tenantStore).toBe("main");
  for (const { stores, services: shared } of Object.values(platform.tiers)) {
    expect(stores["main"]).toBe("pool");
    expect(new Set(Object.values(shared))).toEqual(new Set(["pool"]));
  }
});

test("S2.06 every tier says how many requests a tenant may make", () => {
  for (const tier of Object.values(platform.tiers)) expect(tier.limits.requestsPerMinute).toBeGreaterThan(0);
});

test("S2.07 traces are sampled, less at endpoints with many requests, and errors are kept", () => {
  expect(platform.observability.redMetrics).toBe(true);
  const {
    samplePercent = 0,
    highVolumeSamplePercent = 100,
    highVolumeRequestsPerSecond,
    keepErrors,
  } = platform.observability.tracing ?? {};
  expect(highVolumeSamplePercent).toBeLessThan(samplePercent);
  expect(highVolumeRequestsPerSecond).toBe(100);
  expect(keepErrors).toBe(true);
});

test("S2.08 pods have AWS roles and get secrets from Secrets Manager", () => {
  expect(platform.cluster).toMatchObject({ workloadIdentity: "irsa", secrets: "external-secrets" });
  expect(platform.services["gateway"]?.secrets).toEqual({
    TOKEN_SIGNING_KEY: "multitenant/production/token-signing-key",
  });
  expect(storeOf(platform.stores, "main", "postgres").credentials.masterSecret).toBe(
    "multitenant/production/main/master",
  );
});

test("S2.09 network policies deny by default and pods are restricted", () => {
  expect(platform.cluster).toMatchObject({ networkPolicies: "default-deny", podSecurity: "restricted" });
});

test("S2.10 keys are our own and TLS is 1.3 inside and outside", () => {
  expect(platform.encryption).toMatchObject({ keys: "customer-managed", tlsMinimum: "1.3" });
  expect(platform.routing.tlsMinimum).toBe("1.3");
  expect(platform.edge.cloudFront?.tlsMinimum).toBe("1.3");
  expect(storeOf(platform.stores, "main", "postgres").tls).toBe("required");
  expect(storeOf(platform.stores, "sessions", "redis").tls).toBe(true);
});

test("S2.11 containers are not root, have limits and versions that never change", () => {
  for (const { container, image, memoryMiB } of services) {
    expect(container.userId).toBeGreaterThan(0);
    expect(image).toMatch(/:\d+\.\d+\.\d+$/);
    expect(memoryMiB).toBeGreaterThan(0);
  }
  expect(platform.delivery.registry.immutableTags).toBe(true);
});

test("S2.12 the pipeline scans before it pushes and stops on critical findings", () => {
  const { gates = [], scanner, failOn } = platform.delivery.pipeline ?? {};
  expect([scanner, failOn]).toEqual(["trivy", "critical"]);
  expect(gates).toEqual([
    "lint",
    "unit-tests",
    "integration-tests",
    "image-build",
    "image-scan",
    "push",
    "deploy",
  ]);
});

test("S2.13 Argo CD deploys an app of apps and promotes through git", () => {
  expect(platform.delivery.gitOps).toMatchObject({
    tool: "argo-cd",
    pattern: "app-of-apps",
    automatedSync: true,
    path: "deploy/{environment}",
    branch: "main",
    promotion: ["development", "staging", "production"],
  });
  expect(platform.identity.deployment.repository).toBe("multitenant/platform");
});

test("S2.14 releases shift traffic in steps and go back when the analysis says so", () => {
  for (const { deployment } of services) {
    expect(deployment).toMatchObject({ strategy: "blue-green-canary", rollback: "automatic" });
    expect(deployment.steps.length).toBeGreaterThan(1);
    expect(deployment.analysis).toMatchObject({
      successRatePercentMin: 99,
      errorRatePercentMax: 1,
      latencyP99MsMax: 500,
    });
  }
});

test("S2.15 every service has a health check and at least two copies", () => {
  for (const { health, scaling, availableMin } of services) {
    expect(health.path).toMatch(/^\//);
    expect(scaling.min).toBeGreaterThanOrEqual(2);
    expect(scaling.targetCpuPercent).toBeGreaterThan(0);
    expect(availableMin).toBeLessThan(scaling.min);
  }
});

test("S2.16 copies spread over three zones", () => {
  expect(platform.zones).toHaveLength(3);
  expect(services.every(({ spreadOverZones }) => spreadOverZones)).toBe(true);
  expect(platform.cluster?.autoscaler).not.toBe("none");
});

test("S2.17 the database has a standby in another zone and replicas behind it", () => {
  expect(storeOf(platform.stores, "main", "postgres")).toMatchObject({
    multiAz: true,
    instances: 3,
    backups: { retentionDays: 7 },
    alarms: { replicaLagSeconds: 30 },
  });
  expect(platform.network.subnets.database?.map(({ zone }) => zone)).toEqual(platform.zones);
});

test("S2.18 a bad release is seen by its objectives, taken back and told to people", () => {
  const watched = Object.values(platform.observability.slos).map(({ service }) => service);
  expect(new Set(watched)).toEqual(new Set(["api-v1", "api-v2"]));
  for (const { deployment } of services) expect(deployment.rollback).toBe("automatic");
  const { destinations, routes } = platform.observability.alerts;
  expect(routes.high?.to).toEqual(["on-call", "releases"]);
  expect(destinations["releases"]).toMatchObject({ kind: "slack", channel: "#releases" });
});

test("S2.19 spot nodes stand beside on-demand ones and are drained when taken", () => {
  const capacities = Object.values(platform.cluster?.nodeGroups ?? {}).map(({ capacity }) => capacity);
  expect(capacities).toEqual(["on-demand", "spot"]);
  expect(platform.cluster?.spotInterruption).toBe("drain");
});

test("S2.20 only reads that may be stale come from replicas", () => {
  expect(storeOf(platform.stores, "main", "postgres").reads).toBe("replicas-where-stale-is-fine");
});

test("S2.21 Prometheus, Grafana, Loki and alerts by objectives", () => {
  expect(platform.observability).toMatchObject({
    grafana: true,
    logs: { loki: { bucket: "loki-logs", retentionDays: 365 }, format: "json" },
  });
  expect(platform.observability.prometheus?.alertmanager).toBe(true);
  expect(Object.keys(platform.observability.slos)).toHaveLength(3);
});

test("S2.22 quotas, budgets, allocation tags, VPA and a cost job", () => {
  for (const { quota } of Object.values(platform.cluster?.namespaces ?? {})) expect(quota).not.toBeNull();
  expect(platform.cost.budget?.alertPercents).toEqual([50, 80, 100]);
  expect(platform.cost.allocationTags).toContain("tenant_id");
  expect(services.every(({ verticalScaling }) => verticalScaling === "recommend")).toBe(true);
  expect(platform.cluster?.costJob).not.toBeNull();
});

test("S2.23 there are runbooks for deployment and operation", () => {
  expect(platform.runbooks).toEqual([
    "deployment",
    "scaling",
    "backup-and-restore",
    "failover",
    "tenant-onboarding",
    "troubleshooting",
  ]);
});

import { bucket, parseDefinition, postgres, resolve } from "@tenantry/model";
import { expect, test } from "vitest";
import { describePlatform } from "../testing.ts";
import definition from "./tenantry.config.ts";

describePlatform(new URL(".", import.meta.url), definition, ["staging", "production"]);

const staging = resolve(definition, "staging");
const production = resolve(definition, "production");

test("S3.01 network, cluster, database and bucket are each usable on their own", () => {
  const environments = { production: { region: "us-east-1" } };
  const parts = {
    network: { network: { cidr: "10.1.0.0/16", zones: 2 } },
    cluster: { cluster: { nodeGroups: { general: { instances: ["m6i.large"] } } } },
    database: { stores: { main: postgres() } },
    bucket: { stores: { files: bucket() } },
  };
  for (const [name, part] of Object.entries(parts)) {
    const platform = resolve(parseDefinition({ name, ...part, environments }), "production");
    expect(Object.keys(platform.services)).toEqual([]);
    expect(platform.zones.length).toBeGreaterThanOrEqual(2);
  }
});

test("S3.02 staging and production have the same parts in their own sizes, domains and counts", () => {
  expect(Object.keys(staging.stores)).toEqual(Object.keys(production.stores));
  expect(Object.keys(staging.services)).toEqual(Object.keys(production.services));
  expect([staging.domain, production.domain]).toEqual(["staging.modular.example.com", "modular.example.com"]);
  expect([staging.services["api"]?.scaling.min, production.services["api"]?.scaling.min]).toEqual([1, 3]);
  expect([staging.stores["main"], production.stores["main"]]).toMatchObject([
    { instance: "db.t4g.medium", instances: 1 },
    { instance: "db.r6g.large", instances: 2 },
  ]);
});

test("S3.03 EKS, PostgreSQL, DocumentDB, S3, RabbitMQ, SQS and SNS are there", () => {
  expect(production.compute).toBe("eks");
  expect(production.cluster).not.toBeNull();
  expect(Object.values(production.stores).map(({ kind }) => kind)).toEqual([
    "postgres",
    "documentdb",
    "bucket",
    "broker",
    "queue",
    "topic",
  ]);
  expect(production.stores["messages"]).toMatchObject({
    engine: "rabbitmq",
    secret: "modular/production/messages/master",
  });
  expect(production.cluster?.secrets).toBe("external-secrets");
  expect(production.delivery.registry).toMatchObject({ immutableTags: true, scanOnPush: true });
});

test("S3.05 a plan is reviewed before it is applied, and data are protected against a destroy", () => {
  for (const { delivery, dataProtection } of [staging, production]) {
    const { gates = [], planOnPullRequest } = delivery.pipeline ?? {};
    expect(gates.indexOf("plan")).toBeGreaterThan(-1);
    expect(gates.indexOf("plan")).toBeLessThan(gates.indexOf("deploy"));
    expect(planOnPullRequest).toBe(true);
    expect(dataProtection).toBe("protected");
  }
});

test("S3.07 production waits for a person's approval, staging does not", () => {
  expect(production.delivery.pipeline?.gates.slice(-4)).toEqual(["plan", "approval", "deploy", "validate"]);
  expect(production.identity.deployment.repository).toBe("modular/infrastructure");
  expect(production.delivery.approvals).toEqual({ required: 1, by: ["infrastructure"] });
  expect(staging.delivery.pipeline?.gates).not.toContain("approval");
});

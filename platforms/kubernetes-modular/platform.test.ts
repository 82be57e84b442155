import { resolve } from "@tenantry/model";
import { expect, test } from "vitest";
import { describePlatform } from "../testing.ts";
import definition from "./tenantry.config.ts";

describePlatform(new URL(".", import.meta.url), definition, ["staging", "production"]);

const staging = resolve(definition, "staging");
const production = resolve(definition, "production");

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
});

test("S3.07 production waits for a person's approval, staging does not", () => {
  expect(production.delivery.pipeline?.gates).toContain("approval");
  expect(production.delivery.approvals).toEqual({ required: 1, by: ["infrastructure"] });
  expect(staging.delivery.pipeline?.gates).not.toContain("approval");
});

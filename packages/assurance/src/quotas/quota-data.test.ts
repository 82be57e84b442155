import { describe, expect, test } from "vitest";
import { count, increaseOf, liftOf } from "./lift.ts";
import { quotaDataVersion, quotaOf, quotas } from "./quota-data.ts";
import { quotaValue, whole } from "./quota-value.ts";
import { classMemoryGiB, connectionsByMemory } from "./usage/instance-memory.ts";

describe("the values of quotas", () => {
  test("say where and when they were read, and are each there once", () => {
    expect(new Set(quotas.map(({ id }) => id)).size).toBe(quotas.length);
    const codes = quotas.flatMap(({ code }) => code ?? []);
    expect(new Set(codes).size).toBe(codes.length);
    for (const { id, code, source, asOf, value, max } of quotas) {
      expect([id, /^[a-z0-9]+(-[a-z0-9]+)*$/.test(id)]).toEqual([id, true]);
      expect([id, code === null || /^L-[0-9A-F]{8}$/.test(code)]).toEqual([id, true]);
      expect([id, /^(https:\/\/docs\.aws\.amazon\.com\/|ListAWSDefaultServiceQuotas)/.test(source)]).toEqual([
        id,
        true,
      ]);
      expect([id, /^20\d\d(-\d\d){0,2}$/.test(asOf)]).toEqual([id, true]);
      expect([id, value === null || value > 0]).toEqual([id, true]);
      expect([id, max === null || (value !== null && max >= value)]).toEqual([id, true]);
    }
    expect(quotaDataVersion).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });

  test("that nobody knows end nothing, and one that follows from what is shipped does", () => {
    const of = (id: string, overrides = {}) =>
      quotaValue(quotaOf(id), { key: "x", subject: "x", level: "region" }, overrides);
    expect(of("vpcs")).toEqual({ value: 5, from: "default", advisory: null });
    expect(of("vpcs", { "L-F678F1CE": 9 })).toEqual({ value: 9, from: "account", advisory: null });
    expect(of("vpcs", { "L-F678F1CE": 0 })).toMatchObject({ value: 5, advisory: expect.any(String) });
    expect(of("alarms").advisory).toMatch(/documents no value/);
    expect(of("fargate-vcpus").advisory).toMatch(/raises it by itself/);
    const subnet = { key: "x", subject: "x", level: "shared" } as const;
    const addresses = quotaOf("addresses-per-subnet");
    expect(quotaValue(addresses, { ...subnet, capacity: 251 }, {}).value).toBe(251);
    expect(quotaValue(addresses, { ...subnet, capacity: null, why: "no range" }, {}).advisory).toBe(
      "no range",
    );
  });
});

describe("what makes room", () => {
  test.each([
    ["target-groups-per-load-balancer", "cell", "another cell"],
    ["rules-per-load-balancer", "cell", "another cell, or an increase of L-7EED9B64 in Service Quotas"],
    ["iam-roles", "account", "an increase of L-FE177D64 in Service Quotas up to 5,000"],
    ["inline-policy-size", "tenant", "less of it in the tier"],
    ["secrets", "region", "another region or account"],
    ["load-balancers-per-web-acl", "shared", "an increase by AWS Support"],
  ] as const)("of %s is %s", (id, level, lift) => {
    expect(liftOf(quotaOf(id), level)).toBe(lift);
  });

  test("is never an increase of what AWS does not raise", () => {
    for (const quota of quotas.filter(({ adjustable }) => !adjustable)) expect(increaseOf(quota)).toBeNull();
  });

  test("numbers are written as people read them, parts of one as a whole", () => {
    expect([0, 999, 1000, 1_234_567].map(count)).toEqual(["0", "999", "1,000", "1,234,567"]);
    expect([8 / 3 + 8 / 3 + 8 / 3, 8.01, 8].map(whole)).toEqual([8, 9, 8]);
  });
});

describe("the memory of database classes", () => {
  // https://aws.amazon.com/rds/instance-types/
  test.each([
    ["db.t3.micro", 1],
    ["db.t4g.medium", 4],
    ["db.t3.2xlarge", 32],
    ["db.m5.large", 8],
    ["db.m6g.4xlarge", 64],
    ["db.r6g.large", 16],
    ["db.r8g.xlarge", 32],
    ["db.r5.24xlarge", 768],
    ["db.x2g.16xlarge", 1024],
    ["db.serverless", null],
    ["db.z1d.large", null],
    ["cache.r5.large", null],
  ])("%s has %s GiB", (instanceClass, memory) => {
    expect(classMemoryGiB(instanceClass)).toBe(memory);
  });

  test("gives the connections that AWS's examples have, a little below rather than above", () => {
    // 1,600 of a db.r5.large, in AWS's documentation of Aurora PostgreSQL; never more than 5,000.
    expect(connectionsByMemory(16)).toBe(1586);
    expect(connectionsByMemory(4)).toBe(396);
    expect(connectionsByMemory(1024)).toBe(5000);
  });
});

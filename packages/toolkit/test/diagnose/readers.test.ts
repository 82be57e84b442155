import { describe, expect, test } from "vitest";
import { errors } from "../../src/index.ts";
import { Attempts, mapBounded } from "../../src/diagnose/collect/attempts.ts";
import { follow } from "../../src/diagnose/collect/collect-hosts.ts";
import { coversHost } from "../../src/diagnose/judges/entrances.ts";
import { readPolicy } from "../../src/diagnose/iam/read-policy.ts";
import { redact } from "../../src/diagnose/redact.ts";
import { ecrImage, hasMovingTag, secretOf } from "../../src/diagnose/references.ts";

describe("reading", () => {
  test("notes what is denied or does not answer once for each call, and goes on", async () => {
    const attempts = new Attempts();
    const denied = errors.TOOLKIT_AWS_DENIED({
      operation: "DescribeSecret",
      region: "us-east-1",
      detail: "no",
    });
    const lookup = await attempts.lookup("secretsmanager", "us-east-1", ["a", "b", "c", "a"], async (id) => {
      if (id === "a") return { id };
      if (id === "b") return null;
      throw denied;
    });
    expect(lookup).toEqual({
      a: { kind: "found", value: { id: "a" } },
      b: { kind: "missing" },
      c: { kind: "unread" },
    });
    await attempts.read("secretsmanager", "us-east-1", () => Promise.reject(denied));
    expect(attempts.unread).toEqual([
      {
        action: "secretsmanager:DescribeSecret",
        region: "us-east-1",
        isDenied: true,
        detail: denied.message,
      },
    ]);
  });

  test("throws what is a bug, and credentials that nothing can be read with", async () => {
    const attempts = new Attempts();
    const credentials = errors.TOOLKIT_AWS_CREDENTIALS({ detail: "expired" });
    await expect(attempts.read("ecs", null, () => Promise.reject(credentials))).rejects.toBe(credentials);
    await expect(attempts.read("ecs", null, () => Promise.reject(new TypeError("bug")))).rejects.toThrow(
      "bug",
    );
    expect(attempts.unread).toEqual([]);
  });

  test("works on a bounded number at a time, and keeps the order", async () => {
    let running = 0;
    let most = 0;
    const items = Array.from({ length: 100 }, (_, index) => index);
    const doubled = await mapBounded(items, async (item) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return item * 2;
    });
    expect(doubled).toEqual(items.map((item) => item * 2));
    expect(most).toBe(16);
  });
});

describe("names", () => {
  const records = [
    { name: "*.example.com", type: "A", values: ["origin.example.com"] },
    { name: "origin.example.com", type: "A", values: ["shop-1.elb.amazonaws.com"] },
    { name: "acme.example.com", type: "CNAME", values: ["acme.example.com"] },
    { name: "example.com", type: "SOA", values: ["ns"] },
  ];
  test("are followed through the zone to where they end; the nearest wildcard counts, and a circle ends", () => {
    expect(follow("globex.example.com", records)).toEqual(["shop-1.elb.amazonaws.com"]);
    expect(follow("a.b.example.com", records)).toEqual(["shop-1.elb.amazonaws.com"]);
    expect(follow("acme.example.com", records)).toEqual([]);
    expect(follow("example.com", records)).toEqual([]);
    expect(follow("elsewhere.org", records)).toEqual([]);
  });

  test.for([
    ["acme.example.com", "ACME.example.com", true],
    ["*.example.com", "acme.example.com", true],
    ["*.example.com", "a.b.example.com", true],
    ["*.example.com", "example.com", false],
    ["*.acme.example.com", "*.acme.example.com", true],
    ["acme?.example.com", "acme1.example.com", true],
    ["acmeX.example.com", "acme-example-com", false],
  ] as const)("the host pattern %s and %s", ([pattern, host, expected]) => {
    expect(coversHost(pattern, host)).toBe(expected);
  });
});

describe("references in task definitions", () => {
  test("of images in ECR, and which tags move", () => {
    const host = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
    expect(ecrImage(`${host}/shop/app:1.2.0`)).toEqual({
      account: "123456789012",
      region: "eu-west-1",
      repository: "shop/app",
      version: "1.2.0",
    });
    expect(ecrImage(`${host}/shop/app@sha256:abc`)?.version).toBe("sha256:abc");
    expect(ecrImage(`${host}/shop/app`)?.version).toBe("latest");
    expect(ecrImage("nginx:latest")).toBeNull();
    expect(["nginx", "nginx:latest", "localhost:5000/app"].map(hasMovingTag)).toEqual([true, true, true]);
    expect(["nginx:1.27", `${host}/app@sha256:abc`].map(hasMovingTag)).toEqual([false, false]);
  });

  test("of secrets, without key and version", () => {
    const arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:acme/db-AbCdEf";
    expect([arn, `${arn}:password::`].map(secretOf)).toEqual([arn, arn]);
    expect(secretOf("arn:aws:ssm:us-east-1:123456789012:parameter/x")).toBeNull();
  });
});

test("policies come percent-encoded or not, with one statement or several; what is none is not guessed", () => {
  const text = JSON.stringify({ Statement: { Effect: "Allow", Action: "s3:*", Resource: "*" } });
  expect(readPolicy(encodeURIComponent(text))).toEqual(readPolicy(text));
  expect(readPolicy(text)).toMatchObject({
    statements: [{ effect: "Allow", actions: ["s3:*"], resources: ["*"] }],
  });
  expect([readPolicy(undefined), readPolicy("{}"), readPolicy("%E0%A4%A")]).toEqual([
    "unread",
    "unread",
    "unread",
  ]);
});

test.for([
  ["connect to postgresql://app:hunter2@db:5432/shop failed", "hunter2"],
  ['{"password":"hunter2","user":"ada"}', "hunter2"],
  ["Authorization: Bearer abc.def-ghi", "abc.def-ghi"],
  ["token eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2ln", "eyJhbGciOiJFUzI1NiJ9"],
  ["key AKIAIOSFODNN7EXAMPLE is wrong", "AKIAIOSFODNN7EXAMPLE"],
] as const)("a line of a log loses its secrets: %s", ([line, secret]) => {
  expect(redact(line)).not.toContain(secret);
  expect(redact(line)).toContain("[redacted]");
});

test("a line of a log is short, has no control characters, and otherwise stays", () => {
  expect(redact("plain \u001b[31mred\u001b[0m text")).toBe("plain red text");
  expect(redact("x".repeat(1000))).toHaveLength(302);
});

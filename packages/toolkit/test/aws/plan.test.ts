import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isCodedError, ManualClock } from "@tenantry/base";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Assembly, readAssembly } from "../../src/aws/assembly/read-assembly.ts";
import { runChangeSet } from "../../src/aws/deploy/change-set.ts";
import { deploymentContext } from "../../src/aws/deploy/deployment-context.ts";
import { checkPlan } from "../../src/aws/deploy/check-plan.ts";
import { outputsOf, snakeCase } from "../../src/aws/deploy/outputs.ts";
import { sharedTargets, type StackTarget } from "../../src/aws/assembly/stack-targets.ts";
import { broadens, diffTemplates } from "../../src/aws/plan/diff-templates.ts";
import { planDeployment } from "../../src/aws/plan/plan-deployment.ts";
import { readPlan } from "../../src/aws/plan/plan-file.ts";
import { stalePoints } from "../../src/aws/plan/stale-plan.ts";
import type { ChangeSetChange } from "../../src/aws/cloud/cloud.ts";
import { memoryCloud, type MemoryStack } from "./memory-cloud.ts";
import { type TestAssembly, value, writeAssembly } from "./test-assembly.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tenantry-plan-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let count = 0;
const assemblyOf = async (given: TestAssembly) =>
  readAssembly(await writeAssembly(join(folder, String((count += 1))), given));
const codeOf = async (work: () => unknown) => {
  try {
    await work();
    return "nothing failed";
  } catch (failure) {
    if (!isCodedError(failure)) throw failure;
    return `${failure.code}: ${failure.message}`;
  }
};
const owned = (area: string, more: Readonly<Record<string, string>> = {}) => ({
  name: `saas-production-${area}`,
  tags: {
    "tenantry:platform": "saas",
    "tenantry:environment": "production",
    "tenantry:stack": area,
    ...more,
  },
});

function firstTarget(assembly: Assembly): StackTarget {
  const [target] = sharedTargets(assembly);
  if (target === undefined) throw new Error("the assembly of this test has no stack");
  return target;
}

const table = (name: string) => ({ Type: "AWS::DynamoDB::Table", Properties: { TableName: name } });
const store = (name: string, tableName: string) => ({
  [name]: table(tableName),
  [`Provide${name}`]: value(`/saas/production/stores/${name.toLowerCase()}/arn`, {
    "Fn::GetAtt": [name, "Arn"],
  }),
});

describe("the difference of templates", () => {
  it("says what is made, changed, replaced and deleted, and what becomes of the old one", async () => {
    const before = {
      Resources: {
        Same: table("same"),
        Other: { ...table("a"), UpdateReplacePolicy: "Snapshot" },
        Topic: { Type: "AWS::SNS::Topic", Properties: { DisplayName: "a" } },
        Gone: table("gone"),
        Kept: { ...table("kept"), DeletionPolicy: "Retain" },
      },
    };
    const { Same, Other, Topic } = before.Resources;
    const rest = { Same, Other, Topic };
    const after = {
      Resources: {
        ...rest,
        Other: { ...rest.Other, Properties: { TableName: "b" } },
        Topic: { Type: "AWS::SNS::Topic", Properties: { DisplayName: "b" } },
        New: table("new"),
      },
    };
    const { resources } = await diffTemplates(before, after);
    expect(resources.map(({ logicalId, impact, fate }) => [logicalId, impact, fate])).toEqual([
      ["Gone", "delete", "deleted"],
      ["Kept", "keep", "retained"],
      ["New", "create", null],
      ["Other", "replace", "snapshot"],
      ["Topic", "update", null],
    ]);
    expect((await diffTemplates(before, before)).resources).toEqual([]);
  });

  it("follows a parameter whose value changes to what it replaces, also inside a text", async () => {
    const template = {
      Parameters: { Name: { Type: "String" }, Unused: { Type: "String" } },
      Resources: {
        ByRef: { Type: "AWS::DynamoDB::Table", Properties: { TableName: { Ref: "Name" } } },
        BySub: { Type: "AWS::DynamoDB::Table", Properties: { TableName: { "Fn::Sub": "x-${Name}" } } },
        Not: table("fixed"),
      },
    };
    const { resources } = await diffTemplates(template, template, ["Name"]);
    expect(resources.map(({ logicalId, impact }) => [logicalId, impact])).toEqual([
      ["ByRef", "replace"],
      ["BySub", "replace"],
    ]);
    expect((await diffTemplates(template, template, ["Unused"])).resources).toEqual([]);
  });

  it("tells rights and ways in apart, and which of them broaden", async () => {
    const role = (...statements: object[]) => ({
      Type: "AWS::IAM::Role",
      Properties: {
        AssumeRolePolicyDocument: { Statement: [] },
        Policies: [{ PolicyName: "p", PolicyDocument: { Statement: statements } }],
      },
    });
    const group = (ports: readonly number[]) => ({
      Type: "AWS::EC2::SecurityGroup",
      Properties: {
        GroupDescription: "x",
        SecurityGroupIngress: ports.map((port) => ({
          CidrIp: "0.0.0.0/0",
          IpProtocol: "tcp",
          FromPort: port,
          ToPort: port,
        })),
      },
    });
    const allow = { Effect: "Allow", Action: "s3:*", Resource: "*" };
    const deny = { Effect: "Deny", Action: "kms:*", Resource: "*" };
    const before = { Resources: { Role: role(), Group: group([443]) } };
    const after = { Resources: { Role: role(allow, deny), Group: group([443, 22]) } };
    const { security } = await diffTemplates(before, after);
    const told = security.map((one) => [one.kind, one.change, one.columns[2] ?? "", broadens(one)]);
    expect(told).toContainEqual(["statement", "added", "s3:*", true]);
    expect(told).toContainEqual(["statement", "added", "kms:*", false]);
    expect(told).toContainEqual(["security-group", "added", "TCP 22", true]);
    const { security: back } = await diffTemplates(after, before);
    expect(back.map((one) => [one.columns[2], broadens(one)])).toContainEqual(["kms:*", true]);
    expect(back.map((one) => [one.columns[2], broadens(one)])).toContainEqual(["s3:*", false]);
  });
});

describe("a plan", () => {
  const tenants = {
    "acme-corp": { cell: 1 },
    "globex-inc": { cell: 2 },
    "initech-llc": { cell: 1, tier: "pool" },
  };

  it("counts the tenants that share what is replaced", async () => {
    const before = { Resources: { ...store("Main", "main"), ...store("Own", "own"), Loose: table("loose") } };
    const after = {
      Resources: { ...store("Main", "main-2"), ...store("Own", "own-2"), Loose: table("loose-2") },
    };
    const cell = (name: string) => ({ Resources: { Cache: table(name) } });
    const assembly = await assemblyOf({
      platform: "saas",
      stacks: [
        { id: "data", template: after },
        { id: "cell-1", template: cell("new") },
      ],
      tenantTemplate: { Parameters: { TenantId: { Type: "String" } }, Resources: { Mine: table("mine-2") } },
      tenants,
      tiers: {
        silo: { stores: { main: "bridge", own: "silo" } },
        pool: { stores: { main: "pool", own: "pool" } },
      },
    });
    const stacks: MemoryStack[] = [
      { ...owned("data"), template: before },
      { ...owned("cell-1"), template: cell("old") },
      {
        ...owned("tenant-acme-corp", { "tenantry:tenant": "acme-corp" }),
        template: { Resources: { Mine: table("mine") } },
      },
    ];
    const plan = await planDeployment(assembly, memoryCloud({ stacks }));
    const messages = [...plan.stacks, ...plan.tenants].flatMap(({ losses }) =>
      losses.map(({ message }) => message),
    );
    expect(messages).toEqual([
      "replaces the table data/Loose: 3 tenants",
      "replaces the table data/Main: 3 tenants",
      "replaces the table data/Own: the tenant initech-llc",
      "replaces the table cell-1/Cache: 2 tenants",
      "replaces the table tenant/acme-corp/Mine: the tenant acme-corp",
    ]);
    const permissions = [...plan.stacks, ...plan.tenants].flatMap(({ losses }) =>
      losses.map((one) => one.permission),
    );
    expect(await codeOf(() => checkPlan(plan, plan, new Set(permissions.slice(1)), assembly.manifest))).toBe(
      "TOOLKIT_DATA_AT_RISK: this loses data or takes them out of service: replaces the table data/Loose: 3 tenants",
    );
    expect(await codeOf(() => checkPlan(plan, plan, new Set(permissions), assembly.manifest))).toBe(
      "nothing failed",
    );
    const disposable = { dataProtection: "disposable" } as const;
    expect(await codeOf(() => checkPlan(plan, null, new Set(), disposable))).toBe("nothing failed");
  });

  it("is the same for the same, and another when anything that it rests on is another", async () => {
    const given = {
      platform: "saas",
      stacks: [{ id: "data", template: { Resources: store("Main", "main") } }],
    };
    const assembly = await assemblyOf(given);
    const stack = { ...owned("data"), template: { Resources: store("Main", "old") } };
    const planOf = (more: Partial<MemoryStack>) =>
      planDeployment(assembly, memoryCloud({ stacks: [{ ...stack, ...more }] }));
    const plan = await planOf({});
    expect((await planOf({})).digest).toBe(plan.digest);
    const changed = [
      await planOf({ template: { Resources: store("Main", "older") } }),
      await planOf({ status: "UPDATE_COMPLETE" }),
      await planOf({ tags: { ...stack.tags, "tenantry:parameters": "x" } }),
    ];
    expect(new Set([plan, ...changed].map(({ digest }) => digest)).size).toBe(4);
    expect(stalePoints(plan, plan)).toEqual([]);
    expect(changed.map((one) => stalePoints(plan, one))).toEqual([
      ["saas-production-data: its template in AWS has changed"],
      ["saas-production-data: was CREATE_COMPLETE, and is now UPDATE_COMPLETE"],
      ["saas-production-data: the values of its parameters in AWS have changed"],
    ]);
  });

  it("names what stands in the way", async () => {
    const parameters = { Zone: { kind: "hosted-zone", domain: "example.com" } };
    const template = {
      Parameters: { Zone: { Type: "String" } },
      Resources: { A: value("/a", { Ref: "Zone" }) },
    };
    const assembly = await assemblyOf({ platform: "saas", stacks: [{ id: "edge", parameters, template }] });
    const kinds = async (cloud: Parameters<typeof memoryCloud>[0]) =>
      (await planDeployment(assembly, memoryCloud(cloud))).obstacles.map(({ kind }) => kind);
    const hostedZones = { "example.com": "Z1" };
    expect(await kinds({ hostedZones })).toEqual([]);
    expect(await kinds({})).toEqual(["missing-value"]);
    expect(await kinds({ hostedZones, stacks: [{ name: "saas-production-edge" }] })).toEqual(["foreign"]);
    const stuck = { ...owned("edge"), status: "UPDATE_ROLLBACK_FAILED" };
    expect(await kinds({ hostedZones, stacks: [stuck] })).toEqual(["rollback-failed"]);
    const other = { ...owned("cell-9"), template: { Resources: {} } };
    const plan = await planDeployment(assembly, memoryCloud({ hostedZones, stacks: [other] }));
    expect(plan.abandoned).toEqual([{ stackName: "saas-production-cell-9", region: "us-east-1" }]);
  });
});

describe("a change set", () => {
  const changes = (
    replacement: ChangeSetChange["replacement"],
    action = "Modify",
  ): readonly ChangeSetChange[] => [{ action, logicalId: "Main", type: "AWS::DynamoDB::Table", replacement }];
  it.each([
    [changes("True"), [], "replaces the table data/Main"],
    [changes("Conditional"), [], "replaces the table data/Main"],
    [changes(null, "Remove"), [], "deletes the table data/Main"],
    [changes("True"), ["replace:data/Main"], null],
    [changes("False"), [], null],
    [
      [{ action: "Modify", logicalId: "Main", type: "AWS::SNS::Topic", replacement: "True" } as const],
      [],
      null,
    ],
  ])("of %j, with %j allowed, is refused because it %s", async (told, allow, message) => {
    const assembly = await assemblyOf({
      platform: "saas",
      stacks: [{ id: "data", template: { Resources: {} } }],
    });
    const called: string[] = [];
    const cloud = memoryCloud({
      changing: {
        createChangeSet: async () => "created",
        describeChangeSet: async () => ({
          status: "CREATE_COMPLETE",
          statusReason: null,
          executionStatus: "AVAILABLE",
          changes: told,
        }),
        executeChangeSet: async () => (called.push("executed"), "started"),
        deleteChangeSet: async () => void called.push("deleted"),
      },
    });
    const context = deploymentContext({
      cloud,
      clock: new ManualClock(),
      onEvent: () => undefined,
      owner: assembly.manifest,
      pollMs: 1,
      allow: new Set(allow),
      signal: new AbortController().signal,
    });
    const target = firstTarget(assembly);
    const request = {
      target,
      template: { kind: "body", body: "{}" },
      parameters: {},
      tags: {},
    } as const;
    const code = await codeOf(() => runChangeSet(request, null, context));
    expect(code).toBe(
      message === null
        ? "nothing failed"
        : `TOOLKIT_DATA_AT_RISK: this loses data or takes them out of service: ${message}`,
    );
    expect(called).toEqual([message === null ? "executed" : "deleted"]);
  });
});

describe("an assembly", () => {
  const given = { platform: "saas", stacks: [{ id: "data", template: { Resources: {} } }] };
  const broken = async (breakIt: (path: string) => Promise<unknown>) => {
    const path = await writeAssembly(join(folder, String((count += 1))), given);
    await breakIt(path);
    return codeOf(() => readAssembly(path));
  };
  const edit = (path: string, file: string, from: string, to: string) =>
    readFile(join(path, file), "utf8").then((text) => writeFile(join(path, file), text.replace(from, to)));
  const manifest = "cloudformation/manifest.json";

  it.each([
    ["nothing failed", () => Promise.resolve()],
    [
      /^TOOLKIT_ASSEMBLY_EDITED: .*data.template.json/,
      (path: string) => appendFile(join(path, "cloudformation/data.template.json"), " "),
    ],
    [/^TOOLKIT_ASSEMBLY_MISSING: .*placement.json/, (path: string) => rm(join(path, "placement.json"))],
    [
      /^TOOLKIT_ASSEMBLY_MISSING: .*data.template.json/,
      (path: string) => rm(join(path, "cloudformation/data.template.json")),
    ],
    [/^TOOLKIT_ASSEMBLY_INVALID: .*not JSON/, (path: string) => writeFile(join(path, manifest), "{")],
    [
      /^TOOLKIT_ASSEMBLY_INVALID: .*version/,
      (path: string) => edit(path, manifest, '"version": 1', '"version": 2'),
    ],
    [
      /^TOOLKIT_ASSEMBLY_INVALID: .*template/,
      (path: string) => edit(path, manifest, '"data.template.json"', '"../../data.template.json"'),
    ],
    [
      /^TOOLKIT_ASSEMBLY_INVALID: .*does not begin with/,
      (path: string) => edit(path, manifest, "saas-production-data", "other-data"),
    ],
    [
      /^TOOLKIT_ASSEMBLY_INVALID: .*depends on later/,
      (path: string) => edit(path, manifest, '"dependsOn": []', '"dependsOn": ["later"]'),
    ],
  ])("that is broken is %s", async (expected, breakIt) => {
    expect(await broken(breakIt)).toMatch(expected);
  });

  it("has plans that nobody may edit", async () => {
    const path = join(folder, "plan.json");
    const plan = await planDeployment(await assemblyOf(given), null);
    await writeFile(path, JSON.stringify(plan));
    expect(await readPlan(path)).toEqual(plan);
    await writeFile(path, JSON.stringify({ ...plan, obstacles: ["x"] }));
    expect(await codeOf(() => readPlan(path))).toMatch(/^TOOLKIT_PLAN_INVALID: .*changed after/);
    expect(await codeOf(() => readPlan(`${path}x`))).toMatch(/^TOOLKIT_PLAN_MISSING/);
  });
});

describe("names of outputs", () => {
  it.each([
    ["VpcId", "vpc_id"],
    ["APIEndpoint", "api_endpoint"],
    ["Cell1LoadBalancerDnsName", "cell1_load_balancer_dns_name"],
    ["acme-corp", "acme_corp"],
  ])("make %s into %s", (name, expected) => expect(snakeCase(name)).toBe(expected));

  it("carry the tenant, and the recovery region", async () => {
    const assembly = await assemblyOf({
      platform: "saas",
      stacks: [{ id: "data", template: { Resources: {} } }],
    });
    const target = firstTarget(assembly);
    const stack = { outputs: { VpcId: "v" } } as never;
    const named = (more: object) => Object.keys(outputsOf([{ target: { ...target, ...more }, stack }]));
    expect(named({})).toEqual(["vpc_id"]);
    expect(named({ tenant: "acme-corp" })).toEqual(["acme_corp_vpc_id"]);
    expect(named({ role: "recovery" })).toEqual(["recovery_vpc_id"]);
  });
});

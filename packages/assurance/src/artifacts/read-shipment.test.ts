import { isCodedError } from "@tenantry/base";
import { describe, expect, it } from "vitest";
import { exampleFiles, examplePlatform, exampleShipment } from "../../test/example-files.ts";
import { unknownIn } from "./mark.ts";
import { readShipment } from "./read-shipment.ts";
import type { ShippedFiles } from "./shipment.ts";

const topic = (name: unknown) => ({ Type: "AWS::SNS::Topic", Properties: { TopicName: name } });
const stored = (name: unknown, value: unknown) => ({
  Type: "AWS::SSM::Parameter",
  Properties: { Name: name, Type: "String", Value: value },
});
const path = { Type: "AWS::SSM::Parameter::Value<String>" };
const plain = { id: "data", template: { Resources: { Topic: topic("t") } } };
const problemsOf = (files: ShippedFiles) =>
  readShipment(files).problems.map(({ subject, missing }) => `${subject}: ${missing}`);

const tier = {
  tenantParameters: {
    TenantId: { kind: "tenant-id" },
    User: { kind: "username" },
    Payer: { kind: "cost-center" },
    Hosts: { kind: "hosts", patterns: ["{tenant}.example.com", "*.{tenant}.example.com"] },
    Host: { kind: "main-host", pattern: "{tenant}.example.com" },
    Cluster: { kind: "cell-value", value: "cluster" },
    Priority: { kind: "priority", index: 1, count: 2 },
  },
  template: {
    Parameters: {
      TenantId: { Type: "String" },
      User: { Type: "String" },
      Payer: { Type: "String" },
      Hosts: { Type: "CommaDelimitedList" },
      Host: { Type: "String" },
      Cluster: path,
      Priority: { Type: "Number" },
    },
    Resources: { Role: { Type: "AWS::IAM::Role" } },
  },
};
const cell = {
  id: "cell-1",
  template: { Resources: { Value: stored("/acme/production/cells/1/cluster", "c1") } },
};

describe("a shipment", () => {
  it("hands values from stack to stack, whatever their order, and splits lists", () => {
    const shipment = readShipment(
      exampleFiles([
        {
          id: "services",
          parameters: { Other: { kind: "stack-value", region: "us-west-2", name: "/far" } },
          template: {
            Parameters: {
              Subnets: { Type: "AWS::SSM::Parameter::Value<List<String>>", Default: "/subnets" },
              Other: { Type: "String" },
            },
            Resources: {
              Topic: topic({ Ref: "Other" }),
              Own: stored("/own", { "Fn::Join": ["+", { Ref: "Subnets" }] }),
            },
          },
        },
        { id: "foundation", template: { Resources: { V: stored("/subnets", "s-1,s-2") } } },
        {
          id: "far",
          region: "us-west-2",
          template: { Resources: { V: stored("/far", { Ref: "AWS::Region" }) } },
        },
      ]),
    );
    const [services] = shipment.shared;
    expect(services?.parameters["Subnets"]).toEqual(["s-1", "s-2"]);
    expect(
      services?.resources().map(({ properties }) => properties["TopicName"] ?? properties["Value"]),
    ).toEqual(["us-west-2", "s-1+s-2"]);
    expect(shipment.problems).toEqual([]);
  });

  it("stands in the stacks of any tenant with marks, and in those of tenants with what is placed", () => {
    const parameters = {
      TenantId: "corp-x",
      User: "corp_x",
      Payer: "somebody",
      Hosts: "corp-x.example.com,own.example.org",
      Host: "corp-x.example.com",
      Cluster: "/acme/production/cells/1/cluster",
      Priority: "6",
    };
    const stack = {
      role: "primary",
      region: "us-east-1",
      stackName: "acme-production-tenant-corp-x",
      template: "tenant-silo.template.json",
      parameters,
      tags: {},
    };
    const shipment = readShipment(
      exampleFiles([cell], {
        tier,
        tenants: { "corp-x": { tier: "silo", cell: 1, slot: 3, stacks: [stack] } },
      }),
    );
    expect(shipment.problems).toEqual([]);
    const any = shipment.tiers[0]?.anyTenant("a");
    expect(any).toMatchObject({
      id: "tenant/⟨tenant:a⟩",
      stackName: "acme-production-tenant-⟨tenant:a⟩",
      tenant: "⟨tenant:a⟩",
      cell: 1,
      parameters: {
        TenantId: "⟨tenant:a⟩",
        User: "⟨username:a⟩",
        Payer: "⟨cost-center:a⟩",
        Hosts: ["⟨tenant:a⟩.example.com", "*.⟨tenant:a⟩.example.com"],
        Host: "⟨tenant:a⟩.example.com",
        Cluster: "c1",
        Priority: "⟨priority:a:1:2⟩",
      },
    });
    expect(any?.resources()[0]?.physicalId).toBe(
      "acme-production-tenant-⟨tenant:a⟩-Role-⟨tenant/tenant:a/Role⟩",
    );
    const placed = shipment.tenants.get("corp-x");
    expect(placed).toMatchObject({ tier: "silo", cell: 1, slot: 3 });
    expect(placed?.stacks[0]?.placed).toEqual(parameters);
    expect(placed?.stacks[0]?.parameters).toMatchObject({
      Cluster: "c1",
      Hosts: ["corp-x.example.com", "own.example.org"],
    });
  });

  it("leaves out what a condition leaves out", () => {
    const { shipment, resources } = exampleShipment({
      Parameters: { Wanted: { Type: "String", Default: "no" } },
      Conditions: { IsWanted: { "Fn::Equals": [{ Ref: "Wanted" }, "yes"] } },
      Resources: { Yes: topic("y"), No: { ...topic("n"), Condition: "IsWanted" } },
    });
    expect([Object.keys(resources), shipment.problems]).toEqual([["Yes"], []]);
  });

  it("says what AWS publishes itself with a mark", () => {
    const { resources } = exampleShipment({
      Parameters: { Image: { ...path, Default: "/aws/service/ami" } },
      Resources: { It: topic({ Ref: "Image" }) },
    });
    expect(resources["It"]?.properties["TopicName"]).toBe("⟨parameter:/aws/service/ami⟩");
  });
});

describe("what is broken in a template", () => {
  it.each<readonly [string, object, RegExp]>([
    ["names that need each other", { A: topic({ Ref: "B" }), B: topic({ Ref: "A" }) }, /in a circle: A, B/],
    ["a name that needs itself", { A: topic({ Ref: "A" }) }, /the name of A needs itself/],
    ["a dependency that is not there", { A: { ...topic("a"), DependsOn: "X" } }, /depends on "X"/],
    ["a condition that is not there", { A: { ...topic("a"), Condition: "X" } }, /no condition "X"/],
    ["a resource without a type", { A: { Properties: {} } }, /it has no type/],
    ["a null", { A: null }, /it has no type/],
    ["properties that are a list", { A: { Type: "AWS::SNS::Topic", Properties: [] } }, /are not an object/],
    ["a nested stack", { A: { Type: "AWS::CloudFormation::Stack" } }, /is not in the template/],
    ["an odd logical id", { "A-B": topic("a") }, /no logical id/],
    ["a macro in a resource", { A: { ...topic("a"), "Fn::Transform": {} } }, /Fn::Transform makes/],
    [
      "a macro among properties",
      { A: { Type: "AWS::SNS::Topic", Properties: { "Fn::Transform": {} } } },
      /Fn::Transform makes/,
    ],
    ["a loop over resources", { "Fn::ForEach::Topics": ["X", ["a"], {}] }, /no logical id/],
    ["nothing", {}, /it has no Resources/],
  ])("is a problem: %s", (_, Resources, problem) => {
    const { shipment } = exampleShipment({ Resources });
    expect(shipment.problems.map(({ missing }) => missing).join("\n")).toMatch(problem);
  });

  it.each<readonly [string, object, RegExp]>([
    ["a macro", { Transform: ["AWS::SecretsManager-2024-09-16", "Mine"] }, /the transform "Mine"/],
    [
      "a parameter without a value",
      { Parameters: { X: { Type: "String" } } },
      /the parameter X has no value/,
    ],
    ["a parameter without a type", { Parameters: { X: {} } }, /the parameter X has no type/],
    ["a default that is a list", { Parameters: { X: { Type: "String", Default: [] } } }, /is no text/],
    ["a value that nobody provides", { Parameters: { X: { ...path, Default: "/x" } } }, /nothing puts \/x/],
    ["parameters that are a list", { Parameters: [] }, /its Parameters are not an object/],
  ])("is a problem: %s", (_, sections, problem) => {
    const { shipment } = exampleShipment({ Resources: { A: topic({ "Fn::Sub": "${X}" }) }, ...sections });
    expect(shipment.problems.map(({ missing }) => missing).join("\n")).toMatch(problem);
  });

  it("does not run in circles through Parameter Store", () => {
    const one = {
      Parameters: { X: { ...path, Default: "/two" } },
      Resources: { V: stored("/one", { Ref: "X" }) },
    };
    const two = {
      Parameters: { X: { ...path, Default: "/one" } },
      Resources: { V: stored("/two", { Ref: "X" }) },
    };
    const named = {
      Parameters: { X: { ...path, Default: "/one" } },
      Resources: { V: stored({ Ref: "X" }, "x") },
    };
    const shipment = readShipment(
      exampleFiles([
        { id: "one", template: one },
        { id: "two", template: two },
        { id: "named", template: named },
      ]),
    );
    expect(shipment.problems.map(({ missing }) => missing).join("\n")).toMatch(/needs itself/);
    for (const stack of shipment.shared) {
      for (const { properties } of stack.resources())
        expect(unknownIn(JSON.stringify(properties))).toBeDefined();
    }
  });

  it("finds two stacks that provide one value, have one id or have one name", () => {
    const template = { Resources: { V: stored("/x", "x") } };
    const problems = problemsOf(
      exampleFiles([
        { id: "one", template },
        { id: "two", template, stackName: "acme-production-one" },
        { id: "one", template, stackName: "acme-production-three" },
      ]),
    ).join("\n");
    expect(problems).toMatch(/\/x is in Parameter Store from one\/V already/);
    expect(problems).toMatch(/two stacks of the name acme-production-one/);
    expect(problems).toMatch(/one: there are two stacks of this id/);
  });
});

describe("files that somebody spoilt", () => {
  const good = exampleFiles([plain]);
  const without = (name: string) => Object.fromEntries(Object.entries(good).filter(([key]) => key !== name));

  it.each([
    ["no files", {}, "ASSURANCE_FILE_MISSING"],
    ["a foreign folder", { "package.json": "{}", "README.md": "# x" }, "ASSURANCE_FILE_MISSING"],
    ["no platform", without("platform.json"), "ASSURANCE_FILE_MISSING"],
    ["a truncated manifest", { ...good, "cloudformation/manifest.json": "{" }, "ASSURANCE_FILE_INVALID"],
    ["a manifest of null", { ...good, "cloudformation/manifest.json": "null" }, "ASSURANCE_FILE_INVALID"],
    [
      "a manifest of nulls",
      { ...good, "cloudformation/manifest.json": nulled(good["cloudformation/manifest.json"]) },
      "ASSURANCE_FILE_INVALID",
    ],
    [
      "a platform of nulls",
      { ...good, "platform.json": nulled(good["platform.json"]) },
      "ASSURANCE_FILE_INVALID",
    ],
    ["a platform of a list", { ...good, "platform.json": "[]" }, "ASSURANCE_FILE_INVALID"],
    [
      "a platform whose service is null",
      { ...good, "platform.json": JSON.stringify({ ...examplePlatform, services: { app: null } }) },
      "ASSURANCE_FILE_INVALID",
    ],
    [
      "a template outside of the folder",
      {
        ...good,
        "cloudformation/manifest.json":
          good["cloudformation/manifest.json"]?.replace("data.template.json", "../x.template.json") ?? "",
      },
      "ASSURANCE_FILE_INVALID",
    ],
    ["a deep manifest", { ...good, "cloudformation/manifest.json": deep(100_000) }, "ASSURANCE_FILE_INVALID"],
  ])("are refused with a code: %s", (_, files, code) => {
    const failure = failureOf(() => readShipment(files));
    expect(isCodedError(failure) && failure.code).toBe(code);
  });

  it.each<readonly [string, ShippedFiles, RegExp]>([
    ["no placement", without("placement.json"), /placement.json: the file is not there/],
    ["a truncated placement", { ...good, "placement.json": "{" }, /placement.json: it is not JSON/],
    ["a placement of null", { ...good, "placement.json": "null" }, /names no tenants/],
    ["tenants of null", { ...good, "placement.json": '{"tenants":{"abc":null}}' }, /abc: : Invalid input/],
    ["a tenant's id", { ...good, "placement.json": '{"tenants":{"A*":{}}}' }, /"A\*" is no tenant's id/],
    ["no template", without("cloudformation/data.template.json"), /the template is not there/],
    ["a truncated template", { ...good, "cloudformation/data.template.json": '{"Resources":' }, /not JSON/],
    ["a template of null", { ...good, "cloudformation/data.template.json": "null" }, /it is no template/],
    ["a deep template", { ...good, "cloudformation/data.template.json": deep(100_000) }, /deeper than/],
    [
      "a template of 10 MB",
      { ...good, "cloudformation/data.template.json": `"${"x".repeat(10_000_000)}"` },
      /larger than/,
    ],
    [
      "a prototype",
      { ...good, "cloudformation/data.template.json": '{"Resources":{"A":{"__proto__":{}}}}' },
      /__proto__/,
    ],
    [
      "forged marks",
      { ...good, "cloudformation/data.template.json": '{"Resources":{"A":"\\u27e8tenant:a\\u27e9"}}' },
      /it holds ⟨ or ⟩/,
    ],
  ])("are problems: %s", (_, files, problem) => {
    expect(problemsOf(files).join("\n")).toMatch(problem);
  });

  it("are read as far as they can be when one tenant's entry is broken", () => {
    const files = exampleFiles([cell], {
      tier,
      tenants: { good: { tier: "silo", cell: 1, slot: 1, stacks: [] }, odd: { tier: 3 } },
    });
    const { tenants, problems } = readShipment(files);
    expect([...tenants.keys()]).toEqual(["good"]);
    expect(problems).toHaveLength(1);
  });

  it("are not read again and again: a thousand problems are enough", () => {
    const Resources = Object.fromEntries(
      Array.from({ length: 3000 }, (_, index) => [`R${index}`, topic({ Ref: `Nobody${index}` })]),
    );
    expect(exampleShipment({ Resources }).shipment.problems).toHaveLength(1001);
  });
});

function failureOf(run: () => unknown): unknown {
  try {
    run();
  } catch (failure) {
    return failure;
  }
  return undefined;
}

function nulled(text: string | undefined): string {
  const content = JSON.parse(text ?? "{}") as Record<string, unknown>;
  return JSON.stringify(Object.fromEntries(Object.keys(content).map((key) => [key, null])));
}

function deep(levels: number): string {
  return `${"[".repeat(levels)}${"]".repeat(levels)}`;
}

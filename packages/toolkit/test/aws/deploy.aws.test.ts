import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isCodedError } from "@tenantry/base";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deploy, type DeployRequest, destroy, listTenantStacks, plan, readPlan } from "../../src/index.ts";
import { cloudPorts, fastSettings } from "./cloud-ports.ts";
import { emulator, endpoint, platformName, temporaryFolder } from "./emulator.ts";
import {
  data,
  foundation,
  type TestAssembly,
  tenantTemplate,
  value,
  writeAssembly,
} from "./test-assembly.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let ports: Awaited<ReturnType<typeof cloudPorts>>;

interface Revision {
  readonly network?: string;
  readonly table?: string;
  readonly text?: string;
  readonly tenants?: readonly string[];
}

/** Two shared stacks and the tenants, as a platform of the name has them. */
function platformOf(
  platform: string,
  { network, table, text, tenants = ["acme-corp", "globex-inc"] }: Revision = {},
) {
  return {
    platform,
    stacks: [
      { id: "foundation", template: foundation(platform, network), terminationProtection: true },
      { id: "data", dependsOn: ["foundation"], template: data(platform, table) },
    ],
    tenantTemplate: tenantTemplate(platform, text),
    tenants: Object.fromEntries(tenants.map((tenant) => [tenant, {}])),
  } satisfies TestAssembly;
}

const write = (assembly: TestAssembly) => writeAssembly(join(folder.path, assembly.platform), assembly);
const run = (request: DeployRequest) => deploy({ settings: fastSettings, ...request }, ports);
const outcomes = ({ stacks }: Awaited<ReturnType<typeof deploy>>) =>
  Object.fromEntries(stacks.map(({ id, outcome }) => [id, outcome]));
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "nothing failed",
    (failure: unknown) => {
      if (!isCodedError(failure)) throw failure;
      return `${failure.code}: ${failure.message}`;
    },
  );

describe.skipIf(emulator === null)("a deployment", () => {
  beforeAll(async () => {
    folder = await temporaryFolder();
    ports = await cloudPorts(endpoint());
  });
  afterAll(() => folder[Symbol.asyncDispose]());
  const stacksOf = (region = "us-east-1") => ports.cloud.region(region).stacks;
  const stored = async (...names: string[]) => {
    const values = await ports.cloud.region("us-east-1").parameters.values(names);
    return names.map((name) => values.get(name));
  };

  it("creates shared stacks in their order, then tenants, and hands over their outputs", async () => {
    const platform = platformName();
    const artifacts = await write(platformOf(platform));
    const outputsFile = join(artifacts, "outputs.json");
    const result = await run({ artifacts, outputsFile });
    expect(outcomes(result)).toEqual({
      foundation: "created",
      data: "created",
      "tenant/acme-corp": "created",
      "tenant/globex-inc": "created",
    });
    expect(result.outputs).toMatchObject({
      vpc_id: expect.stringMatching(/^vpc-/),
      topic_arn: expect.stringContaining("notices"),
      acme_corp_endpoint: "https://acme-corp.example.com",
    });
    expect(JSON.parse(await readFile(outputsFile, "utf8"))).toEqual(result.outputs);
    const stack = await stacksOf().describe(`${platform}-production-foundation`);
    expect(stack?.terminationProtection).toBe(true);
    expect((await stacksOf().describe(`${platform}-production-data`))?.terminationProtection).toBe(false);
    expect(
      (await listTenantStacks({ artifacts }, ports)).map(({ tenant, status }) => [tenant, status]),
    ).toEqual([
      ["acme-corp", "CREATE_COMPLETE"],
      ["globex-inc", "CREATE_COMPLETE"],
    ]);
    expect(await stored(`/${platform}/production/deployment/lock`)).toEqual([undefined]);
  });

  it("does nothing the second time, whoever deploys and whenever", async () => {
    const platform = platformName();
    const tagged = {
      Parameters: {
        DeploymentCreatedAt: { Type: "String", Default: "unknown" },
        DeploymentAuthor: { Type: "String" },
      },
      Resources: { At: value(`/${platform}/at`, { Ref: "DeploymentCreatedAt" }) },
    };
    const sources = {
      DeploymentCreatedAt: { kind: "deployment", field: "createdAt" },
      DeploymentAuthor: { kind: "deployment", field: "author" },
    };
    const assembly = {
      ...platformOf(platform),
      stacks: [...platformOf(platform).stacks, { id: "edge", parameters: sources, template: tagged }],
    };
    const artifacts = await write(assembly);
    await run({ artifacts, deployment: { createdAt: "2026-01-01T00:00:00Z", author: "ada" } });
    ports.events.length = 0;
    const again = await run({ artifacts, deployment: { createdAt: "2027-01-01T00:00:00Z", author: "bob" } });
    expect(new Set(Object.values(outcomes(again)))).toEqual(new Set(["unchanged"]));
    expect(ports.events.filter(({ code }) => code === "TOOLKIT_STACK_STARTED")).toEqual([]);
    const made = await plan({ artifacts }, ports);
    expect([...made.stacks, ...made.tenants].map(({ action }) => action)).toEqual(Array(5).fill("unchanged"));
    // When something else changes, the first date stays.
    const changed = { ...tagged, Description: "another" };
    await write({
      ...assembly,
      stacks: [...platformOf(platform).stacks, { id: "edge", parameters: sources, template: changed }],
    });
    expect(outcomes(await run({ artifacts }))).toMatchObject({ edge: "updated", data: "unchanged" });
    expect(await stored(`/${platform}/at`)).toEqual(["2026-01-01T00:00:00Z"]);
  });

  it("carries a changed value through every stack that reads it", async () => {
    const platform = platformName();
    const artifacts = await write(platformOf(platform, { network: "a" }));
    await run({ artifacts });
    await write(platformOf(platform, { network: "b" }));
    const made = await plan({ artifacts }, ports);
    expect(made.stacks.map(({ action, mayFollow }) => [action, mayFollow])).toEqual([
      ["update", false],
      ["unchanged", true],
    ]);
    const result = await run({ artifacts, plan: made });
    expect(new Set(Object.values(outcomes(result)))).toEqual(new Set(["updated"]));
    const [ofData, ofTenant] = await stored(
      `/${platform}/production/stores/main/endpoint`,
      `/${platform}/production/tenants/acme-corp`,
    );
    expect(ofData).toMatch(/^vpc-.*-b$/);
    expect(ofTenant).toMatch(/^here in vpc-.*-b$/);
  });

  it("applies a plan exactly or refuses it, and says what differs", async () => {
    const platform = platformName();
    const artifacts = await write(platformOf(platform));
    const out = join(artifacts, "plan.json");
    const made = await plan({ artifacts, out }, ports);
    expect(await readPlan(out)).toEqual(made);
    expect((await plan({ artifacts }, ports)).digest).toBe(made.digest);
    await run({ artifacts, plan: out });
    // Applied once, it is done; nothing is left that would differ.
    expect(new Set(Object.values(outcomes(await run({ artifacts, plan: out }))))).toEqual(
      new Set(["unchanged"]),
    );
    await write(platformOf(platform, { text: "there" }));
    const second = await plan({ artifacts }, ports);
    // Somebody deploys something else meanwhile.
    await write(platformOf(platform, { text: "elsewhere" }));
    await run({ artifacts });
    await write(platformOf(platform, { text: "there" }));
    expect(await codeOf(run({ artifacts, plan: second }))).toMatch(
      /^TOOLKIT_PLAN_STALE: .*tenant-acme-corp: its template in AWS has changed/,
    );
    const offline = await plan({ artifacts }, { ...ports, cloud: null });
    expect(offline.stacks.map(({ action }) => action)).toEqual(["create", "create"]);
    expect(await codeOf(run({ artifacts, plan: offline }))).toMatch(/^TOOLKIT_PLAN_STALE: .*without a look/);
  });

  it("replaces what holds data only when it is allowed by name", async () => {
    const platform = platformName();
    const artifacts = await write(platformOf(platform));
    await run({ artifacts });
    await write(platformOf(platform, { table: "second" }));
    const made = await plan({ artifacts }, ports);
    expect(made.stacks[1]?.losses).toMatchObject([
      {
        logicalId: "Main",
        impact: "replace",
        fate: "retained",
        message: "replaces the table data/Main: 2 tenants",
      },
    ]);
    const before = await stacksOf().describe(`${platform}-production-data`);
    expect(await codeOf(run({ artifacts }))).toBe(
      "TOOLKIT_DATA_AT_RISK: this loses data or takes them out of service: replaces the table data/Main: 2 tenants",
    );
    expect(await stacksOf().describe(`${platform}-production-data`)).toEqual(before);
    expect(outcomes(await run({ artifacts, allow: ["replace:data/Main"] }))).toMatchObject({
      data: "updated",
    });
  });

  it("removes a tenant only when somebody has seen it, and says what is kept", async () => {
    const platform = platformName();
    const artifacts = await write(platformOf(platform));
    await run({ artifacts });
    await write(platformOf(platform, { tenants: ["acme-corp"] }));
    expect(await codeOf(run({ artifacts }))).toMatch(
      /^TOOLKIT_DATA_AT_RISK: .*removes the tenant globex-inc/,
    );
    const made = await plan({ artifacts }, ports);
    expect(made.tenants.map(({ id, action }) => [id, action])).toEqual([
      ["tenant/acme-corp", "unchanged"],
      ["tenant/globex-inc", "delete"],
    ]);
    expect(outcomes(await run({ artifacts, plan: made }))).toMatchObject({ "tenant/globex-inc": "deleted" });
    expect(await stacksOf().describe(`${platform}-production-tenant-globex-inc`)).toBeNull();
    expect(await stored(`/${platform}/production/tenants/globex-inc`)).toEqual([undefined]);
  });

  it("lets one of two deployments at the same time do its work, and refuses the other", async () => {
    const platform = platformName();
    const artifacts = await write(platformOf(platform));
    const other = await cloudPorts(endpoint(), "bob@desk");
    const first = run({ artifacts });
    const both = await Promise.all([
      codeOf(first),
      codeOf(deploy({ artifacts, settings: fastSettings }, other)),
    ]);
    const refused = both.filter((one) => one.startsWith("TOOLKIT_DEPLOYMENT_LOCKED"));
    expect(both.filter((one) => one === "nothing failed")).toHaveLength(1);
    expect(refused).toEqual([expect.stringMatching(/(ada@laptop|bob@desk) is deploying .* until 20/)]);
    const names = (await stacksOf().list())
      .map(({ name }) => name)
      .filter((name) => name.startsWith(platform));
    expect(new Set(names).size).toBe(names.length);
  });

  it("sends a template of more than 51,200 bytes through a bucket of its own", async () => {
    const platform = platformName();
    const large = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [
        `Value${index}`,
        value(`/${platform}/v/${index}`, "x".repeat(900)),
      ]),
    );
    const artifacts = await write({
      platform,
      dataProtection: "disposable",
      stacks: [{ id: "foundation", template: { Resources: large } }],
    });
    expect(outcomes(await run({ artifacts }))).toEqual({ foundation: "created" });
    const bootstrap = await stacksOf().describe(`tenantry-${platform}-production`);
    expect(bootstrap?.status).toBe("CREATE_COMPLETE");
    expect(await stored(`/${platform}/v/59`)).toEqual(["x".repeat(900)]);
    const { deleted } = await destroy({ artifacts, confirm: "production", settings: fastSettings }, ports);
    expect(deleted).toEqual([
      `us-east-1/${platform}-production-foundation`,
      `us-east-1/tenantry-${platform}-production`,
    ]);
  });

  it("deploys regions at the same time, and takes values of another region from there", async () => {
    const platform = platformName();
    const recovery = {
      id: "recovery-foundation",
      area: "foundation",
      role: "recovery",
      region: "us-west-2",
      dependsOn: ["foundation"],
      parameters: {
        Primary: { kind: "stack-value", region: "us-east-1", name: `/${platform}/production/network/vpc-id` },
      },
      template: {
        Parameters: { Primary: { Type: "String" } },
        Resources: { Copy: value(`/${platform}/production/primary-vpc-id`, { Ref: "Primary" }) },
        Outputs: { PrimaryVpcId: { Value: { Ref: "Primary" } } },
      },
    } as const;
    const artifacts = await write({
      platform,
      stacks: [{ id: "foundation", template: foundation(platform) }, recovery],
    });
    const { outputs } = await run({ artifacts });
    expect(outputs["recovery_primary_vpc_id"]).toBe(`${outputs["vpc_id"]}-a`);
    expect(
      await ports.cloud.region("us-west-2").stacks.describe(`${platform}-production-foundation`),
    ).not.toBeNull();
  });

  it("names the resource that failed, and replaces a stack that never came to be", async () => {
    const platform = platformName();
    const failing = {
      Resources: {
        Other: { ...value(`/${platform}/other`, "x") },
        Wrong: {
          ...value(`/${platform}/wrong`, "x"),
          Metadata: { Emulator: { FailFor: "*", Reason: "quota exceeded" } },
        },
      },
    };
    const artifacts = await write({ platform, stacks: [{ id: "foundation", template: failing }] });
    ports.events.length = 0;
    expect(await codeOf(run({ artifacts }))).toBe(
      `TOOLKIT_DEPLOYMENT_FAILED: Wrong (AWS::SSM::Parameter) of ${platform}-production-foundation in us-east-1 failed: quota exceeded`,
    );
    const failed = ports.events.find(
      (event) => event.code === "TOOLKIT_RESOURCE_CHANGED" && event.state === "failed",
    );
    expect(failed).toMatchObject({
      logicalId: "Wrong",
      reason: "quota exceeded",
      status: "CREATE_FAILED",
    });
    expect((await stacksOf().describe(`${platform}-production-foundation`))?.status).toBe(
      "ROLLBACK_COMPLETE",
    );
    await write({
      platform,
      stacks: [{ id: "foundation", template: { Resources: { Other: failing.Resources.Other } } }],
    });
    expect(outcomes(await run({ artifacts }))).toEqual({ foundation: "created" });
  });

  it("leaves stacks of others alone, and values that nobody provides unguessed", async () => {
    const platform = platformName();
    const artifacts = await write(platformOf(platform));
    const foreign = {
      stack: `${platform}-production-data`,
      name: "somebody",
      kind: "CREATE",
      parameters: {},
      tags: {},
      capabilities: [],
    } as const;
    const template = {
      kind: "body",
      body: JSON.stringify({ Resources: { A: value(`/${platform}/a`, "a") } }),
    } as const;
    await stacksOf().createChangeSet({ ...foreign, template });
    await stacksOf().executeChangeSet(foreign.stack, foreign.name);
    await expect.poll(async () => (await stacksOf().describe(foreign.stack))?.status).toBe("CREATE_COMPLETE");
    expect(await codeOf(run({ artifacts }))).toMatch(
      /^TOOLKIT_DEPLOYMENT_OBSTACLES: .*-data in us-east-1: a stack of this name/,
    );
    const lonely = platformName();
    await write({ platform: lonely, stacks: [{ id: "data", template: data(lonely) }] });
    expect(await codeOf(run({ artifacts: join(folder.path, lonely) }))).toMatch(
      /^TOOLKIT_DEPLOYMENT_OBSTACLES: .*needs the value .*network\/vpc-id in us-east-1, which no stack provides/,
    );
    expect(
      await codeOf(
        run({ artifacts: await write({ ...platformOf(platformName()), account: "999999999999" }) }),
      ),
    ).toBe(
      "TOOLKIT_ACCOUNT_MISMATCH: the environment belongs to the account 999999999999, the credentials to 123456789012",
    );
  });

  it("destroys an environment after its name, keeps what is protected, and lists it", async () => {
    const platform = platformName();
    const artifacts = await write(platformOf(platform));
    await run({ artifacts });
    const request = { artifacts, settings: fastSettings };
    expect(await codeOf(destroy({ ...request, confirm: "prod" }, ports))).toMatch(
      /^TOOLKIT_DESTROY_UNCONFIRMED/,
    );
    expect(await codeOf(destroy({ ...request, confirm: "production" }, ports))).toBe(
      `TOOLKIT_DESTROY_PROTECTED: the environment protects its data, and these stacks hold some: ${platform}-production-foundation, ${platform}-production-data`,
    );
    expect(await stacksOf().describe(`${platform}-production-tenant-acme-corp`)).not.toBeNull();
    const allow = ["foundation", "data"].map((area) => `delete:${platform}-production-${area}`);
    ports.events.length = 0;
    const { kept, deleted } = await destroy({ ...request, confirm: "production", allow }, ports);
    expect(kept).toEqual([
      {
        stack: `${platform}-production-data`,
        region: "us-east-1",
        logicalId: "Main",
        type: "AWS::DynamoDB::Table",
        physicalId: `${platform}-production-main`,
        as: "itself",
      },
    ]);
    expect(deleted).toHaveLength(4);
    const order = ports.events.flatMap((event) => (event.code === "TOOLKIT_STACK_DONE" ? [event.stack] : []));
    expect(order.slice(-2)).toEqual([`${platform}-production-data`, `${platform}-production-foundation`]);
    const left = (await stacksOf().list()).filter(({ name }) => name.startsWith(platform));
    expect(left).toEqual([]);
  });
});

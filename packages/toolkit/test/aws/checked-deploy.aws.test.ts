import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stableJson } from "@tenantry/base";
import type { CheckReport } from "@tenantry/assurance/check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { digestOf } from "../../src/aws/assembly/read-assembly.ts";
import { checkRecordName } from "../../src/check/check-deployment.ts";
import { readArtifacts } from "../../src/check/read-artifacts.ts";
import { deployChecked, destroy, type DeploymentCheck, type OverriddenRule } from "../../src/index.ts";
import { cloudPorts, fastSettings } from "./cloud-ports.ts";
import { emulator, endpoint, platformName, temporaryFolder } from "./emulator.ts";
import { foundation, writeAssembly } from "./test-assembly.ts";

// Goal: what is deployed is what was checked, and by whose word it was deployed nevertheless stands in the account.

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let ports: Awaited<ReturnType<typeof cloudPorts>>;

const write = (platform: string) =>
  writeAssembly(join(folder.path, platform), {
    platform,
    stacks: [{ id: "foundation", template: foundation(platform) }],
  });

/** What a check of the artifacts would have said, whatever they hold. */
async function checkOf(artifacts: string, overridden: readonly OverriddenRule[]): Promise<DeploymentCheck> {
  const files = Object.entries(await readArtifacts(artifacts));
  const report = {
    tool: "tenantry 0.1.0",
    checkedAt: "2026-11-21T12:00:00.000Z",
    counts: { proved: 7, refuted: 1, unknown: 0, notApplicable: 0, accepted: 0 },
    files: files.map(([path, text]) => ({ path, sha256: digestOf(text) })),
  } as unknown as CheckReport;
  return { report, overridden };
}

describe.skipIf(emulator === null)("a deployment of what was checked", () => {
  beforeAll(async () => {
    folder = await temporaryFolder();
    ports = await cloudPorts(endpoint());
  });
  afterAll(() => folder[Symbol.asyncDispose]());
  const record = async (platform: string) => {
    const name = checkRecordName({ platform, environment: "production" });
    const text = (await ports.cloud.region("us-east-1").parameters.values([name])).get(name);
    return text === undefined ? undefined : (JSON.parse(text) as Record<string, unknown>);
  };

  it("writes down who deployed what was checked, and against which rules, until it is destroyed", async () => {
    const platform = platformName();
    const artifacts = await write(platform);
    const override = { rule: "iam/a", reason: "incident 4711", findings: 2 };
    const request = { artifacts, settings: fastSettings };
    const result = await deployChecked({ ...request, checked: await checkOf(artifacts, [override]) }, ports);
    expect(result.overridden).toEqual([override]);
    const manifest = await readFile(join(artifacts, "cloudformation", "manifest.json"), "utf8");
    expect(await record(platform)).toMatchObject({
      by: "ada@laptop",
      checkedAt: "2026-11-21T12:00:00.000Z",
      manifestSha256: digestOf(manifest),
      counts: { refuted: 1 },
      overridden: 1,
      overrides: [override],
    });
    const later = await deployChecked({ ...request, checked: await checkOf(artifacts, []) }, ports);
    expect(later.overridden).toEqual([]);
    expect(await record(platform)).toMatchObject({ overridden: 0, overrides: [] });
    await destroy(
      { ...request, confirm: "production", allow: [`delete:${platform}-production-foundation`] },
      ports,
    );
    expect(await record(platform)).toBeUndefined();
  });

  it("keeps the record below what a parameter takes, and says how many overrides there were", async () => {
    const platform = platformName();
    const artifacts = await write(platform);
    const many = Array.from({ length: 50 }, (_, index) => ({
      rule: `iam/rule-${index}`,
      reason: "ä".repeat(2_000),
      findings: 1,
    }));
    await deployChecked(
      { artifacts, settings: fastSettings, checked: await checkOf(artifacts, many) },
      ports,
    );
    const written = await record(platform);
    expect(Buffer.byteLength(stableJson(written, 0))).toBeLessThanOrEqual(4_096);
    expect(written).toMatchObject({ overridden: 50 });
    expect(written).toMatchObject({ overrides: many.slice(0, 3).map(({ rule }) => ({ rule })) });
  });

  it("changes nothing where something was written into the folder since", async () => {
    const platform = platformName();
    const artifacts = await write(platform);
    const checked = await checkOf(artifacts, []);
    await writeFile(join(artifacts, "placement.json"), stableJson({ tenants: {}, version: 1 }, 4));
    await expect(deployChecked({ artifacts, settings: fastSettings, checked }, ports)).rejects.toMatchObject({
      code: "TOOLKIT_CHECK_STALE",
    });
    expect(await record(platform)).toBeUndefined();
    const stack = await ports.cloud.region("us-east-1").stacks.describe(`${platform}-production-foundation`);
    expect(stack).toBeNull();
  });
});

import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { isCodedError } from "@tenantry/base";
import type { CheckReport } from "@tenantry/assurance/check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readAssembly } from "../../packages/toolkit/src/aws/assembly/read-assembly.ts";
import { judgeForDeployment, requireChecked } from "../../packages/toolkit/src/check/check-deployment.ts";
import { checkDeployment, type DeploymentCheck } from "../../packages/toolkit/src/index.ts";
import { manualPorts } from "../../packages/toolkit/test/manual-ports.ts";
import { shippedFiles } from "./shipped-platform.ts";

// Goal: nothing that does not pass is deployed without somebody's word for each rule.

const timeoutMs = 180_000;
let cwd: string;

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "tenantry-check-"));
  for (const [path, text] of Object.entries(await shippedFiles("tenant-silos", "development"))) {
    const file = join(cwd, "build", path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  await cp(join(cwd, "build"), join(cwd, "torn"), { recursive: true });
  await rm(join(cwd, "torn", "cloudformation", "data.template.json"));
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

const request = { config: undefined, environment: "development", artifacts: "torn", tool: "tenantry 0.1.0" };

test(
  "what does not pass is refused",
  async () => {
    const refused: unknown = await checkDeployment(request, manualPorts(cwd)).catch(
      (failure: unknown) => failure,
    );
    if (!isCodedError(refused)) throw refused;
    expect(refused.code).toBe("TOOLKIT_CHECK_FAILED");
    expect(refused.params["rules"]).toContain("artifacts/readable");
  },
  timeoutMs,
);

describe("an override", () => {
  const finding = (rule: string, accepted: object | null = null) => ({
    id: `${rule}@x`,
    rule,
    kind: "refuted",
    accepted,
  });
  const report = {
    environment: "production",
    findings: [
      finding("iam/a"),
      finding("iam/a"),
      finding("data/b"),
      finding("names/c", { until: "", reason: "" }),
    ],
  } as unknown as CheckReport;
  const override = (rule: string) => ({ rule, reason: "incident 4711" });
  const judged = (...rules: readonly string[]) => judgeForDeployment(report, rules.map(override));

  test("of every rule that does not pass lets a deployment go on, and says of how many findings", () => {
    expect(judged("iam/a", "data/b").overridden).toEqual([
      { ...override("iam/a"), findings: 2 },
      { ...override("data/b"), findings: 1 },
    ]);
  });

  test("of one rule does not stand for another", () => {
    expect(() => judged("iam/a")).toThrow(/has refuted 1 and left 0 unknown: data\/b@x/);
    expect(() => judged()).toThrow(/has refuted 3/);
  });

  test("of what passes, or was accepted, is refused: none is carried along", () => {
    expect(() => judged("iam/a", "data/b", "iam/z")).toThrow(/iam\/z is to be overridden/);
    expect(() => judged("iam/a", "data/b", "names/c")).toThrow(/names\/c is to be overridden/);
  });

  test("is not needed where everything passes", () => {
    const passing = { ...report, findings: report.findings.slice(3) };
    expect(judgeForDeployment(passing, []).overridden).toEqual([]);
  });
});

test("a check holds for the files that it read and for no others", async () => {
  const assembly = await readAssembly(join(cwd, "build"));
  const { manifest, digests } = assembly;
  const files = [
    { path: "cloudformation/manifest.json", sha256: digests.manifest },
    { path: "placement.json", sha256: digests.placements },
    ...[...manifest.stacks, ...manifest.administration, ...manifest.tenantTemplates].map(
      ({ template, templateSha256 }) => ({ path: `cloudformation/${template}`, sha256: templateSha256 }),
    ),
  ];
  const checked = (of: typeof files) =>
    ({ report: { files: of }, overridden: [] }) as unknown as DeploymentCheck;
  expect(() => requireChecked(checked(files), assembly)).not.toThrow();
  for (const [index, file] of files.entries()) {
    const changed = files.with(index, { ...file, sha256: "0".repeat(64) });
    expect(() => requireChecked(checked(changed), assembly)).toThrow(/was changed since/);
    const without = files.filter(({ path }) => path !== file.path);
    expect(() => requireChecked(checked(without), assembly)).toThrow(/was changed since/);
  }
});

import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runTenantry } from "./run-tenantry.ts";

// Goal: what a pipeline relies on: 0 where everything passes, 1 where something does not, 2 where the request was wrong;
// the report on stdout or in the file, and nothing else there.

const definitionOf = (platform: string) =>
  fileURLToPath(new URL(`../../../platforms/${platform}/tenantry.config.ts`, import.meta.url));
const definition = definitionOf("tenant-silos");
const timeoutMs = 180_000;

let cwd: string;
/** The ids of what is found in the broken artifacts, once they were checked. */
let brokenIds: readonly string[] = [];
beforeAll(async () => {
  cwd = await realpath(await mkdtemp(join(tmpdir(), "tenantry-check-")));
  const made = await runTenantry(["synth", "development", "--config", definition, "--out", "build"], { cwd });
  expect(made.status, made.stderr).toBe(0);
  await copyOf("broken", async (folder) => {
    const path = join(folder, "cloudformation", "tenant-silo.template.json");
    const template = JSON.parse(await readFile(path, "utf8")) as {
      readonly Resources: Record<string, unknown>;
    };
    template.Resources["Opened"] = {
      Type: "AWS::EC2::SecurityGroupIngress",
      Properties: {
        GroupId: { Ref: "CellTargetSecurityGroup" },
        IpProtocol: "-1",
        CidrIp: "0.0.0.0/0",
      },
    };
    await writeFile(path, JSON.stringify(template));
  });
}, timeoutMs);
afterAll(() => rm(cwd, { recursive: true, force: true }));

/** A copy of the artifacts with something done to it. */
async function copyOf(name: string, change: (folder: string) => Promise<unknown>): Promise<void> {
  await cp(join(cwd, "build"), join(cwd, name), { recursive: true });
  await change(join(cwd, name));
}

const check = (...argv: readonly string[]) => runTenantry(["check", ...argv], { cwd });

interface Report {
  readonly outcome: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly findings: readonly { readonly id: string; readonly kind: string; readonly detail: string }[];
  readonly notLookedAt: readonly { readonly what: string }[];
}

describe("a check", () => {
  test(
    "of a definition that nobody broke ends with 0, a line for each theme and one with the verdict",
    async () => {
      const { status, stdout, stderr } = await check("staging", "--config", definitionOf("saas-management"));
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      expect(stdout).toMatch(/^saas-platform staging, 0 tenants\n/);
      expect(stdout).toMatch(/\n✔ proved \d+ · refuted 0 · unknown 0 · not applicable \d+\n$/);
      expect(stdout.match(/^ .*not looked at/gm)).toEqual(["  database        not looked at"]);
    },
    timeoutMs,
  );

  test(
    "of broken artifacts ends with 1: the report in the file, one document on stdout",
    async () => {
      const argv = [
        "development",
        "--artifacts",
        "broken",
        "--format",
        "html",
        "--out",
        "check.html",
        "--json",
      ];
      const { status, stdout, stderr } = await check(...argv);
      expect({ status, stderr }).toEqual({ status: 1, stderr: "wrote check.html\n" });
      const report = JSON.parse(stdout) as Report;
      brokenIds = [...new Set(report.findings.map(({ id }) => id))];
      expect(report.outcome).toBe("failed");
      expect(report.counts["refuted"]).toBeGreaterThan(0);
      expect(report.findings.some(({ id }) => id.startsWith("network/"))).toBe(true);
      const page = await readFile(join(cwd, "check.html"), "utf8");
      expect(page).toMatch(/^<!doctype html>/);
      for (const { kind, id } of report.findings)
        if (kind === "refuted") expect(page).toContain(id.split("@")[0]);
    },
    timeoutMs,
  );

  test(
    "of artifacts of which one is not there ends with 1: what is not known is no pass",
    async () => {
      await copyOf("torn", (folder) => rm(join(folder, "cloudformation", "data.template.json")));
      const { status, stdout } = await check("development", "--artifacts", "torn");
      expect(status).toBe(1);
      expect(stdout).toContain("? artifacts/readable@data.template.json\n");
    },
    timeoutMs,
  );

  test(
    "accepts what is in the baseline until its day, and says so",
    async () => {
      const artifacts = ["--artifacts", "broken", "--baseline", "accepted.json"];
      expect(brokenIds.length).toBeGreaterThan(0);
      const until = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
      const accept = [
        ...brokenIds.flatMap((id) => ["--accept", id]),
        "--reason",
        "the wall is moved",
        "--until",
        until,
      ];
      const written = await check("development", ...artifacts, ...accept);
      expect(written).toMatchObject({
        status: 0,
        stdout: brokenIds.map((id) => `accepted until ${until}, in accepted.json: ${id}\n`).join(""),
      });
      const accepted = await check("development", ...artifacts);
      expect(accepted.status).toBe(0);
      expect(accepted.stdout).toContain(`accepted until ${until} because the wall is moved`);
      expect(accepted.stdout).toMatch(/refuted 0 · unknown 0 · .* · accepted \d+\n$/);
      const text = await readFile(join(cwd, "accepted.json"), "utf8");
      await writeFile(join(cwd, "accepted.json"), text.replaceAll(until, "2026-01-31"));
      const expired = await check("development", ...artifacts);
      expect(expired.status).toBe(1);
      expect(expired.stdout).toContain("it was accepted until 2026-01-31: mend it, or accept it again");
    },
    timeoutMs,
  );
});

describe("a request that is wrong ends with 2", () => {
  beforeAll(async () => {
    await mkdir(join(cwd, "empty"));
    await copyOf("linked", (folder) => symlink("/etc/hostname", join(folder, "cloudformation", "more.json")));
    await writeFile(join(cwd, "torn.json"), "{");
    await writeFile(join(cwd, "foreign.json"), '{ "version": 1, "accepted": [{ "id": "iam/a@b" }] }');
  });

  test.each([
    ["development --artifacts empty", "TOOLKIT_ARTIFACTS_MISSING"],
    ["development --artifacts nowhere", "TOOLKIT_ARTIFACTS_MISSING"],
    ["staging --artifacts build", "TOOLKIT_ARTIFACTS_ENVIRONMENT"],
    ["development --artifacts linked", "TOOLKIT_ARTIFACTS_UNREADABLE"],
    ["development --artifacts build --baseline nowhere.json", "TOOLKIT_BASELINE_MISSING"],
    ["development --artifacts build --baseline torn.json", "ASSURANCE_BASELINE_SYNTAX"],
    ["development --artifacts build --baseline foreign.json", "ASSURANCE_BASELINE_INVALID"],
    ["development --artifacts build --format pdf", "CLI_OPTION_VALUE"],
    ["development --artifacts build --database mysql://localhost", "TOOLKIT_DATABASE_URL"],
    ["development --artifacts build --accept iam/a@b --reason r", "CLI_OPTION_MISSING"],
    ["development --artifacts build --accept iam/a@b --until 2026-12-31", "CLI_OPTION_MISSING"],
    ["development --artifacts build --accept iam/a@b --reason r --until soon", "TOOLKIT_ACCEPT_UNTIL"],
    ["development --artifacts build --accept iam/a@b --reason r --until 2026-01-31", "TOOLKIT_ACCEPT_UNTIL"],
    ["development", "TOOLKIT_DEFINITION_MISSING"],
    ["", "CLI_ARGUMENT_MISSING"],
  ])("check %s: %s", async (line, code) => {
    const { status, stdout, stderr } = await check(...line.split(" ").filter((word) => word !== ""));
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(`error ${code}: `);
  });

  test("two documents do not both go to stdout", async () => {
    const { status, stdout } = await check(
      "development",
      "--artifacts",
      "build",
      "--format",
      "html",
      "--json",
    );
    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "CLI_OPTION_CONFLICT" } });
  });

  test("an override of a deployment needs its reason", async () => {
    const { status, stderr } = await runTenantry(
      ["deploy", "development", "--artifacts", "build", "--override-check", "iam/a", "--yes"],
      { cwd, env: { AWS_ENDPOINT_URL: "http://127.0.0.1:1" } },
    );
    expect(status).toBe(2);
    expect(stderr).toContain("error CLI_OPTION_MISSING: the option --reason is missing");
  });
});

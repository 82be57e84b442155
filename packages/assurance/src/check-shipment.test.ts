import { ManualClock } from "@tenantry/base";
import { describe, expect, test } from "vitest";
import {
  madeUpFiles,
  madeUpNowMs,
  madeUpReport,
  madeUpShipment,
  madeUpTheme,
  proved,
  refuted,
  throwingTheme,
} from "../test/made-up-report.ts";
import { checkShipment } from "./check-shipment.ts";
import { type ThemeCheck, themeChecks } from "./theme-checks.ts";

const checkOf = (
  themes: readonly ThemeCheck[],
  problems: readonly { subject: string; missing: string }[] = [],
) =>
  checkShipment(madeUpShipment({ problems }), {
    files: madeUpFiles,
    digests: [],
    clock: new ManualClock(madeUpNowMs),
    tool: "tenantry 0.1.0",
    themes,
  });

describe("a check", () => {
  test("passes where everything is proved or not applicable", async () => {
    const { outcome, counts, findings } = await checkOf([madeUpTheme("iam", [proved("iam/a", "x")])]);
    expect({ outcome, findings }).toEqual({ outcome: "passed", findings: [] });
    expect(counts).toMatchObject({ refuted: 0, unknown: 0 });
  });

  test.each([
    ["throws", throwingTheme("iam"), "the check broke off: the checker fell over"],
    ["says nothing", madeUpTheme("iam", []), "the check said nothing"],
    [
      "answers for another theme",
      { ...madeUpTheme("iam", [proved("data/a", "x")]) },
      "the check answered for data/a",
    ],
  ] as const)("of a theme that %s is unknown and never a pass", async (_, theme, missing) => {
    const { outcome, findings } = await checkOf([theme]);
    expect(outcome).toBe("failed");
    expect(findings).toMatchObject([{ kind: "unknown", rule: "iam/check-completes", detail: missing }]);
  });

  test("of a shipment with problems is unknown, each of them with its reason", async () => {
    const problems = [{ subject: "placement.json", missing: "the file is not there" }];
    const { outcome, findings } = await checkOf([madeUpTheme("iam", [proved("iam/a", "x")])], problems);
    expect(outcome).toBe("failed");
    expect(findings).toMatchObject([
      { id: "artifacts/readable@placement.json", detail: "the file is not there" },
    ]);
  });

  test("names the themes that nobody looked at, the database among them", async () => {
    const { notLookedAt } = await checkOf([madeUpTheme("iam", [proved("iam/a", "x")])]);
    expect(notLookedAt.map(({ what }) => what)).toContain("database");
    expect(notLookedAt.map(({ what }) => what)).not.toContain("iam");
  });

  test("takes what the auditor of a database said for the theme database", async () => {
    const report = await madeUpReport(madeUpShipment(), {
      themes: [],
      database: [refuted("database/table-grants", "pool.documents", "public may select")],
    });
    expect(report.findings).toMatchObject([{ theme: "database", kind: "refuted" }]);
    const silent = await madeUpReport(madeUpShipment(), { themes: [], database: [] });
    expect(silent).toMatchObject({ outcome: "failed", counts: { unknown: 1 } });
  });

  test("puts what is refuted first, then what is unknown, then what was accepted", async () => {
    const states = (await madeUpReport()).findings.map(({ kind, accepted }) =>
      accepted === null ? kind : "accepted",
    );
    expect(states).toEqual(["refuted", "unknown", "unknown", "unknown", "accepted"]);
  });

  test("finds the line of a resource, of a tenant and of a file", async () => {
    const place = async (subject: string) =>
      (await checkOf([madeUpTheme("iam", [refuted("iam/a", subject, "w")])])).findings[0]?.location;
    const tenantTemplate = "cloudformation/tenant-silo.template.json";
    // The last of that indentation: the resource, not the output of the same name before it.
    const lineOf = (file: string, text: string) =>
      (madeUpFiles[file] ?? "").split("\n").findLastIndex((line) => line.startsWith(text)) + 1;
    const role = { file: tenantTemplate, line: lineOf(tenantTemplate, '    "TaskRole"') };
    expect(role.line).toBeGreaterThan(10);
    expect(await place("tenant/⟨tenant:a⟩/TaskRole")).toEqual(role);
    expect(await place("tenant/acme-corp/TaskRole, statement 2")).toMatchObject({ file: tenantTemplate });
    expect(await place("data/Main")).toEqual({ file: "cloudformation/data.template.json", line: 3 });
    expect(await place("data.template.json/Main")).toEqual({
      file: "cloudformation/data.template.json",
      line: 3,
    });
    expect(await place("globex-inc")).toEqual({
      file: "placement.json",
      line: lineOf("placement.json", '    "globex-inc"'),
    });
    expect(await place("placement.json")).toEqual({ file: "placement.json", line: 1 });
    expect(await place("all tenants of the tier")).toBeNull();
  });

  test("runs every theme that there is", async () => {
    const report = await checkOf(themeChecks);
    expect(report.notLookedAt.map(({ what }) => what)).toEqual(["database"]);
    for (const { theme, load } of themeChecks)
      expect((await load()).rules.filter(({ id }) => !id.startsWith(`${theme}/`))).toEqual([]);
  });
});

import { describe, expect, test } from "vitest";
import { z } from "zod";
import { madeUpReport } from "../../test/made-up-report.ts";
import { sarifReport } from "./sarif-report.ts";

const text = z.strictObject({ text: z.string().min(1) });

/** What the standard requires of what is written here, closed so that nothing else is: sarif-schema-2.1.0.json. */
const sarif = z.strictObject({
  $schema: z.url(),
  version: z.literal("2.1.0"),
  runs: z
    .array(
      z.strictObject({
        tool: z.strictObject({
          driver: z.strictObject({
            name: z.string().min(1),
            version: z.string(),
            rules: z.array(
              z.strictObject({
                id: z.string(),
                shortDescription: text,
                fullDescription: text.optional(),
                help: text.optional(),
                defaultConfiguration: z.strictObject({ level: z.enum(["none", "note", "warning", "error"]) }),
              }),
            ),
          }),
        }),
        invocations: z.array(
          z.strictObject({
            executionSuccessful: z.boolean(),
            endTimeUtc: z.iso.datetime(),
            exitCode: z.int(),
            toolConfigurationNotifications: z.array(
              z.strictObject({ level: z.enum(["none", "note", "warning", "error"]), message: text }),
            ),
          }),
        ),
        columnKind: z.enum(["utf16CodeUnits", "unicodeCodePoints"]),
        automationDetails: z.strictObject({ id: z.string() }),
        results: z.array(
          z.strictObject({
            ruleId: z.string(),
            ruleIndex: z.int().min(0),
            kind: z.enum(["fail", "open"]),
            level: z.enum(["none", "note", "warning", "error"]),
            message: text,
            locations: z
              .array(
                z.strictObject({
                  physicalLocation: z.strictObject({
                    artifactLocation: z.strictObject({ uri: z.string().regex(/^[\w.~!*'()%/-]+$/) }),
                    region: z.strictObject({ startLine: z.int().min(1) }),
                  }),
                  logicalLocations: z.array(
                    z.strictObject({ fullyQualifiedName: z.string(), kind: z.string() }),
                  ),
                }),
              )
              .length(1),
            partialFingerprints: z.record(z.string(), z.string()),
            suppressions: z.array(
              z.strictObject({
                kind: z.enum(["inSource", "external"]),
                status: z.enum(["accepted", "underReview", "rejected"]),
                justification: z.string(),
              }),
            ),
          }),
        ),
      }),
    )
    .length(1),
});

const report = await madeUpReport();

describe("SARIF", () => {
  const read = sarif.parse(JSON.parse(sarifReport(report, ".tenantry/synth/production/")));
  const run = read.runs[0];

  test("has a result for each finding, of a rule of its table, at a line of a file", () => {
    expect(run?.results).toHaveLength(report.findings.length);
    for (const { ruleId, ruleIndex } of run?.results ?? [])
      expect(run?.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
    const role = run?.results.find(({ ruleId }) => ruleId === "iam/roles-reach-own-tenant-only");
    expect(role?.locations[0]?.physicalLocation.artifactLocation.uri).toBe(
      ".tenantry/synth/production/cloudformation/tenant-silo.template.json",
    );
    expect(role?.locations[0]?.physicalLocation.region.startLine).toBeGreaterThan(10);
  });

  test("tells errors from warnings, and suppresses what was accepted with its reason", () => {
    expect(run?.results.map(({ level }) => level)).toEqual([
      "error",
      "warning",
      "warning",
      "warning",
      "error",
    ]);
    expect(run?.results.map(({ suppressions }) => suppressions.length)).toEqual([0, 0, 0, 0, 1]);
    expect(run?.results[4]?.suppressions[0]?.justification).toBe(
      "accepted until 2027-01-31 because the move to the new bucket ends in January",
    );
  });

  test("knows a finding again by its id", () => {
    expect(run?.results.map(({ partialFingerprints }) => partialFingerprints["tenantryFinding/v1"])).toEqual(
      report.findings.map(({ id }) => id),
    );
  });

  test("says in its invocation how the check ended, and which entries of the baseline are out of date", () => {
    expect(run?.invocations[0]).toMatchObject({ exitCode: 1 });
    expect(run?.invocations[0]?.toolConfigurationNotifications.map(({ message }) => message.text)).toEqual(
      report.baseline.notices.map(({ id, text: why }) => `${id}: ${why}`),
    );
  });
});

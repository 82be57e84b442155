import { isCodedError } from "@tenantry/base";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { madeUpReport, madeUpShipment, madeUpTheme, proved, refuted } from "../../test/made-up-report.ts";
import type { CheckFinding } from "../report/check-report.ts";
import { applyBaseline } from "./apply-baseline.ts";
import {
  type BaselineEntry,
  formatBaseline,
  parseBaseline,
  withAccepted,
  emptyBaseline,
} from "./baseline.ts";
import { findingId } from "./finding-id.ts";

const finding = (changes: Partial<CheckFinding> = {}): CheckFinding => ({
  id: "iam/a@x",
  theme: "iam",
  kind: "refuted",
  rule: "iam/a",
  subject: "x",
  detail: "reads y",
  fix: "do not",
  location: null,
  accepted: null,
  ...changes,
});
const entry = (changes: Partial<BaselineEntry> = {}): BaselineEntry => ({
  id: "iam/a@x",
  reason: "because",
  until: "2027-01-31",
  ...changes,
});
const apply = (entries: readonly BaselineEntry[], findings = [finding()], today = "2026-11-21") =>
  applyBaseline(findings, { version: 1, accepted: entries }, { environment: "production", today });
const isAccepted = (entries: readonly BaselineEntry[], findings?: CheckFinding[], today?: string) =>
  apply(entries, findings, today).findings.map(({ accepted }) => accepted !== null);

describe("a baseline", () => {
  test("accepts the finding of an entry, with its reason and its last day, and no other", () => {
    const { findings, notices } = apply([entry()], [finding(), finding({ id: "iam/a@y", subject: "y" })]);
    expect(findings.map(({ accepted }) => accepted)).toEqual([
      { until: "2027-01-31", reason: "because" },
      null,
    ]);
    expect(notices).toEqual([]);
  });

  test("accepts through the last day, and reports the entry afterwards", () => {
    expect(isAccepted([entry()], undefined, "2027-01-31")).toEqual([true]);
    expect(isAccepted([entry()], undefined, "2027-02-01")).toEqual([false]);
    expect(apply([entry()], undefined, "2027-02-01").notices).toMatchObject([{ kind: "expired" }]);
  });

  test("reports an entry that has nothing to accept", () => {
    expect(apply([entry({ id: "iam/b@x" })]).notices).toMatchObject([{ kind: "unmatched", id: "iam/b@x" }]);
  });

  test("says nothing of what is for another environment", () => {
    const { findings, notices } = apply([entry({ environment: "staging" })]);
    expect(findings.map(({ accepted }) => accepted)).toEqual([null]);
    expect(notices).toEqual([]);
    expect(isAccepted([entry({ environment: "production" })])).toEqual([true]);
  });

  test("accepts what was seen, and not what the same rule finds there later", () => {
    const seen = entry({ seen: ["reads y"] });
    const later = [finding(), finding({ detail: "reads z" })];
    expect(isAccepted([seen], later)).toEqual([true, false]);
    expect(apply([seen], later).notices).toMatchObject([{ kind: "changed" }]);
  });

  test("cannot accept what was not read or not checked", () => {
    for (const unreadable of [
      finding({ theme: "artifacts", rule: "artifacts/readable" }),
      finding({ rule: "iam/check-completes" }),
    ]) {
      expect(isAccepted([entry()], [unreadable])).toEqual([false]);
      expect(apply([entry()], [unreadable]).notices).toMatchObject([{ kind: "not-acceptable" }]);
    }
  });

  test("leaves accepted refutations in the report, counted apart", async () => {
    const themes = [madeUpTheme("iam", [proved("iam/b", "x"), refuted("iam/a", "x", "reads y")])];
    const baseline = { path: "b.json", content: { version: 1, accepted: [entry()] } } as const;
    const report = await madeUpReport(madeUpShipment(), { themes, baseline });
    expect(report).toMatchObject({ outcome: "passed", counts: { refuted: 0, accepted: 1 } });
    expect(report.findings).toHaveLength(1);
    expect(report.themes.map(({ counts }) => counts.accepted)).toEqual([0, 1]);
  });

  test.each([
    ["{", "ASSURANCE_BASELINE_SYNTAX"],
    ["[]", "ASSURANCE_BASELINE_INVALID"],
    ['{"version":2,"accepted":[]}', "ASSURANCE_BASELINE_INVALID"],
    ['{"version":1,"accepted":[{"id":"iam/a@x","reason":"r"}]}', "ASSURANCE_BASELINE_INVALID"],
    [
      '{"version":1,"accepted":[{"id":"iam/a@x","reason":"r","until":"2027-02-30"}]}',
      "ASSURANCE_BASELINE_INVALID",
    ],
    [
      '{"version":1,"accepted":[{"id":"iam/a@x","reason":" ","until":"2027-02-20"}]}',
      "ASSURANCE_BASELINE_INVALID",
    ],
    ['{"version":1,"accepted":[{"id":"*","reason":"r","until":"2027-02-20"}]}', "ASSURANCE_BASELINE_INVALID"],
    [
      '{"version":1,"accepted":[{"id":"iam/a@x","reason":"r","until":"2027-02-20","all":true}]}',
      "ASSURANCE_BASELINE_INVALID",
    ],
    [formatBaseline({ version: 1, accepted: [entry(), entry()] }), "ASSURANCE_BASELINE_TWICE"],
  ])("that is wrong is refused: %s", (text, code) => {
    const failure = (() => {
      try {
        return parseBaseline(text, "tenantry.baseline.json");
      } catch (error) {
        return error;
      }
    })();
    expect(isCodedError(failure) ? failure.code : failure).toBe(code);
    expect(String(isCodedError(failure) && failure.message)).toContain("tenantry.baseline.json");
  });

  test("is written as it is read, whatever the order of what was added", () => {
    const entries = [entry({ id: "iam/b@x" }), entry(), entry({ environment: "staging", seen: ["w"] })];
    const one = entries.reduce(withAccepted, emptyBaseline);
    const other = entries.toReversed().reduce(withAccepted, emptyBaseline);
    expect(formatBaseline(one)).toBe(formatBaseline(other));
    expect(formatBaseline(parseBaseline(formatBaseline(one), "x"))).toBe(formatBaseline(one));
    expect(withAccepted(one, entry({ reason: "still" })).accepted).toHaveLength(3);
  });
});

describe("the id of a finding", () => {
  test("is its rule and its subject", () => {
    expect(findingId({ rule: "iam/a", subject: "tenant/⟨tenant:a⟩/Role" })).toBe(
      "iam/a@tenant/⟨tenant:a⟩/Role",
    );
  });

  test("is short, one word, and another one for another subject", () => {
    const subject = fc.string({ unit: "grapheme", maxLength: 400 });
    fc.assert(
      fc.property(subject, subject, (one, other) => {
        const id = findingId({ rule: "iam/a", subject: one });
        expect(id.length).toBeLessThanOrEqual(170);
        expect(id).not.toMatch(/[\s\p{Cc}"'`$\\<>&;|*?]/u);
        if (one !== other) expect(findingId({ rule: "iam/a", subject: other })).not.toBe(id);
      }),
      { numRuns: 1_000 },
    );
  });
});

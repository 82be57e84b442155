import { expect, test } from "vitest";
import { readReport } from "./read-report.ts";

const summary = "==== SUMMARY ====\n\nTest cases:\n  2,000 generated\n".replace(",", "");

test("a run that found nothing has its cases and no findings", () => {
  expect(readReport(`Schemathesis\n${summary}`, 0)).toEqual({ cases: 2_000, findings: [] });
});

test("every failure and every error is a finding, with its operation", () => {
  const output = `
==== ERRORS ====
____ POST /things ____
Runtime Error

the generator broke
==== FAILURES ====
____ GET /things ____
1. Test Case ID: a

- Server error

[500] Internal Server Error:

2. Test Case ID: b

- Undocumented HTTP status code
____ DELETE /things/{id} ____
1. Test Case ID: c

- Use after free
${summary}`;
  const { cases, findings } = readReport(output, 1);
  expect(cases).toBe(2_000);
  expect(findings.map((finding) => finding.split("\n")[0])).toEqual([
    "POST /things",
    "GET /things",
    "GET /things",
    "DELETE /things/{id}",
  ]);
  expect(findings[1]).toContain("Server error");
});

test("a run that broke is a finding, whatever it said", () => {
  expect(readReport("Traceback (most recent call last)", 2).findings[0]).toContain("Traceback");
  expect(readReport(summary, 1).findings).toHaveLength(1);
  expect(readReport("", null).findings).toHaveLength(1);
});

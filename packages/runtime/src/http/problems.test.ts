import { expect, test } from "vitest";
import { problemBody, ProblemError, problemCodes, problemTable, problemType } from "./problems.ts";

test("the table of problems is what clients were promised", async () => {
  const lines = problemCodes.map((code) => {
    const { status, title, detail } = problemTable[code];
    return `${status} ${code}\n    ${problemType(code)}\n    ${title}: ${detail}\n`;
  });
  await expect(lines.join("\n")).toMatchFileSnapshot("problems.golden.txt");
});

test("a detail is lower case and without a full stop", () => {
  for (const code of problemCodes) expect(problemTable[code].detail, code).toMatch(/^[a-zA-Z].*[^.]$/);
});

test("the reason is for the log and not for the client", () => {
  const problem = new ProblemError("TOKEN_INVALID", { reason: "its kid is not known" });
  expect(JSON.stringify(problemBody(problem, "id"))).not.toContain("kid");
});

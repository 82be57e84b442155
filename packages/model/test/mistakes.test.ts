import { isCodedError } from "@tenantry/base";
import { describe, expect, test } from "vitest";
import { errors, parseDefinition, problemsIn, problemsOf, resolve } from "../src/index.ts";
import { brokenDefinitions } from "./broken-definitions.ts";
import { validDefinition } from "./valid-definition.ts";

describe("mistakes", () => {
  test("the definition that the broken ones are made of has none", () => {
    expect(problemsIn(validDefinition())).toEqual([]);
  });

  test("every broken definition is reported with code, place, value and fix", async () => {
    const report = brokenDefinitions().map(({ title, definition }) => {
      const problems = problemsIn(definition);
      const lines = problems.map(({ code, message, fix }) => `  ${code}\n    ${message}\n    fix: ${fix}`);
      return `${title}\n${lines.join("\n")}\n`;
    });
    await expect(report.join("\n")).toMatchFileSnapshot("mistakes.golden.txt");
  });

  test.each(brokenDefinitions())("$title: is found and nothing else is invented", ({ title, definition }) => {
    const problems = problemsIn(definition);
    expect(problems.length).toBeGreaterThanOrEqual(1);
    if (title === "several mistakes at once") expect(problems.map(({ path }) => path)).toHaveLength(4);
    else expect(problems.length, JSON.stringify(problems, undefined, 1)).toBe(expectedCounts[title] ?? 1);
  });

  test("at least eighty different messages come from the broken definitions", () => {
    const all = brokenDefinitions().flatMap(({ definition }) => problemsIn(definition));
    expect(new Set(all.map(({ message }) => message)).size).toBeGreaterThanOrEqual(80);
  });

  test("every code of a definition's mistakes is provoked by a broken definition", () => {
    const provoked = new Set(
      brokenDefinitions().flatMap(({ definition }) => problemsIn(definition).map(({ code }) => code)),
    );
    const others = errors.codes.filter((code) => !provoked.has(code));
    // The first is the sum of the others; locks, placements and sizes have tests of their own.
    expect(others).toEqual([
      "MODEL_INVALID_DEFINITION",
      "MODEL_LOCK_FIELD",
      "MODEL_LOCK_SLOT_TWICE",
      "MODEL_LOCK_SYNTAX",
      "MODEL_LOCK_VERSION",
      "MODEL_PLACEMENT_CONFLICT",
      "MODEL_PLACEMENT_MOVED",
      "MODEL_TOO_LARGE",
    ]);
  });

  test("an invalid definition throws one coded error that carries all mistakes", () => {
    const { definition } =
      brokenDefinitions().find(({ title }) => title === "several mistakes at once") ?? {};
    const attempts = [() => parseDefinition(definition), () => resolve(definition as never, "production")];
    for (const attempt of attempts) {
      const error = thrownBy(attempt);
      if (!isCodedError(error)) throw error;
      expect(error.code).toBe("MODEL_INVALID_DEFINITION");
      expect(problemsOf(error)).toEqual(problemsIn(definition));
      expect(error.message).toContain("the definition has 4 mistakes");
      for (const problem of problemsOf(error)) expect(error.message).toContain(problem.message);
    }
  });

  test("an environment that does not exist is named with the one that was meant", () => {
    const error = thrownBy(() => resolve(parseDefinition(validDefinition()), "prodcution"));
    expect(error).toMatchObject({
      code: "MODEL_UNKNOWN_ENVIRONMENT",
      fix: 'did you mean "production"? known: staging, production',
    });
  });
});

/** Where one change is more than one mistake. */
const expectedCounts: Readonly<Record<string, number>> = {
  // So short a name has no room for the environment either.
  "a bucket name that is too short": 2,
  // Both services want one.
  "no way out for services that want one": 2,
  // Both tenants' ids are longer.
  "a tenant id longer than the platform allows": 2,
  // The second bucket is shared in a tier of which its name knows nothing.
  "two buckets whose names meet for two tenants": 2,
};

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

import { type CodedError, defineErrors } from "@tenantry/base";
import { contradictionErrors } from "./errors/contradiction-errors.ts";
import { meaningErrors } from "./errors/meaning-errors.ts";
import { row } from "./errors/row.ts";
import { shapeErrors } from "./errors/shape-errors.ts";
import { valueErrors } from "./errors/value-errors.ts";
import type { Problem } from "./problem.ts";

/** Every expected failure of this package. The rows stand by what they are about; this is the one table. */
export const errors = defineErrors({
  MODEL_INVALID_DEFINITION: row(
    ({ problems }: { problems: readonly Problem[] }) =>
      `the definition has ${problems.length} mistake${problems.length === 1 ? "" : "s"}\n` +
      problems.map((problem) => `  ${problem.message}\n    fix: ${problem.fix}`).join("\n"),
    ({ problems }) => problems[0]?.fix ?? "mend the definition",
  ),
  ...shapeErrors,
  ...valueErrors,
  ...meaningErrors,
  ...contradictionErrors,
});

/** The mistakes that a `MODEL_INVALID_DEFINITION` carries; none for any other error. */
export function problemsOf(error: CodedError): readonly Problem[] {
  return error.code === "MODEL_INVALID_DEFINITION" ? (error.params["problems"] as readonly Problem[]) : [];
}

import type { CodedError } from "@tenantry/base";
import type { Mistake, Path } from "../problem.ts";

/** Collects mistakes; the steps of a resolution go on after one so that all are found. */
export type Report = (path: Path, error: CodedError) => void;

export function collect(mistakes: Mistake[]): Report {
  return (path, error) => {
    mistakes.push({ path, error });
  };
}

import { stableJson } from "@tenantry/base";
import type { CheckReport } from "./check-report.ts";

/** The whole report, with its keys in one order. Printed on a terminal it moves no cursor: such characters are escaped. */
export function jsonReport(report: CheckReport): string {
  return `${safeJson(report)}\n`;
}

/** JSON of plain ASCII where a terminal or a reviewer would see something else than what is there. */
export function safeJson(value: unknown): string {
  return stableJson(value).replaceAll(/[\u007f-\u009f\u2028\u2029]|\p{Cf}/gu, (character) =>
    character
      .split("")
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}

import type { CheckReport } from "./check-report.ts";
import { htmlReport } from "./html-report.ts";
import { jsonReport } from "./json-report.ts";
import { markdownReport } from "./markdown-report.ts";
import { sarifReport } from "./sarif-report.ts";
import { plainStyle, type ReportStyle, textReport } from "./text-report.ts";

export const reportFormats = ["text", "json", "sarif", "markdown", "html"] as const;

export type ReportFormat = (typeof reportFormats)[number];

export interface ReportOptions {
  /** For text; without it nothing is coloured. */
  readonly style?: ReportStyle | undefined;
  /** The folder of the artifacts, as the repository knows it, with a slash at its end: SARIF's paths begin with it. */
  readonly folder?: string | undefined;
}

/** The report in a format, with a line end at its end. */
export function writeReport(report: CheckReport, format: ReportFormat, options: ReportOptions = {}): string {
  switch (format) {
    case "text":
      return textReport(report, options.style ?? plainStyle);
    case "json":
      return jsonReport(report);
    case "sarif":
      return sarifReport(report, options.folder);
    case "markdown":
      return markdownReport(report);
    case "html":
      return htmlReport(report);
  }
}

// The check of a shipment and its reports. Apart from the index, because a server that only audits its database loads that.
export { isAcceptable } from "./baseline/apply-baseline.ts";
export {
  type Baseline,
  baselineFileName,
  type BaselineEntry,
  emptyBaseline,
  formatBaseline,
  parseBaseline,
  withAccepted,
} from "./baseline/baseline.ts";
export { type CheckOptions, checkShipment } from "./check-shipment.ts";
export type * from "./report/check-report.ts";
export { costPicture } from "./report/cost-picture.ts";
export type { ReportStyle } from "./report/text-report.ts";
export { type ReportFormat, reportFormats, writeReport } from "./report/write-report.ts";
export { type LoadedTheme, type ReportedTheme, type ThemeCheck, themeChecks } from "./theme-checks.ts";

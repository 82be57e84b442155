import { countedText, countsText } from "./counts-text.ts";
import type { CheckCounts, CheckedTheme, CheckFinding, CheckReport } from "./check-report.ts";
import { visibleText } from "./visible-text.ts";

type Paint = (text: string) => string;

/** Colours text, or leaves it as it is. */
export interface ReportStyle {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly yellow: Paint;
  readonly green: Paint;
  readonly cyan: Paint;
}

const unchanged: Paint = (text) => text;

export const plainStyle: ReportStyle = Object.freeze({
  bold: unchanged,
  dim: unchanged,
  red: unchanged,
  yellow: unchanged,
  green: unchanged,
  cyan: unchanged,
});

/** The report for a terminal: what is wrong first, one line for each theme, one line with the verdict. */
export function textReport(report: CheckReport, style: ReportStyle = plainStyle): string {
  const { platform, environment, tenants, findings, themes, baseline, notLookedAt } = report;
  const name = `${visibleText(platform)} ${visibleText(environment)}`;
  const names = [...themes.map(({ theme }) => theme), ...notLookedAt.map(({ what }) => what)];
  const width = Math.max(...names.map((one) => one.length));
  const lines = [
    `${style.bold(name)}, ${countedText(tenants, "tenant")}`,
    "",
    ...findings.flatMap((finding) => [...findingLines(finding, style), ""]),
    ...baseline.notices.map(({ id, text }) => style.yellow(`! ${visibleText(id)}: ${text}`)),
    ...(baseline.notices.length > 0 ? [""] : []),
    ...themes.map((theme) => themeLine(theme, width, style)),
    ...notLookedAt.map(({ what, because }) =>
      style.dim(`  ${what.padEnd(width)}  not looked at: ${because}`),
    ),
    "",
    verdictLine(report, style),
  ];
  return `${lines.join("\n")}\n`;
}

function findingLines(finding: CheckFinding, style: ReportStyle): readonly string[] {
  const { id, rule, subject, kind, detail, fix, location, accepted } = finding;
  const [sign, paint] =
    accepted !== null
      ? (["~", style.dim] as const)
      : kind === "refuted"
        ? (["✖", style.red] as const)
        : (["?", style.yellow] as const);
  const isWhole = id === `${rule}@${subject}`;
  return [
    paint(`${sign} ${visibleText(id)}`),
    ...(isWhole ? [] : [`    of ${visibleText(subject)}`]),
    ...(accepted === null
      ? []
      : [`    accepted until ${accepted.until} because ${visibleText(accepted.reason)}`]),
    `    ${kind === "unknown" ? "not known: " : ""}${visibleText(detail)}`,
    ...(location === null ? [] : [style.dim(`    ${visibleText(location.file)}:${location.line}`)]),
    ...(fix === null || accepted !== null ? [] : [`    ${style.cyan("→")} ${visibleText(fix)}`]),
  ];
}

function themeLine({ theme, counts, durationMs }: CheckedTheme, width: number, style: ReportStyle): string {
  return `${themeSign(counts, style)} ${theme.padEnd(width)}  ${countsText(counts)} ${style.dim(`· ${durationMs} ms`)}`;
}

function themeSign({ refuted, unknown, accepted, proved }: CheckCounts, style: ReportStyle): string {
  if (refuted > 0) return style.red("✖");
  if (unknown > 0) return style.yellow("?");
  if (accepted > 0) return style.dim("~");
  return proved > 0 ? style.green("✔") : style.dim("–");
}

function verdictLine({ outcome, counts }: CheckReport, style: ReportStyle): string {
  const text = countsText(counts);
  if (outcome === "passed") return style.green(`✔ ${text}`);
  return counts.refuted > 0 ? style.red(`✖ ${text}`) : style.yellow(`? ${text}`);
}

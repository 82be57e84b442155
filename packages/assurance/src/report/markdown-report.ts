import { countHeads, countedText, countsText } from "./counts-text.ts";
import type { CheckFinding, CheckReport } from "./check-report.ts";
import { ruleSentence, themeWords } from "./theme-words.ts";
import { visibleText } from "./visible-text.ts";

/** The report for a comment on a pull request. */
export function markdownReport(report: CheckReport): string {
  const { platform, environment, tenants, findings, baseline, outcome, counts } = report;
  const open = findings.filter(({ accepted }) => accepted === null);
  const refuted = open.filter(({ kind }) => kind === "refuted");
  const unknown = open.filter(({ kind }) => kind === "unknown");
  const accepted = findings.filter((finding) => finding.accepted !== null);
  const sections = [
    `## ${outcome === "passed" ? "✅" : "❌"} Check of ${plain(platform)} ${plain(environment)}`,
    `**${countsText(counts)}**, for ${countedText(tenants, "tenant")} and any other that the tiers take.`,
    themeTable(report),
    ...section("Refuted", refuted),
    ...section("Unknown", unknown),
    ...(accepted.length === 0
      ? []
      : [
          `<details><summary>Accepted for a time: ${accepted.length}</summary>`,
          accepted.map(findingItem).join("\n"),
          "</details>",
        ]),
    ...(baseline.notices.length === 0
      ? []
      : [
          "### Entries of the baseline that are out of date",
          baseline.notices.map(({ id, text }) => `- ${code(id)}: ${plain(text)}`).join("\n"),
        ]),
    ...(report.notLookedAt.length === 0 ? [] : [notLookedAtLine(report)]),
    `<sub>${plain(report.tool)} · ${plain(report.checkedAt)}</sub>`,
  ];
  return `${sections.join("\n\n")}\n`;
}

function themeTable({ themes }: CheckReport): string {
  const rows = themes.map(({ theme, counts }) => {
    const isGood = counts.refuted + counts.unknown === 0;
    const cells = countHeads.map(([key]) => String(counts[key]));
    return `| ${isGood ? "✅" : "❌"} ${themeWords[theme].title} | ${cells.join(" | ")} |`;
  });
  return [
    `| theme | ${countHeads.map(([, head]) => head).join(" | ")} |`,
    `| --- | ${countHeads.map(() => "---:").join(" | ")} |`,
    ...rows,
  ].join("\n");
}

const section = (title: string, findings: readonly CheckFinding[]): readonly string[] =>
  findings.length === 0 ? [] : [`### ${title}`, findings.map(findingItem).join("\n")];

function findingItem(finding: CheckFinding): string {
  const { id, rule, subject, detail, fix, location, accepted, kind } = finding;
  return [
    `- **${plain(ruleSentence(rule))}**: ${code(subject)}`,
    ...(accepted === null ? [] : [`  - accepted until ${accepted.until} because ${plain(accepted.reason)}`]),
    `  - ${kind === "unknown" ? "not known: " : ""}${plain(detail)}`,
    ...(fix === null ? [] : [`  - fix: ${plain(fix)}`]),
    `  - ${location === null ? "" : `${code(`${location.file}:${location.line}`)}, `}id ${code(id)}`,
  ].join("\n");
}

function notLookedAtLine({ notLookedAt }: CheckReport): string {
  return `Not looked at: ${notLookedAt.map(({ what, because }) => `${what} (${because})`).join("; ")}.`;
}

/** Text in which nothing is markup, a link or a mention: of these a space without width makes text again. */
function plain(text: string): string {
  return visibleText(text)
    .replaceAll(/[\\`*_{}[\]()#!|~]/g, String.raw`\$&`)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("@", "@&#8203;")
    .replaceAll("://", ":&#47;/");
}

/** The text as it is, in a fence longer than any that it holds. */
function code(text: string): string {
  // A bar would end the cell of a table, whatever the fence.
  const shown = visibleText(text).replaceAll("|", "¦");
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const space = longest > 0 ? " " : "";
  return `${fence}${space}${shown}${space}${fence}`;
}

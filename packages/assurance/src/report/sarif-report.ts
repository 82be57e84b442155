import type { CheckFinding, CheckReport, RuleText } from "./check-report.ts";
import { safeJson } from "./json-report.ts";
import { ruleSentence } from "./theme-words.ts";
import { visibleText } from "./visible-text.ts";

/** Where a result stands that is about no line: code scanning shows nothing without a place. */
const wholeShipment = { file: "cloudformation/manifest.json", line: 1 };

/**
 * SARIF 2.1.0 for code scanning (https://docs.oasis-open.org/sarif/sarif/v2.1.0/). What is refuted is an error, what is
 * unknown a warning, and what was accepted is suppressed with its reason.
 *
 * @param folder the folder of the artifacts, as the repository knows it: `build/`; the paths of results begin with it
 */
export function sarifReport(report: CheckReport, folder = ""): string {
  const { findings, baseline, checkedAt, tool, outcome } = report;
  const [name = "", version = ""] = tool.split(" ");
  const rules = [...new Set(findings.map(({ rule }) => rule))].sort();
  const ruleIndexes = new Map(rules.map((rule, index) => [rule, index]));
  return `${safeJson({
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name,
            version,
            rules: rules.map((rule) => ruleOf(rule, report.rules[rule], findings)),
          },
        },
        invocations: [
          {
            executionSuccessful: true,
            endTimeUtc: checkedAt,
            exitCode: outcome === "passed" ? 0 : 1,
            toolConfigurationNotifications: baseline.notices.map(({ id, text }) => ({
              level: "warning",
              message: { text: `${visibleText(id)}: ${text}` },
            })),
          },
        ],
        columnKind: "utf16CodeUnits",
        automationDetails: { id: `tenantry/${report.platform}/${report.environment}/` },
        results: findings.map((finding) => resultOf(finding, ruleIndexes.get(finding.rule) ?? 0, folder)),
      },
    ],
  })}\n`;
}

function ruleOf(rule: string, text: RuleText | undefined, findings: readonly CheckFinding[]) {
  const fix = text?.fix ?? findings.find((one) => one.rule === rule && one.fix !== null)?.fix;
  return {
    id: rule,
    shortDescription: { text: ruleSentence(rule) },
    ...(text === undefined ? {} : { fullDescription: { text: text.why } }),
    ...(fix === undefined || fix === null ? {} : { help: { text: visibleText(fix) } }),
    defaultConfiguration: { level: "error" },
  };
}

function resultOf(finding: CheckFinding, ruleIndex: number, folder: string) {
  const { id, rule, kind, subject, detail, fix, accepted } = finding;
  const { file, line } = finding.location ?? wholeShipment;
  const what = kind === "unknown" ? `not known: ${detail}` : detail;
  return {
    ruleId: rule,
    ruleIndex,
    kind: "fail",
    level: kind === "refuted" ? "error" : "warning",
    message: { text: visibleText(`${subject}: ${what}${fix === null ? "" : ` Fix: ${fix}`}`) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(`${folder}${file}`) },
          region: { startLine: line },
        },
        logicalLocations: [{ fullyQualifiedName: visibleText(subject), kind: "resource" }],
      },
    ],
    partialFingerprints: { "tenantryFinding/v1": id },
    suppressions:
      accepted === null
        ? []
        : [
            {
              kind: "external",
              status: "accepted",
              justification: visibleText(`accepted until ${accepted.until} because ${accepted.reason}`),
            },
          ],
  };
}

/** A relative reference: what is no letter, digit or `-._~/` is percent-encoded. */
const uriOf = (path: string) => visibleText(path).split("/").map(encodeURIComponent).join("/");

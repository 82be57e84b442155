import type { Platform } from "@tenantry/model";
import type { Shipment, ShippedFiles } from "../artifacts/shipment.ts";
import { type Finding, judge, notApplicable, refuted, type Rule, unknown } from "../rule.ts";
import type { Matrix, ThemeResult } from "../theme-result.ts";
import { boundFindings } from "./bound-findings.ts";
import type { ForeignRule } from "./evidence.ts";
import { type Pack, type PackFinding, type PackRule, packs } from "./foreign/packs.ts";
import { type PackReport, runPacks } from "./foreign/run-packs.ts";
import { templatesOf } from "./foreign/shipped-template.ts";
import { type TemplateReport, validateTemplate } from "./foreign/validate-template.ts";
import { judgePosture } from "./judge-posture.ts";
import { postureRules } from "./own-rules.ts";

/** The verdicts of posture, and what AWS's and cdk-nag's rules looked at one by one, which is evidence for auditors. */
export interface PostureResult extends ThemeResult {
  readonly foreign: readonly ForeignRule[];
}

/**
 * All rules of posture: our own, AWS's validator in strict mode, and four packs of cdk-nag. The foreign ones look at the templates
 * as they are written, not at the constructs that they came from: somebody may have edited them.
 */
export async function checkPosture(shipment: Shipment, files: ShippedFiles): Promise<PostureResult> {
  const own = judgePosture(shipment, files);
  const templates = templatesOf(files, regionsOf(shipment));
  const reports = templates.map((template) => validateTemplate(template));
  const report = await runPacks(templates);
  const { environment, definition } = shipment;
  const verdicts = [
    ...own.verdicts,
    ...judge(validatorRule, environment, reports),
    ...packs.flatMap((pack) => judge(ruleOf(pack), environment, report, definition)),
  ];
  return {
    theme: "posture",
    verdicts,
    matrices: [...own.matrices, matrixOf(reports, report)],
    foreign: report.rules.map((rule) => foreignOf(rule)),
  };
}

/** The region of each template's stacks. */
function regionsOf({ shared, tiers }: Shipment): ReadonlyMap<string, string> {
  return new Map([...shared, ...tiers].map(({ template, region }) => [template, region]));
}

const validatorRule: Rule<readonly [readonly TemplateReport[]]> = {
  id: "posture/aws-validator",
  why: "What AWS's own validator has against a template stops the deployment half way, or is deprecated or unsafe.",
  fix: "Change what the message says, in the definition or the generator.",
  judge: (reports) => {
    if (reports.length === 0) return [notApplicable("cloudformation", "no templates are shipped")];
    return boundFindings(
      reports.flatMap(({ file, isComplete, findings }) => [
        ...findings.map(({ rule, logicalId, message }) =>
          refuted(logicalId === null ? file : `${file}/${logicalId}`, `${rule}: ${message}`),
        ),
        ...(isComplete || findings.length > 0
          ? []
          : [unknown(file, "the validator could not look at all of it, and may have missed something")]),
      ]),
    );
  },
};

function ruleOf(pack: Pack): Rule<readonly [PackReport, Platform]> {
  return {
    id: `posture/${pack.id}`,
    why: `A rule of ${pack.version} that does not hold and that nobody answered for is a hole, or a question of an auditor.`,
    fix: "Change the resource, or acknowledge the rule with a reason where the resource is made.",
    judge: (report, definition) => judgePack(pack, report, definition),
  };
}

/** What every rule of `checkPosture` says of itself, our own first. */
export const checkedRules: readonly Pick<Rule<readonly never[]>, "id" | "why" | "fix">[] = [
  ...postureRules,
  validatorRule,
  ...packs.map((pack) => ruleOf(pack)),
].map(({ id, why, fix }) => ({ id, why, fix }));

function judgePack(pack: Pack, report: PackReport, definition: Platform): readonly Finding[] {
  const excuse = whyNotAsked(pack, definition);
  const rules = report.rules.filter((rule) => rule.pack === pack.name);
  const unread = Object.entries(report.unread).map(([file, why]) => unknown(file, why));
  const open = rules.flatMap(({ findings }) => findings.filter(({ kind }) => kind !== "acknowledged"));
  const infoOf = new Map(rules.map(({ id, info }) => [id, info]));
  const wrong = excuse === null ? open.map((finding) => findingOf(finding, infoOf)) : [];
  return [
    ...boundFindings(wrong),
    ...unread,
    ...(excuse === null ? [] : rules.flatMap((rule) => noteOf(rule, excuse))),
    ...rules.flatMap((rule) => acknowledgedNotes(rule)),
  ];
}

/** Why what a pack finds is no failure; null where it is one. */
function whyNotAsked({ askedBy, version }: Pack, { compliance, dataProtection }: Platform): string | null {
  if (askedBy === "always")
    return dataProtection === "disposable" ? 'the environment says dataProtection: "disposable"' : null;
  if (askedBy !== null && compliance.includes(askedBy)) return null;
  return askedBy === null
    ? `a definition cannot ask for ${version}`
    : `the definition's compliance does not name ${askedBy}`;
}

function findingOf(
  { subject, rule, kind, detail }: PackFinding,
  infoOf: ReadonlyMap<string, string>,
): Finding {
  const info = infoOf.get(rule.split("[")[0] ?? rule) ?? "";
  return kind === "threw"
    ? unknown(subject, `${rule} could not look at it: ${detail ?? ""}`)
    : refuted(subject, `${rule}: ${info}`);
}

/** What a pack finds that nobody asked for, counted. */
function noteOf({ id, info, findings }: PackRule, excuse: string): readonly Finding[] {
  const open = findings.filter(({ kind }) => kind !== "acknowledged");
  if (open.length === 0) return [];
  const where = [...new Set(open.map(({ subject }) => subject))];
  const named = where.slice(0, 3).join(", ");
  const more = where.length > 3 ? ` and ${where.length - 3} more` : "";
  return [notApplicable(id, `${excuse}; of ${where.length} resources, ${named}${more}, it says: ${info}`)];
}

/** Each reason once, with the resources that it is given for. */
function acknowledgedNotes({ findings }: PackRule): readonly Finding[] {
  const byReason = new Map<string, PackFinding[]>();
  for (const finding of findings) {
    if (finding.kind !== "acknowledged") continue;
    const key = finding.detail ?? "";
    byReason.set(key, [...(byReason.get(key) ?? []), finding]);
  }
  return [...byReason.values()].map((same) => {
    const [first] = same;
    const named = [...new Set(same.map(({ subject }) => subject))].slice(0, 3).join(", ");
    return notApplicable(
      first?.rule.split("[")[0] ?? "",
      `acknowledged for ${same.length} resource${same.length === 1 ? "" : "s"} (${named}): ${first?.detail ?? ""}`,
    );
  });
}

function foreignOf({ pack, id, info, controls, looked, findings }: PackRule): ForeignRule {
  const of = (kind: PackFinding["kind"]) => findings.filter((finding) => finding.kind === kind);
  return {
    pack,
    id,
    info,
    controls,
    looked,
    broken: of("broken").map(({ subject }) => subject),
    threw: of("threw").map(({ subject }) => subject),
    acknowledged: of("acknowledged").map(({ subject, rule, detail }) => ({
      subject,
      rule,
      reason: detail ?? "",
    })),
  };
}

function matrixOf(reports: readonly TemplateReport[], { rules, resources }: PackReport): Matrix {
  const validated = reports.flatMap(({ findings }) => findings).length;
  return {
    title: "Posture: foreign rules",
    columns: ["rules of", "rules", "checks", "open", "acknowledged"],
    rows: [
      [
        "AWS CloudFormation Validate",
        String(Math.max(0, ...reports.map((one) => one.rules))),
        `${reports.length} templates`,
        String(validated),
        "0",
      ],
      ...packs.map(({ name, version }) => {
        const own = rules.filter(({ pack }) => pack === name);
        const findings = own.flatMap((rule) => rule.findings);
        const acknowledged = findings.filter(({ kind }) => kind === "acknowledged").length;
        const looked = own.reduce((sum, rule) => sum + rule.looked, 0);
        return [
          `cdk-nag: ${version}`,
          String(own.length),
          String(looked),
          String(findings.length - acknowledged),
          String(acknowledged),
        ];
      }),
    ],
    legend: { checks: `of ${resources} resources`, open: "does not hold, and nobody says why" },
  };
}

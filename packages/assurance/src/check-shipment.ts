import type { Clock } from "@tenantry/base";
import type { Shipment, ShippedFiles } from "./artifacts/shipment.ts";
import { applyBaseline, completionRule } from "./baseline/apply-baseline.ts";
import { type Baseline, emptyBaseline } from "./baseline/baseline.ts";
import { findingId } from "./baseline/finding-id.ts";
import { evidenceReport, type ForeignRule } from "./posture/evidence.ts";
import type {
  CheckCounts,
  CheckedFile,
  CheckedTheme,
  CheckFinding,
  CheckReport,
  NotLookedAt,
  CostPicture,
  ReportTheme,
} from "./report/check-report.ts";
import { databaseRules } from "./isolation/database/audit-catalogue.ts";
import { locateIn } from "./report/locate-subject.ts";
import type { Theme } from "./rule.ts";
import { type ReportedTheme, type RuleWords, type ThemeCheck, themeChecks } from "./theme-checks.ts";
import type { Verdict } from "./verdict.ts";

export interface CheckOptions {
  /** The text of what was read, for the lines of findings. */
  readonly files: ShippedFiles;
  readonly digests: readonly CheckedFile[];
  readonly clock: Clock;
  /** Name and version of what checks. */
  readonly tool: string;
  readonly baseline?: { readonly path: string; readonly content: Baseline } | undefined;
  /** What the auditor of the databases said; without it they are reported as not looked at. */
  readonly database?: readonly Verdict[] | undefined;
  readonly cost?: CostPicture | undefined;
  readonly themes?: readonly ThemeCheck[] | undefined;
  /** Told before each theme begins and after it has ended. */
  readonly onTheme?: ((theme: ReportTheme, ended: CheckedTheme | null) => void) | undefined;
}

/**
 * Judges everything that is shipped.
 *
 * Nothing is a pass that was not looked at: a theme that throws, that says nothing, or that speaks of another theme than
 * its own is unknown, and so is everything of the shipment that could not be read.
 */
export async function checkShipment(shipment: Shipment, options: CheckOptions): Promise<CheckReport> {
  const { clock, files, digests, tool, baseline, database, themes = themeChecks } = options;
  const checkedAt = new Date(clock.nowMs()).toISOString();
  const ran = [
    await runTheme("artifacts", () => artifactsResult(shipment), options),
    ...(await runThemes(themes, shipment, options)),
    ...(database === undefined ? [] : [await runTheme("database", () => databaseResult(database), options)]),
  ];
  const locate = locateIn(shipment, files);
  const found = ran.flatMap(({ theme, verdicts }) =>
    verdicts.flatMap((verdict) => findingOf(theme, verdict, locate)),
  );
  const judged = applyBaseline(found, baseline?.content ?? emptyBaseline, {
    environment: shipment.environment,
    today: checkedAt.slice(0, "2027-01-31".length),
  });
  const counts = countsOf(
    ran.flatMap(({ verdicts }) => verdicts),
    judged.findings,
  );
  return {
    kind: "check-report",
    version: 1,
    tool,
    checkedAt,
    platform: shipment.platform,
    environment: shipment.environment,
    account: shipment.account,
    region: shipment.region,
    tenants: shipment.tenants.size,
    tiers: [...new Set(shipment.tiers.map(({ tier }) => tier))],
    outcome: counts.refuted + counts.unknown === 0 ? "passed" : "failed",
    counts,
    themes: ran.map(({ rules: _, foreign: __, ...one }) => ({
      ...one,
      counts: countsOf(
        one.verdicts,
        judged.findings.filter(({ theme }) => theme === one.theme),
      ),
    })),
    findings: worstFirst(judged.findings),
    rules: Object.assign({}, ...ran.map(({ rules }) => rules)) as CheckReport["rules"],
    baseline: { path: baseline?.path ?? null, notices: judged.notices },
    files: digests,
    evidence: evidenceOf(shipment, ran),
    cost: options.cost ?? null,
    notLookedAt: notLookedAt(new Set(ran.map(({ theme }) => theme))),
  };
}

interface RunTheme extends Omit<CheckedTheme, "counts"> {
  readonly rules: CheckReport["rules"];
  /** Null where the theme has no rules of others. */
  readonly foreign: readonly ForeignRule[] | null;
}

/** What a theme said, and what its rules say of themselves. */
interface Said extends Omit<ReportedTheme, "theme"> {
  readonly rules: readonly RuleWords[];
}

/** One after the other: each may take much memory for as long as it works. */
async function runThemes(
  themes: readonly ThemeCheck[],
  shipment: Shipment,
  options: CheckOptions,
): Promise<readonly RunTheme[]> {
  const ran: RunTheme[] = [];
  for (const one of themes)
    ran.push(await runTheme(one.theme, () => resultOf(one, shipment, options.files), options));
  return ran;
}

async function runTheme(
  theme: ReportTheme,
  work: () => Said | Promise<Said>,
  { clock, onTheme }: CheckOptions,
): Promise<RunTheme> {
  onTheme?.(theme, null);
  const startedMs = clock.monotonicMs();
  const { verdicts, matrices, notes = [], foreign = null, rules } = await work();
  const durationMs = Math.round(clock.monotonicMs() - startedMs);
  const counts = countsOf(verdicts, []);
  onTheme?.(theme, { theme, verdicts, matrices, notes, durationMs, counts });
  const texts = Object.fromEntries(rules.map(({ id, why, fix }) => [id, { why, fix }]));
  return { theme, verdicts, matrices, notes, foreign, durationMs, rules: texts };
}

/** What the verdicts say to controls of frameworks; null where the theme that knows them did not run. */
function evidenceOf(shipment: Shipment, ran: readonly RunTheme[]): CheckReport["evidence"] {
  const foreign = ran.find((one) => one.foreign !== null)?.foreign ?? null;
  if (foreign === null) return null;
  const results = ran.flatMap(({ theme, verdicts, matrices }) =>
    theme === "artifacts" ? [] : [{ theme, verdicts, matrices }],
  );
  return evidenceReport(shipment, results, foreign).frameworks;
}

/** Every theme that there is. The compiler holds it to the type. */
const allThemes: Readonly<Record<Theme, string>> = {
  iam: "no check of IAM ran",
  network: "no check of the network ran",
  routing: "no check of routing ran",
  names: "no check of names ran",
  data: "no check of stored data ran",
  quotas: "no check of quotas ran",
  posture: "no check of the posture ran",
  recoverability: "no check of recoverability ran",
  database: "no database was named; its own catalogue says whether it keeps tenants apart",
};

function notLookedAt(ran: ReadonlySet<ReportTheme>): readonly NotLookedAt[] {
  return (Object.keys(allThemes) as readonly Theme[])
    .filter((theme) => !ran.has(theme))
    .map((theme) => ({ what: theme, because: allThemes[theme] }));
}

const readableRule = "artifacts/readable";

function artifactsResult({ problems, platform, environment }: Shipment): Said {
  const readable: Verdict = { kind: "proved", rule: readableRule, subject: `${platform} ${environment}` };
  const unreadable = problems.map(({ subject, missing }): Verdict => ({
    kind: "unknown",
    rule: readableRule,
    subject,
    missing,
  }));
  return { verdicts: problems.length === 0 ? [readable] : unreadable, matrices: [], rules: [] };
}

async function resultOf({ theme, load }: ThemeCheck, shipment: Shipment, files: ShippedFiles): Promise<Said> {
  const incomplete = (missing: string): Verdict => ({
    kind: "unknown",
    rule: `${theme}/${completionRule}`,
    subject: theme,
    missing,
  });
  try {
    const { check, rules } = await load();
    const said = { ...(await check(shipment, files)), rules };
    const { verdicts } = said;
    if (verdicts.length === 0) return { ...said, verdicts: [incomplete("the check said nothing")] };
    const strange = verdicts.find(({ rule }) => !rule.startsWith(`${theme}/`));
    if (strange === undefined) return said;
    const other = incomplete(`the check answered for ${strange.rule}`);
    return { ...said, verdicts: [...verdicts, other] };
  } catch (failure) {
    return { verdicts: [incomplete(`the check broke off: ${reasonOf(failure)}`)], matrices: [], rules: [] };
  }
}

const reasonOf = (failure: unknown): string => (failure instanceof Error ? failure.message : String(failure));

/** The rules of the auditor, which a server runs alone, are not named after their theme. */
const databaseId = (rule: string): string => (rule.startsWith("database/") ? rule : `database/${rule}`);

function databaseResult(verdicts: readonly Verdict[]): Said {
  const nothing: Verdict = {
    kind: "unknown",
    rule: completionRule,
    subject: "database",
    missing: "the auditor said nothing",
  };
  const said = verdicts.length === 0 ? [nothing] : verdicts;
  return {
    verdicts: said.map((verdict) => ({ ...verdict, rule: databaseId(verdict.rule) })),
    matrices: [],
    rules: databaseRules.map(({ id, why, fix }) => ({ id: databaseId(id), why, fix })),
  };
}

function findingOf(
  theme: ReportTheme,
  verdict: Verdict,
  locate: (subject: string) => CheckFinding["location"],
): readonly CheckFinding[] {
  if (verdict.kind !== "refuted" && verdict.kind !== "unknown") return [];
  const { kind, rule, subject } = verdict;
  const isRefuted = kind === "refuted";
  return [
    {
      id: findingId(verdict),
      theme,
      kind,
      rule,
      subject,
      detail: isRefuted ? verdict.witness : verdict.missing,
      fix: isRefuted ? verdict.fix : null,
      location: locate(subject),
      accepted: null,
    },
  ];
}

function countsOf(verdicts: readonly Verdict[], findings: readonly CheckFinding[]): CheckCounts {
  const of = (kind: Verdict["kind"]) => verdicts.filter((verdict) => verdict.kind === kind).length;
  const accepted = findings.filter((finding) => finding.accepted !== null);
  const acceptedOf = (kind: CheckFinding["kind"]) => accepted.filter((one) => one.kind === kind).length;
  return {
    proved: of("proved"),
    refuted: of("refuted") - acceptedOf("refuted"),
    unknown: of("unknown") - acceptedOf("unknown"),
    notApplicable: of("not-applicable"),
    accepted: accepted.length,
  };
}

/** Refuted before unknown before accepted; among these as the themes ran, which puts isolation first. */
function worstFirst(findings: readonly CheckFinding[]): readonly CheckFinding[] {
  const rank = ({ accepted, kind }: CheckFinding) => (accepted !== null ? 2 : kind === "refuted" ? 0 : 1);
  return findings.toSorted((one, other) => rank(one) - rank(other));
}

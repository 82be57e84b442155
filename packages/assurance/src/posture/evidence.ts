import type { Shipment } from "../artifacts/shipment.ts";
import type { ThemeResult } from "../theme-result.ts";
import type { Verdict } from "../verdict.ts";
import { type Control, frameworkOfPack, frameworks } from "./controls.ts";

/** A rule of a foreign pack, and what became of it over all templates. */
export interface ForeignRule {
  /** The pack's name, such as "NIST.800.53.R5". */
  readonly pack: string;
  readonly id: string;
  /** What is wrong where it is broken. */
  readonly info: string;
  /** Controls of the pack's framework, as the pack names them. */
  readonly controls: readonly string[];
  /** How many resources it applied to. */
  readonly looked: number;
  /** `{template}/{logical id}` of each resource that breaks it without a reason. */
  readonly broken: readonly string[];
  /** Resources that it could not look at. */
  readonly threw: readonly string[];
  readonly acknowledged: readonly {
    readonly subject: string;
    /** The rule, or the one finding of it that is meant. */
    readonly rule: string;
    readonly reason: string;
  }[];
}

/** What became of a control: by the worst of its rules. */
export type ControlOutcome = "holds" | "broken" | "unknown" | "not looked at";

/** What an auditor gets: for each control which rules serve it, what they said, and of what. */
export interface Evidence {
  readonly kind: "evidence";
  readonly platform: string;
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  readonly frameworks: readonly FrameworkEvidence[];
}

export interface FrameworkEvidence {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  /** Whether `compliance` of the definition names it. */
  readonly isAsked: boolean;
  /** What no template can show, and people must. */
  readonly outside: string;
  readonly controls: readonly ControlEvidence[];
}

export interface ControlEvidence {
  readonly control: string;
  /** The edition that counts controls so, where it is not the framework's own. */
  readonly edition: string | null;
  readonly title: string;
  readonly outcome: ControlOutcome;
  readonly rules: readonly RuleEvidence[];
}

export interface RuleEvidence {
  readonly rule: string;
  readonly outcome: ControlOutcome;
  /** What was looked at: a theme's subjects, or how many resources. */
  readonly lookedAt: string;
  /** Worst first; a few, and a last one that counts the rest. */
  readonly findings: readonly string[];
  /** Where it does not apply, and where somebody says why it is meant to be so. */
  readonly acknowledged: readonly string[];
}

const listedMax = 10;

/**
 * What the checks have to say to each control of each framework.
 *
 * @param results of all themes that ran; a control whose rules did not run is not looked at, which is not the same as holds
 * @param foreign what `checkPosture` says of foreign rules; none without them
 */
export function evidenceReport(
  { platform, environment, account, region, definition }: Shipment,
  results: readonly ThemeResult[],
  foreign: readonly ForeignRule[] = [],
): Evidence {
  const byRule = Map.groupBy(
    results.flatMap(({ verdicts }) => verdicts),
    ({ rule }) => rule,
  );
  return {
    kind: "evidence",
    platform,
    environment,
    account,
    region,
    frameworks: Object.entries(frameworks).map(([id, framework]) => ({
      id,
      title: framework.title,
      source: framework.source,
      isAsked: framework.askedBy !== null && definition.compliance.includes(framework.askedBy),
      outside: framework.outside,
      controls: [
        ...Object.entries(framework.controls).map(([control, served]) => controlOf(control, served, byRule)),
        ...foreignControls(id, foreign),
      ],
    })),
  };
}

function controlOf(
  control: string,
  { title, rules }: Control,
  byRule: ReadonlyMap<string, readonly Verdict[]>,
): ControlEvidence {
  const ids = [...byRule.keys()].filter((id) =>
    rules.some((rule) => (rule.endsWith("/") ? id.startsWith(rule) : id === rule)),
  );
  const evidence = ids.sort().map((id) => ruleOf(id, byRule.get(id) ?? []));
  return {
    control,
    edition: null,
    title,
    outcome: worst(evidence.map(({ outcome }) => outcome)),
    rules: evidence,
  };
}

function ruleOf(rule: string, verdicts: readonly Verdict[]): RuleEvidence {
  const told = verdicts.flatMap((verdict) => {
    if (verdict.kind === "refuted") return [`${verdict.subject}: ${verdict.witness}`];
    return verdict.kind === "unknown" ? [`${verdict.subject}: not known: ${verdict.missing}`] : [];
  });
  const notes = verdicts.flatMap((verdict) =>
    verdict.kind === "not-applicable" ? [`${verdict.subject}: ${verdict.because}`] : [],
  );
  const subjects = [...new Set(verdicts.map(({ subject }) => subject))];
  return {
    rule,
    outcome: outcomeOf(verdicts),
    lookedAt:
      subjects.slice(0, 3).join(", ") + (subjects.length > 3 ? ` and ${subjects.length - 3} more` : ""),
    findings: listed(told),
    acknowledged: listed(notes),
  };
}

function outcomeOf(verdicts: readonly Verdict[]): ControlOutcome {
  if (verdicts.some(({ kind }) => kind === "refuted")) return "broken";
  if (verdicts.some(({ kind }) => kind === "unknown")) return "unknown";
  return verdicts.some(({ kind }) => kind === "proved") ? "holds" : "not looked at";
}

/** The controls that foreign rules name themselves. */
function foreignControls(framework: string, foreign: readonly ForeignRule[]): readonly ControlEvidence[] {
  const own = foreign.filter(({ pack }) => frameworkOfPack[pack]?.framework === framework);
  const controls = new Map<string, ForeignRule[]>();
  for (const rule of own) {
    for (const control of rule.controls) controls.set(control, [...(controls.get(control) ?? []), rule]);
  }
  return [...controls]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([control, rules]) => {
      const evidence = rules.map((rule) => foreignRuleOf(rule));
      const edition = frameworkOfPack[rules[0]?.pack ?? ""]?.edition ?? null;
      return {
        control,
        edition,
        title: `As cdk-nag's rules for ${edition ?? framework} serve it`,
        outcome: worst(evidence.map(({ outcome }) => outcome)),
        rules: evidence,
      };
    });
}

function foreignRuleOf({ id, info, looked, broken, threw, acknowledged }: ForeignRule): RuleEvidence {
  const outcome: ControlOutcome =
    broken.length > 0 ? "broken" : threw.length > 0 ? "unknown" : looked > 0 ? "holds" : "not looked at";
  return {
    rule: id,
    outcome,
    lookedAt: `${looked} resource${looked === 1 ? "" : "s"}`,
    findings: listed([
      ...broken.map((subject) => `${subject}: ${info}`),
      ...threw.map((subject) => `${subject}: not known: the rule could not look at it`),
    ]),
    acknowledged: listed(acknowledged.map(({ subject, rule, reason }) => `${subject}: ${rule}: ${reason}`)),
  };
}

/** By the worst, because a control holds only as a whole; what was not looked at says nothing beside what was. */
function worst(outcomes: readonly ControlOutcome[]): ControlOutcome {
  const order: readonly ControlOutcome[] = ["broken", "unknown", "holds"];
  return order.find((outcome) => outcomes.includes(outcome)) ?? "not looked at";
}

function listed(texts: readonly string[]): readonly string[] {
  if (texts.length <= listedMax) return texts;
  return [...texts.slice(0, listedMax), `and ${texts.length - listedMax} more`];
}

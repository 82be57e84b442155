import type { Finding, Judgment, Severity, Subject } from "./finding.ts";

const order: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 };
/** Evidence of one finding; more of it says nothing more. */
const linesMax = 30;
const fixesMax = 6;

/**
 * Brings together what has one cause: judgments that are the same for many tenants become one finding, and what only
 * follows from a cause is told with the cause. Worst first, then what meets most.
 */
export function mergeJudgments(judgments: readonly Judgment[]): readonly Finding[] {
  const causes = judgments.filter(({ severity }) => severity === "error");
  const causeOf = new Map<Judgment, Judgment>();
  for (const one of judgments) {
    const cause = causes.find((other) => explains(other, one));
    if (cause !== undefined) causeOf.set(one, cause);
  }
  const symptoms = new Map<Judgment, string[]>();
  const roots: Judgment[] = [];
  for (const one of judgments) {
    const root = rootOf(one, causeOf);
    if (root === one) roots.push(one);
    else symptoms.set(root, [...(symptoms.get(root) ?? []), one.what]);
  }
  const groups = Map.groupBy(roots, ({ code, cause, subject }) =>
    JSON.stringify([code, cause, subject.region]),
  );
  const findings = [...groups.values()].map((group) => findingOf(group, symptoms));
  return findings.toSorted(
    (a, b) =>
      order[a.severity] - order[b.severity] ||
      b.affected.length - a.affected.length ||
      compare(a.code, b.code) ||
      compare(a.subject.id, b.subject.id),
  );
}

/** Where a chain of causes begins. Of causes that would explain each other, the one asked for. */
function rootOf(one: Judgment, causeOf: ReadonlyMap<Judgment, Judgment>): Judgment {
  const seen = new Set([one]);
  let at = one;
  for (let next = causeOf.get(at); next !== undefined; next = causeOf.get(at)) {
    if (seen.has(next)) return one;
    seen.add(next);
    at = next;
  }
  return at;
}

/** What says that something is wrong, but not what: each is explained by those after it, and by everything else. */
const vague = [
  "SERVICE_SHORT_OF_TASKS",
  "DEPLOYMENT_STUCK",
  "DEPLOYMENT_ROLLED_BACK",
  "HEALTH_CHECKS_FAIL",
  "TARGETS_NOT_REGISTERED",
  "TARGET_UNHEALTHY",
  "TARGET_UNUSABLE",
  "TARGET_REFUSES",
  "TARGET_TIMEOUT",
];

function explains(cause: Judgment, other: Judgment): boolean {
  const { symptomOf } = other;
  if (cause === other || symptomOf === null) return false;
  const rank = ({ code }: Judgment) => (vague.includes(code) ? vague.indexOf(code) : vague.length);
  const isNamed = symptomOf.some((code) =>
    code === "*" ? rank(cause) > rank(other) : cause.code.startsWith(code),
  );
  return isNamed && cause.affected.some((one) => other.affected.some((two) => isSame(one, two)));
}

function isSame(one: Subject, other: Subject): boolean {
  return one.kind === other.kind && one.id === other.id;
}

function findingOf(group: readonly Judgment[], symptoms: ReadonlyMap<Judgment, readonly string[]>): Finding {
  const [first] = group as readonly [Judgment, ...Judgment[]];
  const { severity, code, subject, what, because } = first;
  // Each tenant's own thing is mended alike; a shared one can need several changes.
  const isOfTenant = subject.tenant !== null;
  return {
    severity,
    code,
    subject,
    what,
    because: distinct(because).slice(0, linesMax),
    fix: distinct(isOfTenant ? first.fix : group.flatMap(({ fix }) => fix)).slice(0, fixesMax),
    affected: distinctSubjects(group.flatMap(({ affected }) => affected)),
    symptoms: distinct(group.flatMap((one) => symptoms.get(one) ?? [])).slice(0, linesMax),
  };
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}

function distinctSubjects(subjects: readonly Subject[]): readonly Subject[] {
  return [...new Map(subjects.map((one) => [`${one.kind} ${one.id} ${one.region}`, one])).values()];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

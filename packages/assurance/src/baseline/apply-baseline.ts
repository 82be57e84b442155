import type { BaselineNotice, CheckFinding } from "../report/check-report.ts";
import type { Baseline, BaselineEntry } from "./baseline.ts";

/** The rule that a theme is held to as a whole: that its check came to an end. */
export const completionRule = "check-completes";

/**
 * Marks what the baseline accepts. Nothing disappears by it: an accepted finding is reported as one, and an entry that
 * is out of date or has nothing to accept is reported too.
 *
 * @param today "2027-01-31", in UTC
 */
export function applyBaseline(
  findings: readonly CheckFinding[],
  baseline: Baseline,
  { environment, today }: { readonly environment: string; readonly today: string },
): { readonly findings: readonly CheckFinding[]; readonly notices: readonly BaselineNotice[] } {
  const entries = new Map<string, BaselineEntry>();
  // An entry for this environment says more than one for all.
  for (const entry of baseline.accepted.toSorted((one, other) => rank(one) - rank(other)))
    if (entry.environment === undefined || entry.environment === environment) entries.set(entry.id, entry);
  const notices: BaselineNotice[] = [];
  const byId = Map.groupBy(findings, ({ id }) => id);
  for (const entry of entries.values()) {
    const notice = noticeOn(entry, byId.get(entry.id) ?? [], today);
    if (notice !== null) notices.push({ ...notice, id: entry.id });
  }
  const accepted = findings.map((finding) => {
    const entry = entries.get(finding.id);
    if (entry === undefined || !accepts(entry, finding, today)) return finding;
    return { ...finding, accepted: { until: entry.until, reason: entry.reason } };
  });
  return { findings: accepted, notices: notices.toSorted((a, b) => (a.id < b.id ? -1 : 1)) };
}

const rank = ({ environment }: BaselineEntry) => (environment === undefined ? 0 : 1);

/** What could not be read or did not run says nothing about tenants: there is nothing that a person could accept. */
export function isAcceptable({ theme, rule }: Pick<CheckFinding, "theme" | "rule">): boolean {
  return theme !== "artifacts" && !rule.endsWith(`/${completionRule}`);
}

function accepts(entry: BaselineEntry, finding: CheckFinding, today: string): boolean {
  return today <= entry.until && isAcceptable(finding) && isSeen(entry, finding);
}

const isSeen = ({ seen }: BaselineEntry, { detail }: CheckFinding) => seen?.includes(detail) !== false;

function noticeOn(
  entry: BaselineEntry,
  findings: readonly CheckFinding[],
  today: string,
): Omit<BaselineNotice, "id"> | null {
  if (findings.length === 0)
    return { kind: "unmatched", text: "it accepts something that was not found: remove it" };
  if (findings.some((finding) => !isAcceptable(finding)))
    return { kind: "not-acceptable", text: "what could not be read or checked cannot be accepted" };
  if (today > entry.until)
    return { kind: "expired", text: `it was accepted until ${entry.until}: mend it, or accept it again` };
  if (findings.every((finding) => isSeen(entry, finding))) return null;
  return { kind: "changed", text: "something else is found there now than what was accepted: look again" };
}

import { type Finding, refuted } from "../rule.ts";

/** As many as a person reads; how many more there are stands in a last one. */
const listedMax = 20;

/** The findings with at most twenty refuted ones, and one that counts the rest. */
export function boundFindings(findings: readonly Finding[]): readonly Finding[] {
  const wrong = findings.filter(({ kind }) => kind === "refuted");
  if (wrong.length <= listedMax) return findings;
  const listed = new Set(wrong.slice(0, listedMax));
  const rest = wrong.length - listedMax;
  const subjects = [...new Set(wrong.slice(listedMax).map(({ subject }) => subject.split("/")[0] ?? ""))];
  return [
    ...findings.filter((finding) => finding.kind !== "refuted" || listed.has(finding)),
    refuted(subjects.slice(0, 5).join(", "), `and ${rest} more of the same kind`),
  ];
}

import type { CheckCounts } from "./check-report.ts";

/** The heads of the five counts, in the order of every report. */
export const countHeads: readonly (readonly [key: keyof CheckCounts, head: string])[] = [
  ["proved", "proved"],
  ["refuted", "refuted"],
  ["unknown", "unknown"],
  ["notApplicable", "not applicable"],
  ["accepted", "accepted"],
];

/** Such as "proved 212 · refuted 0 · unknown 0 · not applicable 31"; accepted ones only where there are some. */
export function countsText(counts: CheckCounts): string {
  return countHeads
    .filter(([key]) => key !== "accepted" || counts.accepted > 0)
    .map(([key, head]) => `${head} ${counts[key]}`)
    .join(" · ");
}

/** Such as "3 tenants", "1 tenant". */
export function countedText(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}

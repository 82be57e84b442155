import { assert } from "@tenantry/base";

const dayMs = 86_400_000;

/** The UTC day of a time, as `2026-01-31`. */
export function usageDay(nowMs: number): string {
  return new Date(nowMs).toISOString().slice(0, 10);
}

/** The day that many days after, or before, another one. */
export function dayAfter(day: string, days: number): string {
  return usageDay(Date.parse(day) + days * dayMs);
}

/** How many days from one to another, both included; 0 or less where the second comes first. */
export function daysBetween(from: string, to: string): number {
  const days = (Date.parse(to) - Date.parse(from)) / dayMs + 1;
  assert(Number.isInteger(days), `not days: ${from}, ${to}`);
  return days;
}

/** Every day from one to another, both included. */
export function daysFrom(from: string, to: string): string[] {
  const count = Math.max(0, daysBetween(from, to));
  return Array.from({ length: count }, (_, index) => dayAfter(from, index));
}

// How long a check of everything takes and how much memory, for 1,000 and 10,000 tenants of tenant-silos in production.
//
// Every tenant has stacks of its own, so each is checked beside the proof for any two. A process of its own for each figure;
// synthesis is not in it. The bars: 1,000 tenants in a minute, 10,000 in ten times that, below 2 GiB.
//
//   node bench/check.ts [tenants …]
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { CheckMeasured } from "./harness/check-run.ts";

const counts = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1_000, 10_000];
const barMs = 60_000;
const barGrowth = 10;
const barMib = 2_048;
/** The heap that a check may use. Without a limit Node collects late, and the peak says more of the machine than of the check. */
const heapMib = 1_536;

const measured = new Map<number, CheckMeasured>();
for (const tenants of counts) measured.set(tenants, await measure(tenants));

const themes = [...new Set([...measured.values()].flatMap((one) => Object.keys(one.themesMs)))];
const row = (name: string, cell: (one: CheckMeasured) => string) =>
  console.log(`${name.padEnd(16)}${[...measured.values()].map((one) => cell(one).padStart(22)).join("")}`);
row("tenants", ({ tenants }) => String(tenants));
row("read", ({ readMs }) => `${readMs.toFixed(0)} ms`);
for (const theme of themes) row(theme, ({ themesMs }) => `${themesMs[theme] ?? 0} ms`);
row("whole check", ({ wholeMs }) => `${wholeMs.toFixed(0)} ms`);
row("peak memory", ({ peakMib }) => `${peakMib.toFixed(0)} MiB`);
row("verdicts", ({ verdicts }) => String(verdicts));
row("refuted", ({ refuted }) => String(refuted));
row("unknown", ({ unknown }) => String(unknown));

const checks = [...measured.values()].flatMap(({ tenants, wholeMs, peakMib, refuted, unknown }) => [
  ...(tenants <= 1_000 ? [[`${tenants} tenants, seconds`, wholeMs / 1_000, barMs / 1_000] as const] : []),
  [`${tenants} tenants, MiB`, peakMib, barMib] as const,
  // A check that finds nothing to do is fast: of an unbroken platform nothing is refuted, and everything is known.
  [`${tenants} tenants, refuted and unknown`, refuted + unknown, 0] as const,
]);
const small = measured.get(1_000);
const large = measured.get(10_000);
const growth =
  small === undefined || large === undefined
    ? []
    : [["10,000 tenants against 1,000, time", large.wholeMs / small.wholeMs, barGrowth] as const];
console.log("");
for (const [what, value, bar] of [...checks, ...growth]) {
  console.log(`${value <= bar ? "held  " : "MISSED"} ${what}: ${value.toFixed(1)}, at most ${bar}`);
}
if ([...checks, ...growth].some(([, value, bar]) => value > bar)) process.exitCode = 1;

async function measure(tenants: number): Promise<CheckMeasured> {
  const child = fork(join(import.meta.dirname, "harness/check-run.ts"), [String(tenants)], {
    execArgv: [`--max-old-space-size=${heapMib}`],
  });
  const told = once(child, "message") as Promise<[CheckMeasured]>;
  const ended = once(child, "exit") as Promise<[number]>;
  const first = await Promise.race([told, ended.then(() => null)]);
  const [status] = await ended;
  if (status !== 0 || first === null) throw new Error(`the check of ${tenants} tenants ended with ${status}`);
  return first[0];
}

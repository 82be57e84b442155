// How long synthesis takes and how much memory, for 1 to 10,000 tenants with resources of their own, beside a plain CDK app
// with a stack for each tenant; and what `tenantry synth` adds to the import of the CDK modules it needs.
//
// Every figure is of a process of its own, start included; the kinds take turns, so that all find the same machine.
//
//   node bench/synth.ts [rounds]
import { fork, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { percentile } from "./harness/database-server.ts";

const rounds = Number(process.argv[2] ?? 5);
/** Time for 10,000 tenants / time for one. */
const barGrowth = 1.5;
/** Peak memory for 10,000 tenants / for one: what the tenants' own entries take, and no templates. */
const barMemory = 2.5;
/** `tenantry synth` / the import of the modules. */
const barColdStart = 2;

const runs = [
  ["tenantry", 1],
  ["tenantry", 100],
  ["tenantry", 1_000],
  ["tenantry", 10_000],
  ["plain", 100],
  ["plain", 1_000],
] as const;
const folder = mkdtempSync(join(tmpdir(), "tenantry-bench-synth-"));
const figures = new Map<string, { readonly ms: number[]; readonly mib: number[] }>();
const record = (name: string, ms: number, mib: number) => {
  const known = figures.get(name) ?? { ms: [], mib: [] };
  figures.set(name, known);
  known.ms.push(ms);
  known.mib.push(mib);
};

for (let round = 0; round < rounds; round += 1) {
  for (const [kind, tenants] of runs) await measure(kind, tenants);
  measureCommand();
}
rmSync(folder, { recursive: true, force: true });

const median = (name: string, figure: "ms" | "mib") => percentile(figures.get(name)?.[figure] ?? [], 0.5);
console.log("what                   ms     MiB");
for (const name of figures.keys()) {
  const row = [median(name, "ms").toFixed(0).padStart(7), median(name, "mib").toFixed(0).padStart(7)];
  console.log(`${name.padEnd(18)}${row.join(" ")}`);
}
const checks = [
  ["10,000 tenants against one, time", ratio("tenantry 10000", "tenantry 1", "ms"), barGrowth],
  ["10,000 tenants against one, memory", ratio("tenantry 10000", "tenantry 1", "mib"), barMemory],
  ["tenantry synth against its imports", ratio("tenantry synth", "imports", "ms"), barColdStart],
] as const;
console.log("");
for (const [what, value, bar] of checks) {
  console.log(`${value <= bar ? "held  " : "MISSED"} ${what}: ${value.toFixed(2)}, at most ${bar}`);
}
if (checks.some(([, value, bar]) => value > bar)) process.exitCode = 1;

function ratio(one: string, other: string, figure: "ms" | "mib"): number {
  return median(one, figure) / median(other, figure);
}

async function measure(kind: string, tenants: number): Promise<void> {
  const started = performance.now();
  const out = join(folder, kind);
  const child = fork(join(import.meta.dirname, "harness/synth-run.ts"), [kind, String(tenants), out]);
  const told = once(child, "message") as Promise<[number]>;
  const [status] = (await once(child, "exit")) as [number];
  if (status !== 0) throw new Error(`${kind} with ${tenants} tenants ended with ${status}`);
  record(`${kind} ${tenants}`, performance.now() - started, (await told)[0]);
  rmSync(out, { recursive: true, force: true });
}

function measureCommand(): void {
  const root = join(import.meta.dirname, "..");
  const config = join(root, "platforms/tenant-silos/tenantry.config.ts");
  const command = [
    "apps/cli/bin/tenantry.mjs",
    "synth",
    "development",
    "--config",
    config,
    "--out",
    join(folder, "cli"),
  ];
  for (const [name, args] of [
    ["imports", [join(import.meta.dirname, "harness/synth-imports.ts")]],
    ["tenantry synth", command],
  ] as const) {
    const started = performance.now();
    const { status, stderr } = spawnSync(process.execPath, [...args], { cwd: root, encoding: "utf8" });
    if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`);
    record(name, performance.now() - started, Number.NaN);
  }
}

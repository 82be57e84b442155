// One check in a process of its own: of tenant-silos in production with so many tenants. Tells the parent times and peak memory.
//
//   node bench/harness/check-run.ts <tenants>
import { systemClock } from "@tenantry/base";
import { readShipment, type ShippedFiles } from "@tenantry/assurance";
import { checkShipment } from "@tenantry/assurance/check";
import { fork } from "node:child_process";
import { once } from "node:events";
import { openDeployment, parseDefinition, resolve } from "@tenantry/model";

export interface CheckMeasured {
  readonly tenants: number;
  readonly readMs: number;
  /** Reading included. */
  readonly wholeMs: number;
  readonly themesMs: Readonly<Record<string, number>>;
  /** The peak up to the end of each theme. */
  readonly themesMib: Readonly<Record<string, number>>;
  readonly peakMib: number;
  readonly verdicts: number;
  /** Of the themes of isolation: so many tenants are more than an account has room for, and the quotas say so. */
  readonly refuted: number;
  readonly unknown: number;
}

const isolation: ReadonlySet<string> = new Set(["artifacts", "iam", "network", "routing", "names", "data"]);
const [count = "1000", task = "check"] = process.argv.slice(2);
if (task === "synthesize") process.send?.(await synthesized(Number(count)));
else process.send?.(await measured());

/** In yet another process: what synthesis takes is not what is measured. */
async function synthesized(tenants: number): Promise<ShippedFiles> {
  const { default: definition } = await import("../../platforms/tenant-silos/tenantry.config.ts");
  const { synthesize } = await import("@tenantry/aws/synthesis");
  const ids = Array.from({ length: tenants }, (_, index) => `tenant-${index}`);
  const parsed = parseDefinition({
    ...definition,
    tenants: Object.fromEntries(ids.map((id) => [id, "silo"])),
  });
  return synthesize(resolve(parsed, "production", { deployment: openDeployment })).files;
}

async function measured(): Promise<CheckMeasured> {
  const child = fork(import.meta.filename, [count, "synthesize"], { execArgv: [] });
  const [files] = (await once(child, "message")) as [ShippedFiles];
  const startedMs = performance.now();
  const shipment = readShipment(files);
  const readMs = performance.now() - startedMs;
  const themesMib: Record<string, number> = {};
  const report = await checkShipment(shipment, {
    files,
    digests: [],
    clock: systemClock,
    tool: "bench",
    onTheme: (theme, ended) => {
      if (ended === null) return;
      themesMib[theme] = peakMib();
      console.error(`  ${count} tenants: ${theme} in ${ended.durationMs} ms`);
    },
  });
  const wholeMs = performance.now() - startedMs;
  const wrong = report.findings.filter(({ theme }) => isolation.has(theme));
  for (const { kind, id, detail } of wrong.slice(0, 10)) console.error(`  ${kind} ${id}: ${detail}`);
  return {
    tenants: shipment.tenants.size,
    readMs,
    wholeMs,
    themesMs: Object.fromEntries(report.themes.map(({ theme, durationMs }) => [theme, durationMs])),
    themesMib,
    peakMib: peakMib(),
    verdicts: report.themes.reduce((sum, { verdicts }) => sum + verdicts.length, 0),
    refuted: wrong.filter(({ kind }) => kind === "refuted").length,
    unknown: wrong.filter(({ kind }) => kind === "unknown").length,
  };
}

function peakMib(): number {
  return process.resourceUsage().maxRSS / 1_024;
}

import { dirname, isAbsolute, join, resolve } from "node:path";
import {
  type Baseline,
  baselineFileName,
  type BaselineEntry,
  type CheckFinding,
  type CheckReport,
  checkShipment,
  costPicture,
  type CostPicture,
  emptyBaseline,
  formatBaseline,
  isAcceptable,
  parseBaseline,
  type ReportFormat,
  withAccepted,
  writeReport,
} from "@tenantry/assurance/check";
import type { Shipment } from "@tenantry/assurance";
import { isCodedError } from "@tenantry/base";
import { digestOf } from "../aws/assembly/read-assembly.ts";
import { auditDatabase, type DatabasePlace } from "../check/audit-database.ts";
import { openShipment } from "../check/open-shipment.ts";
import { displayPath, findDefinition } from "../definition/find-definition.ts";
import { errors } from "../errors.ts";
import { toolkitEvent } from "../events.ts";
import { dataFolderOf } from "../local-platform/locate-platform.ts";
import { nearestNames } from "../nearest-names.ts";
import type { ToolkitPorts } from "../ports.ts";
import { readIfThere, writeFileAtomically } from "../write-file-atomically.ts";

export interface CheckRequest {
  /** The definition; without it the nearest. */
  readonly config: string | undefined;
  readonly environment: string;
  /** A folder that `synth` wrote; without it the definition is synthesized in memory. */
  readonly artifacts?: string | undefined;
  /** The baseline; without it `tenantry.baseline.json` beside the definition, where there is one. */
  readonly baseline?: string | undefined;
  /** Whose databases are judged too. */
  readonly database?: DatabasePlace | undefined;
  /** Name and version of the program, for the report. */
  readonly tool: string;
}

/**
 * Checks what an environment would deploy. Offline, unless a database is named; changes nothing.
 *
 * @throws TOOLKIT_ARTIFACTS_*, TOOLKIT_BASELINE_MISSING, TOOLKIT_DATABASE_*, ASSURANCE_FILE_*, ASSURANCE_BASELINE_*
 */
export async function check(request: CheckRequest, ports: ToolkitPorts): Promise<CheckReport> {
  return await judged(request, await readBaseline(request, ports), ports);
}

interface NamedBaseline {
  /** As the user would write it. */
  readonly path: string;
  readonly content: Baseline;
}

async function judged(
  request: CheckRequest,
  baseline: NamedBaseline | null,
  ports: ToolkitPorts,
): Promise<CheckReport> {
  const { tool } = request;
  const { files, shipment } = await openShipment(request, ports);
  const database =
    request.database === undefined
      ? undefined
      : await auditDatabase(
          request.database,
          shipment.definition.name,
          findDefinition(ports.cwd, request.config) ?? null,
        );
  return await checkShipment(shipment, {
    files,
    digests: Object.entries(files).map(([path, text]) => ({ path, sha256: digestOf(text) })),
    clock: ports.clock,
    tool,
    database,
    cost: await pictureOf(shipment),
    ...(baseline === null ? {} : { baseline }),
    onTheme: (theme, ended) =>
      ports.onEvent(
        ended === null
          ? toolkitEvent("TOOLKIT_CHECK_STARTED", { theme })
          : toolkitEvent("TOOLKIT_CHECK_DONE", {
              theme,
              refuted: ended.counts.refuted,
              unknown: ended.counts.unknown,
              durationMs: ended.durationMs,
            }),
      ),
  });
}

/** The estimate is no verdict: where none can be made, the report has no picture, and the check goes on. */
async function pictureOf(shipment: Shipment): Promise<CostPicture | undefined> {
  const { estimateCost } = await import("@tenantry/assurance/cost");
  try {
    return costPicture(estimateCost(shipment));
  } catch (failure) {
    if (isCodedError(failure)) return undefined;
    throw failure;
  }
}

export interface WriteReportRequest extends Pick<CheckRequest, "config" | "environment" | "artifacts"> {
  readonly format: ReportFormat;
  /** File to write to. */
  readonly out: string;
}

/** Writes the report of a check into a file, or leaves a file that says the same. @throws TOOLKIT_FILE_UNWRITABLE */
export async function writeReportFile(
  report: CheckReport,
  request: WriteReportRequest,
  ports: ToolkitPorts,
): Promise<void> {
  const text = writeReport(report, request.format, { folder: artifactsFolder(request, ports) });
  await writeFileAtomically(resolve(ports.cwd, request.out), text, ports.random);
  ports.onEvent(toolkitEvent("TOOLKIT_FILE_WRITTEN", { path: request.out }));
}

/** Where the files of a report are for whoever stands in `cwd`: "build/", or nothing where that is elsewhere. */
export function artifactsFolder(
  { config, environment, artifacts }: Pick<CheckRequest, "config" | "environment" | "artifacts">,
  { cwd }: Pick<ToolkitPorts, "cwd">,
): string {
  const definition = findDefinition(cwd, config);
  const folder =
    artifacts ?? (definition === undefined ? "" : join(dataFolderOf(definition), "synth", environment));
  const shown = displayPath(resolve(cwd, folder), cwd);
  return shown === "." || isAbsolute(shown) ? "" : `${shown.replaceAll("\\", "/")}/`;
}

export interface AcceptRequest extends CheckRequest {
  /** The ids of findings. */
  readonly accept: readonly string[];
  readonly reason: string;
  /** The last day on which it holds: "2027-01-31". */
  readonly until: string;
}

export interface AcceptResult {
  /** As the user would write it. */
  readonly baseline: string;
  readonly entries: readonly BaselineEntry[];
}

/** How far ahead an acceptance may end. */
const daysMax = 366;
const dayMs = 86_400_000;

/**
 * Writes findings into the baseline, with the witnesses that they have now. What is not found cannot be accepted: an
 * entry made in advance would hide what nobody has seen.
 *
 * @throws TOOLKIT_ACCEPT_*, TOOLKIT_BASELINE_HOME; as `check`
 */
export async function acceptFinding(request: AcceptRequest, ports: ToolkitPorts): Promise<AcceptResult> {
  const { accept, reason, until, environment } = request;
  requireDay(until, ports);
  const path = baselinePath(request, ports);
  if (path === null) throw errors.TOOLKIT_BASELINE_HOME({ folder: ports.cwd });
  const shown = displayPath(path, ports.cwd);
  const before = await readIfThere(path);
  const baseline = before === undefined ? emptyBaseline : parseBaseline(before, shown);
  const { findings } = await judged(request, null, ports);
  const entries = accept.map((id) => ({ id, environment, reason, until, seen: seenOf(id, findings) }));
  await writeFileAtomically(path, formatBaseline(entries.reduce(withAccepted, baseline)), ports.random);
  ports.onEvent(toolkitEvent("TOOLKIT_FILE_WRITTEN", { path: shown }));
  return { baseline: shown, entries };
}

/** What the finding shows now. */
function seenOf(id: string, findings: readonly CheckFinding[]): readonly string[] {
  const found = findings.filter((finding) => finding.id === id);
  const ids = [...new Set(findings.map((finding) => finding.id))];
  if (found.length === 0) throw errors.TOOLKIT_ACCEPT_UNKNOWN({ id, nearest: nearestNames(id, ids) });
  if (!found.every(isAcceptable)) throw errors.TOOLKIT_ACCEPT_NOT_ACCEPTABLE({ id });
  return [...new Set(found.map(({ detail }) => detail))].sort();
}

function requireDay(until: string, { clock }: ToolkitPorts): void {
  const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, "2027-01-31".length);
  const last = dayOf(clock.nowMs() + daysMax * dayMs);
  const parsedMs = /^\d{4}-\d{2}-\d{2}$/.test(until) ? Date.parse(`${until}T00:00:00Z`) : Number.NaN;
  const isDay = !Number.isNaN(parsedMs) && dayOf(parsedMs) === until;
  if (!isDay || until < dayOf(clock.nowMs()) || until > last)
    throw errors.TOOLKIT_ACCEPT_UNTIL({ until, last });
}

/** Absolute; null where no file is named and no definition is found. */
function baselinePath({ baseline, config }: CheckRequest, { cwd }: ToolkitPorts): string | null {
  if (baseline !== undefined) return resolve(cwd, baseline);
  const definition = findDefinition(cwd, config);
  return definition === undefined ? null : join(dirname(definition), baselineFileName);
}

async function readBaseline(request: CheckRequest, ports: ToolkitPorts): Promise<NamedBaseline | null> {
  const path = baselinePath(request, ports);
  const text = path === null ? undefined : await readIfThere(path);
  if (path === null || text === undefined) {
    if (request.baseline !== undefined) throw errors.TOOLKIT_BASELINE_MISSING({ path: request.baseline });
    return null;
  }
  const shown = displayPath(path, ports.cwd);
  return { path: shown, content: parseBaseline(text, shown) };
}

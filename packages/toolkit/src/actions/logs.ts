import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { displayPath } from "../definition/find-definition.ts";
import { errors } from "../errors.ts";
import { dataFolderOf, locatePlatform } from "../local-platform/locate-platform.ts";
import type { ToolkitPorts } from "../ports.ts";
import { requireTenantId } from "../tenant-argument.ts";

export interface LogsRequest {
  /** The definition as the user named it. */
  readonly config?: string | undefined;
  /** Only what has to do with this tenant. */
  readonly tenant?: string | undefined;
  /** The output of one of the definition's own services instead of the log of the platform. */
  readonly service?: string | undefined;
  /** How many of the last lines come first. */
  readonly lines: number;
  /** Goes on with what is written from now on, until the signal. */
  readonly follow: boolean;
  readonly signal: AbortSignal;
}

/** One line of a log: its text, and what it says where it is JSON. */
export interface LogLine {
  readonly text: string;
  readonly fields: Readonly<Record<string, unknown>> | null;
}

const pollMs = 250;

/**
 * The log of a platform, also of one that has stopped.
 *
 * @throws TOOLKIT_LOG_MISSING
 */
export async function* readLogs(request: LogsRequest, ports: ToolkitPorts): AsyncGenerator<LogLine> {
  const tenant = request.tenant === undefined ? undefined : requireTenantId(request.tenant);
  const folder = join(dataFolderOf(await locatePlatform(request.config, ports)), "logs");
  const name = request.service === undefined ? "runtime.jsonl" : `${request.service}.log`;
  const path = join(folder, name);
  const files = await filesOf(folder, name);
  if (files.length === 0) throw errors.TOOLKIT_LOG_MISSING({ path: displayPath(path, ports.cwd) });
  const isWanted = ({ fields }: LogLine) => tenant === undefined || fields?.["tenant"] === tenant;
  const last: LogLine[] = [];
  for (const file of files) {
    for await (const line of linesOf(file)) {
      if (!isWanted(line)) continue;
      last.push(line);
      if (last.length > request.lines) last.shift();
    }
  }
  yield* last;
  if (request.follow) {
    for await (const line of newLinesOf(path, request.signal, ports)) if (isWanted(line)) yield line;
  }
}

/** The file and those that it was before, the oldest first: `runtime.2.jsonl`, `runtime.1.jsonl`, `runtime.jsonl`. */
async function filesOf(folder: string, name: string): Promise<readonly string[]> {
  const found = await readdir(folder).catch(() => [] as string[]);
  const [stem = "", extension = ""] = name.split(/\.(?=[^.]+$)/);
  const ages = new Map<string, number>([[name, 0]]);
  for (const file of found) {
    const age =
      file.startsWith(`${stem}.`) && file.endsWith(`.${extension}`)
        ? file.slice(stem.length + 1, -extension.length - 1)
        : "";
    if (/^\d+$/.test(age)) ages.set(file, Number(age));
  }
  return [...ages]
    .filter(([file]) => found.includes(file))
    .sort((one, other) => other[1] - one[1])
    .map(([file]) => join(folder, file));
}

async function* linesOf(path: string): AsyncGenerator<LogLine> {
  const file = await open(path).catch(() => null);
  if (file === null) return;
  for await (const text of file.readLines()) if (text !== "") yield lineOf(text);
}

/** What is appended from now on. A file that was put aside when it was full is followed by the one in its place. */
async function* newLinesOf(
  path: string,
  signal: AbortSignal,
  { clock }: Pick<ToolkitPorts, "clock">,
): AsyncGenerator<LogLine> {
  let { size: offset, ino } = (await stat(path).catch(() => null)) ?? { size: 0, ino: 0 };
  let rest = "";
  while (!signal.aborted) {
    const now = await stat(path).catch(() => null);
    if (now !== null) {
      if (now.ino !== ino || now.size < offset) [offset, ino, rest] = [0, now.ino, ""];
      const text = await readFrom(path, offset, now.size);
      offset += Buffer.byteLength(text);
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line !== "") yield lineOf(line);
    }
    await clock.sleep(pollMs, signal).catch(() => undefined);
  }
}

/** Whole characters only: what is cut in the middle of one is read with the next piece. */
async function readFrom(path: string, from: number, to: number): Promise<string> {
  if (to <= from) return "";
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(to - from), 0, to - from, from);
  const end = buffer.lastIndexOf(0x0a, bytesRead - 1);
  return buffer.subarray(0, end + 1).toString("utf8");
}

function lineOf(text: string): LogLine {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return { text, fields: isObject ? (value as Record<string, unknown>) : null };
  } catch {
    return { text, fields: null };
  }
}

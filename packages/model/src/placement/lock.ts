import { errors } from "../errors.ts";
import { isData, own } from "../resolve/layers.ts";
import { isTenantId } from "../tenant-id.ts";

/** Where a tenant is: the cell, and its number within the cell. Both count from 1. */
export interface Placement {
  readonly cell: number;
  readonly slot: number;
}

/** Tenant id → placement. */
export type Placements = Readonly<Record<string, Placement>>;

/** The content of `tenantry.lock.json`: the placements of the declared tenants, by environment. */
export interface PlacementLock {
  readonly version: 1;
  readonly environments: Readonly<Record<string, Placements>>;
}

export const emptyLock: PlacementLock = Object.freeze({ version: 1, environments: Object.freeze({}) });

/** Ends each environment, so that no tenant's line ends without a comma and adding one changes no other. */
const endKey = "//";
const endText = "one tenant per line, written by tenantry; keep it in version control";

/** The file's text: sorted, one line per tenant, so that two branches rarely meet in one line. */
export function formatLock(lock: PlacementLock): string {
  const blocks = Object.keys(lock.environments)
    .sort()
    .map((environment) => {
      const placements = lock.environments[environment] ?? {};
      const lines = Object.keys(placements)
        .sort()
        .map((id) => {
          const { cell = 0, slot = 0 } = placements[id] ?? {};
          return `      ${JSON.stringify(id)}: { "cell": ${cell}, "slot": ${slot} },\n`;
        });
      return `    ${JSON.stringify(environment)}: {\n${lines.join("")}      "${endKey}": ${JSON.stringify(endText)}\n    }`;
    });
  const body = blocks.length === 0 ? "{}" : `{\n${blocks.join(",\n")}\n  }`;
  return `{\n  "version": 1,\n  "environments": ${body}\n}\n`;
}

/** Reads the file's text. Throws MODEL_LOCK_… with the line or the field, and what to write there. */
export function parseLock(text: string): PlacementLock {
  const content = parseJson(text);
  if (!isData(content)) throw wrong(text, "the file", content, "an object");
  const version = own(content, "version");
  if (version !== 1) throw errors.MODEL_LOCK_VERSION({ version });
  const written = own(content, "environments");
  if (!isData(written)) throw wrong(text, "environments", written, "an object");
  const stray = Object.keys(content).find((key) => key !== "version" && key !== "environments");
  if (stray !== undefined) throw wrong(text, stray, content[stray], "a field of the lock");
  const environments: Record<string, Placements> = {};
  for (const [environment, placements] of Object.entries(written)) {
    environments[environment] = parseEnvironment(text, environment, placements);
  }
  return { version: 1, environments };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : "";
    const position = Number(/position (\d+)/.exec(reason)?.[1] ?? text.length);
    throw errors.MODEL_LOCK_SYNTAX(
      { line: text.slice(0, position).split("\n").length, reason: reason.slice(0, 120) },
      cause,
    );
  }
}

function parseEnvironment(text: string, environment: string, content: unknown): Placements {
  const at = `environments.${environment}`;
  if (!isData(content)) throw wrong(text, at, content, "an object", environment);
  const placements: Record<string, Placement> = {};
  const owners = new Map<string, string>();
  for (const [id, value] of Object.entries(content)) {
    if (id === endKey) continue;
    if (!isTenantId(id)) throw wrong(text, `${at}.${id}`, id, "the id of a tenant", id);
    const placement = parsePlacement(text, `${at}.${id}`, id, value);
    const key = `${placement.cell}/${placement.slot}`;
    const owner = owners.get(key);
    if (owner !== undefined) {
      throw errors.MODEL_LOCK_SLOT_TWICE({
        environment,
        ...placement,
        tenants: [owner, id],
        line: lineOf(text, id),
      });
    }
    owners.set(key, id);
    placements[id] = placement;
  }
  return placements;
}

function parsePlacement(text: string, at: string, id: string, value: unknown): Placement {
  if (!isData(value)) throw wrong(text, at, value, 'an object such as { "cell": 1, "slot": 1 }', id);
  for (const field of ["cell", "slot"]) {
    const number = own(value, field);
    if (!Number.isSafeInteger(number) || (number as number) < 1) {
      throw wrong(text, `${at}.${field}`, number, "a whole number from 1", id);
    }
  }
  const stray = Object.keys(value).find((key) => key !== "cell" && key !== "slot");
  if (stray !== undefined) throw wrong(text, `${at}.${stray}`, value[stray], "cell or slot", id);
  return { cell: value["cell"] as number, slot: value["slot"] as number };
}

function wrong(text: string, path: string, value: unknown, expected: string, key?: string) {
  return errors.MODEL_LOCK_FIELD({
    path,
    value,
    expected,
    line: key === undefined ? null : lineOf(text, key),
  });
}

/** The line in which a key stands last; JSON.parse keeps no positions. */
function lineOf(text: string, key: string): number | null {
  const index = text.split("\n").findLastIndex((line) => line.includes(`${JSON.stringify(key)}:`));
  return index < 0 ? null : index + 1;
}

import { dirname, join } from "node:path";
import { CodedError, isCodedError } from "@tenantry/base";
import {
  type Definition,
  type Deployment,
  emptyLock,
  environmentsOf,
  formatLock,
  parseLock,
  type Placements,
  type Platform,
  type PlacementLock,
  resolve,
} from "@tenantry/model";
import { toolkitEvent } from "../events.ts";
import type { ToolkitPorts } from "../ports.ts";
import { type AddedTenant, undeclaredOf, withAdded, withoutAdded } from "./added-tenants.ts";
import { readIfThere, writeFileAtomically } from "../write-file-atomically.ts";
import { displayPath } from "./find-definition.ts";
import { loadDefinition } from "./load-definition.ts";

const lockFileName = "tenantry.lock.json";

export interface ResolvedPlatform {
  readonly platform: Platform;
  /** The placements of the declared tenants after this definition; the file is not written yet. */
  readonly lock: PlacementLock;
  /** Ids of the tenants of the platform that the definition does not declare. */
  readonly added: readonly string[];
}

/**
 * Loads the definition at `config` and resolves one environment of it against the placements in
 * the lock file beside it.
 *
 * @throws TOOLKIT_DEFINITION_*, MODEL_*, all located
 */
export async function resolvePlatform(
  config: string,
  options: {
    readonly environment?: string | undefined;
    readonly reserved?: Placements;
    /** Tenants that commands added. One that the definition declares as well is a declared one. */
    readonly added?: readonly AddedTenant[];
    readonly deployment?: Deployment;
  },
  ports: ToolkitPorts,
): Promise<ResolvedPlatform> {
  const definition = await loadDefinition(config, ports);
  const lockPath = lockPathOf(config);
  const text = await readIfThere(lockPath);
  const before = located(lockPath, ports, () => (text === undefined ? emptyLock : parseLock(text)));
  const environment = options.environment ?? defaultEnvironment(definition);
  const { reserved, deployment, added = [] } = options;
  const resolveWith = (source: Definition, lock: PlacementLock, placements: Placements) =>
    located(config, ports, () =>
      resolve(source, environment, {
        lock,
        reserved: placements,
        ...(deployment === undefined ? {} : { deployment }),
      }),
    );
  const undeclared =
    added.length === 0 ? [] : undeclaredOf(added, resolveWith(definition, before, emptyPlacements));
  const platform = resolveWith(
    withAdded(definition, environment, undeclared),
    // What the lock says of a tenant that it was to forget is not true any more.
    withoutAdded(before, environment, undeclared),
    { ...reserved, ...Object.fromEntries(undeclared.map(({ id, placement }) => [id, placement])) },
  );
  const ids = undeclared.map(({ id }) => id);
  return { platform, lock: lockAfter(before, platform, ids), added: ids };
}

const emptyPlacements: Placements = Object.freeze({});

/** Writes the lock file if a placement has changed; a platform without tenants needs none. */
export async function writeLock(config: string, lock: PlacementLock, ports: ToolkitPorts): Promise<void> {
  const path = lockPathOf(config);
  const isEmpty = Object.values(lock.environments).every(
    (placements) => Object.keys(placements).length === 0,
  );
  if (isEmpty && (await readIfThere(path)) === undefined) return;
  if (await writeFileAtomically(path, formatLock(lock), ports.random)) {
    ports.onEvent(toolkitEvent("TOOLKIT_FILE_WRITTEN", { path: displayPath(path, ports.cwd) }));
  }
}

/** Development where there is one: what runs on one machine is mostly that. Else the first. */
export function defaultEnvironment(definition: Definition): string {
  const names = environmentsOf(definition);
  // A definition without environments is refused by resolve, whichever is asked for.
  return names.includes("development") ? "development" : (names[0] ?? "development");
}

function lockPathOf(config: string): string {
  return join(dirname(config), lockFileName);
}

/** Added tenants are not in the lock: where they are is written down where they live. */
function lockAfter(before: PlacementLock, platform: Platform, added: readonly string[]): PlacementLock {
  const placements = Object.values(platform.tenants)
    .filter(({ id }) => !added.includes(id))
    .map(({ id, placement }) => [id, placement] as const);
  return {
    version: 1,
    environments: { ...before.environments, [platform.environment]: Object.fromEntries(placements) },
  };
}

/** Adds to what the model finds wrong the file in which it is wrong. */
function located<T>(path: string, { cwd }: ToolkitPorts, read: () => T): T {
  try {
    return read();
  } catch (failure) {
    if (!isCodedError(failure)) throw failure;
    const { code, message, fix, retriable, params } = failure;
    const location = displayPath(path, cwd);
    throw new CodedError({ code, message, fix, retriable, params: { ...params, location }, cause: failure });
  }
}

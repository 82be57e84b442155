import { pathToFileURL } from "node:url";
import type { Clock } from "@tenantry/base";
import type { Definition } from "@tenantry/model";
import { errors } from "../errors.ts";
import { displayPath } from "./find-definition.ts";
import { explainImportFailure } from "./import-failure.ts";
import { withModelResolution } from "./model-resolution.ts";

/** A definition awaits nothing; what takes this long never comes. */
const importTimeoutMs = 10_000;

/**
 * Imports the definition at `path`, an absolute path, as Node runs it: by stripping its types.
 *
 * @throws TOOLKIT_DEFINITION_* located in the file, or what definePlatform threw
 */
export async function loadDefinition(
  path: string,
  { clock, cwd, nodeVersion = process.versions.node }: { clock: Clock; cwd: string; nodeVersion?: string },
): Promise<Definition> {
  if (!runsTypeScript(nodeVersion)) throw errors.TOOLKIT_NODE_TOO_OLD({ version: nodeVersion });
  const location = displayPath(path, cwd);
  const module = await importInTime(path, location, clock).catch(async (failure: unknown) => {
    throw await explainImportFailure(failure, path, cwd);
  });
  if (!("default" in module)) throw errors.TOOLKIT_DEFINITION_NO_DEFAULT({ location });
  if (!isDefinition(module.default)) {
    throw errors.TOOLKIT_DEFINITION_NOT_MADE({ location, found: describe(module.default) });
  }
  return module.default;
}

/** Type stripping is on by default from 22.18 and 23.6 (https://nodejs.org/api/typescript.html). */
function runsTypeScript(nodeVersion: string): boolean {
  const [major = 0, minor = 0] = nodeVersion.split(".").map(Number);
  return major > 23 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18);
}

async function importInTime(path: string, location: string, clock: Clock): Promise<object> {
  const waiting = new AbortController();
  try {
    return await Promise.race([
      withModelResolution(() => import(pathToFileURL(path).href) as Promise<object>),
      clock.sleep(importTimeoutMs, waiting.signal).then(() => {
        throw errors.TOOLKIT_DEFINITION_NEVER_SETTLES({ location, timeoutMs: importTimeoutMs });
      }),
    ]);
  } finally {
    waiting.abort();
  }
}

/** What definePlatform returns carries its kind; what is in it is checked when it is resolved. */
function isDefinition(value: unknown): value is Definition {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "definition";
}

function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object") return "a plain object";
  return typeof value === "function" ? "a function" : `the ${typeof value} ${JSON.stringify(value)}`;
}

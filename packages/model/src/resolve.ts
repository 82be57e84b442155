import { deepFreeze } from "@tenantry/base";
import type { Definition } from "./define.ts";
import { errors } from "./errors.ts";
import { emptyLock, type PlacementLock, type Placements } from "./placement/lock.ts";
import { toPlainData } from "./plain-data.ts";
import type { Platform } from "./platform.ts";
import { joinEnvironments, type Mistake, type Problem, toProblems } from "./problem.ts";
import { checkEnvironmentsApart } from "./resolve/environments-apart.ts";
import { type Data, isData, own } from "./resolve/layers.ts";
import { parseLayer } from "./resolve/parse-layer.ts";
import { resolveEnvironment } from "./resolve/resolve-environment.ts";
import { type Deployment, noDeployment } from "./resolve/tags.ts";

export interface ResolveOptions {
  /** The placements of before; tenants that are not in it get the next free slots. Default: none. */
  readonly lock?: PlacementLock;
  /** Placements that the running platform of this environment gave. Default: none. */
  readonly reserved?: Placements;
  /** What only a deployment knows. Default: "unknown", so that the result is the same each time. */
  readonly deployment?: Deployment;
}

/**
 * The platform of one environment: defaults filled in, overrides merged, names, tags, subnets
 * and placements computed. Frozen plain data.
 *
 * Throws MODEL_INVALID_DEFINITION with every mistake of every environment (`problemsOf`),
 * MODEL_UNKNOWN_ENVIRONMENT, or MODEL_PLACEMENT_… where the lock and the running platform disagree.
 */
export function resolve(definition: Definition, environment: string, options: ResolveOptions = {}): Platform {
  const { platforms } = check(definition, environment, options);
  const platform = Object.hasOwn(platforms, environment) ? platforms[environment] : undefined;
  if (platform === undefined)
    throw errors.MODEL_UNKNOWN_ENVIRONMENT({ environment, known: Object.keys(platforms) });
  return deepFreeze(platform) as Platform;
}

/**
 * Reads a definition from anything, such as the default export of a file. Throws
 * MODEL_INVALID_DEFINITION with every mistake in it.
 */
export function parseDefinition(input: unknown): Definition {
  const { data } = check(input, null, {});
  return deepFreeze({ ...data, kind: "definition" }) as unknown as Definition;
}

/** Every mistake in a definition, in a stable order; none where it is right. */
export function problemsIn(input: unknown): readonly Problem[] {
  return toProblems(examine(input, null, {}).mistakes);
}

/** The names of a definition's environments, as they stand in it. */
export function environmentsOf(definition: Definition): readonly string[] {
  return Object.keys(definition.environments);
}

type Platforms = Readonly<Record<string, Platform>>;

function check(input: unknown, environment: string | null, options: ResolveOptions) {
  const { data, platforms, mistakes } = examine(input, environment, options);
  if (mistakes.length > 0) throw errors.MODEL_INVALID_DEFINITION({ problems: toProblems(mistakes) });
  return { data, platforms };
}

/** Lock, reserved placements and deployment belong to the environment that was asked for. */
function examine(
  input: unknown,
  environment: string | null,
  options: ResolveOptions,
): { readonly data: Data; readonly platforms: Platforms; readonly mistakes: readonly Mistake[] } {
  const { data, mistakes: notData } = toPlainData(input);
  if (!isData(data)) {
    const mistakes =
      notData.length > 0
        ? notData
        : [{ path: [], error: errors.MODEL_WRONG_TYPE({ value: data, expected: "a definition" }) }];
    return { data: {}, platforms: {}, mistakes };
  }
  const alreadyWrong = notData.map(({ path }) => path);
  const mistakes: Mistake[] = [...notData];
  const written = own(data, "environments");
  const environments = isData(written) ? Object.keys(written) : [];
  if (environments.length === 0) {
    mistakes.push(...parseLayer(data, alreadyWrong).mistakes);
    if (isData(written)) mistakes.push({ path: ["environments"], error: errors.MODEL_NO_ENVIRONMENT({}) });
    return { data, platforms: {}, mistakes };
  }
  const platforms: Record<string, Platform> = {};
  const found: (readonly Mistake[])[] = [];
  for (const name of environments) {
    const isWanted = name === environment;
    const resolved = resolveEnvironment({
      definition: data,
      environment: name,
      environments,
      lock: isWanted ? (options.lock ?? emptyLock) : emptyLock,
      reserved: isWanted ? (options.reserved ?? {}) : {},
      deployment: isWanted ? (options.deployment ?? noDeployment) : noDeployment,
      alreadyWrong,
    });
    found.push(resolved.mistakes);
    if (resolved.platform !== null) platforms[name] = resolved.platform;
  }
  mistakes.push(...joinEnvironments(found), ...checkEnvironmentsApart(Object.values(platforms)));
  return { data, platforms, mistakes };
}

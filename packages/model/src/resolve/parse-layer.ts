import { definitionSchema, type ParsedDefinition } from "../schema/definition.ts";
import type { Mistake, Path } from "../problem.ts";
import { type Data, isData, own } from "./layers.ts";
import { translateIssue } from "./translate-issue.ts";

export interface ParsedLayer {
  /** Null where too much is wrong to look further. */
  readonly parsed: ParsedDefinition | null;
  readonly mistakes: readonly Mistake[];
  /** Paths that were taken away before the parse succeeded. */
  readonly taken: readonly Path[];
}

const roundsMax = 4;

/**
 * Parses one environment's merged definition. Where a field is wrong it is reported and taken
 * away, and the rest is parsed again, so that one report holds the mistakes of shape and of
 * meaning. What a later round says about the neighbours of a field that was taken away is not
 * believed: it may come from the default in its place.
 */
export function parseLayer(merged: Data, alreadyWrong: readonly Path[]): ParsedLayer {
  const mistakes: Mistake[] = [];
  const taken: Path[] = [...alreadyWrong];
  let data: Data = merged;
  for (let round = 0; round < roundsMax; round++) {
    const result = definitionSchema.safeParse(data, { reportInput: true });
    if (result.success) return { parsed: result.data, mistakes, taken };
    const found = result.error.issues.flatMap((issue) => translateIssue(issue));
    for (const mistake of found) {
      if (!isNear(mistake.path, taken) && !isConsequence(mistake, found)) mistakes.push(mistake);
    }
    const removals = found.map(({ path }) => (hasPath(data, path) ? path : path.slice(0, -1)));
    if (removals.some((path) => path.length === 0)) break;
    taken.push(...found.map(({ path }) => path));
    data = removals.reduce<Data>((rest, path) => withoutPath(rest, path), data);
  }
  return { parsed: null, mistakes, taken };
}

/** What an object says as a whole means nothing while one of its fields is wrong, nor do its fields while its kind is. */
function isConsequence({ path }: Mistake, found: readonly Mistake[]): boolean {
  return found.some(
    (other) =>
      (other.path.length > path.length && startsWith(other.path, path)) ||
      (other.error.code === "MODEL_WRONG_KIND" &&
        path.length >= other.path.length &&
        other.path.some((step, index) => path[index] !== step) &&
        startsWith(path, other.path.slice(0, -1))),
  );
}

/** Whether a path stands in the same object as one that was taken away, above or below it. */
export function isNear(path: Path, taken: readonly Path[]): boolean {
  return taken.some((other) => {
    // The parts of a section such as the network belong together; entries of a record do not.
    const parent = other[0] === "network" ? other.slice(0, 1) : other.slice(0, -1);
    // At the top of the definition everything would be a neighbour of everything.
    return startsWith(path, parent.length === 0 ? other : parent) || startsWith(other, path);
  });
}

function startsWith(path: Path, start: Path): boolean {
  return start.length <= path.length && start.every((step, index) => path[index] === step);
}

function hasPath(data: unknown, path: Path): boolean {
  const [step, ...rest] = path;
  if (step === undefined) return true;
  return (
    typeof data === "object" && data !== null && Object.hasOwn(data, step) && hasPath(own(data, step), rest)
  );
}

function withoutPath<T>(data: T, path: Path): T {
  const [step, ...rest] = path;
  if (step === undefined || typeof data !== "object" || data === null || !Object.hasOwn(data, step))
    return data;
  if (Array.isArray(data)) {
    // An element is not cut out, because the paths of those behind it must stay true.
    if (rest.length === 0) return [] as T;
    return data.map((item, index) => (index === step ? withoutPath(item, rest) : item)) as T;
  }
  const { [step]: child, ...others } = data as Record<string | number, unknown>;
  if (rest.length === 0) return others as T;
  return (
    isData(child) || Array.isArray(child) ? { ...others, [step]: withoutPath(child, rest) } : data
  ) as T;
}

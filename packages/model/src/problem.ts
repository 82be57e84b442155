import type { CodedError } from "@tenantry/base";

/** Where in the definition: the keys and indexes from the top. */
export type Path = readonly (string | number)[];

/** One mistake in a definition. */
export interface Problem {
  readonly code: string;
  /** Where, as it would be written in TypeScript, such as `services.app.cpuUnits`; empty for the whole. */
  readonly path: string;
  /** The path and what is wrong there. */
  readonly message: string;
  /** What to write instead. */
  readonly fix: string;
}

/** A mistake before its path is known to be final. */
export interface Mistake {
  readonly path: Path;
  readonly error: CodedError;
  /** The same place without environments, where the mistake may stem from an override of it. */
  readonly origin?: Path;
}

function toProblem({ path, error }: Mistake): Problem {
  const place = formatPath(path);
  return {
    code: error.code,
    path: place,
    message: place === "" ? error.message : `${place}: ${error.message}`,
    fix: error.fix,
  };
}

export function formatPath(path: Path): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (/^[A-Za-z_][\w-]*$/.test(step)) text += text === "" ? step : `.${step}`;
    else text += `[${JSON.stringify(step.length > 60 ? `${step.slice(0, 59)}…` : step)}]`;
  }
  return text;
}

/**
 * What the environments have in common is said once: what is wrong in the definition itself
 * shows in each of them, and an override beside it did not cause it.
 */
export function joinEnvironments(environments: readonly (readonly Mistake[])[]): readonly Mistake[] {
  const keyOf = (path: Path, { error }: Mistake) => `${error.code} ${formatPath(path)}`;
  const own = new Set(
    environments
      .flat()
      .filter(({ origin }) => origin === undefined)
      .map((mistake) => keyOf(mistake.path, mistake)),
  );
  const seen = new Set<string>();
  return environments.flatMap((mistakes) => {
    const kept = mistakes.filter((mistake) => {
      if (mistake.origin !== undefined && own.has(keyOf(mistake.origin, mistake))) return false;
      return !seen.has(keyOf(mistake.path, mistake));
    });
    for (const mistake of kept) seen.add(keyOf(mistake.path, mistake));
    return kept;
  });
}

/** Each mistake once, in the order of paths and codes, so that the report never jumps. */
export function toProblems(mistakes: readonly Mistake[]): readonly Problem[] {
  const byText = new Map<string, Problem>();
  for (const mistake of mistakes) {
    const problem = toProblem(mistake);
    byText.set(`${problem.path}\n${problem.code}\n${problem.message}`, problem);
  }
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, problem]) => problem);
}

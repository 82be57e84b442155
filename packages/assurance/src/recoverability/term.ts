import { type FigureName, figures, type MeasuredFigure } from "./figures.ts";

/** One addend of a promise: what is waited for, how long, and who says so. */
export interface Term {
  readonly what: string;
  /** Null where nobody says. */
  readonly seconds: number | null;
  /** A link, a drill, or the resource or field of the definition that says it. */
  readonly source: string;
}

/** What a step takes by AWS's figure, or by a drill's where there is one. */
export type Estimate = (what: string, figure: FigureName) => Term;

export function estimateBy(measured: readonly MeasuredFigure[]): Estimate {
  const byFigure = new Map(measured.map((one) => [one.figure, one]));
  return (what, name) => {
    const drill = byFigure.get(name);
    if (drill !== undefined) return { what, seconds: drill.seconds, source: drill.source };
    const { seconds, says, source } = figures[name];
    return { what: `${what} (${says})`, seconds, source };
  };
}

export interface Sum {
  /** Of the terms that are known: at least so long. */
  readonly seconds: number;
  readonly unsaid: readonly Term[];
}

export function sumOf(terms: readonly Term[]): Sum {
  return {
    seconds: terms.reduce((sum, { seconds }) => sum + (seconds ?? 0), 0),
    unsaid: terms.filter(({ seconds }) => seconds === null),
  };
}

/** "180 s detection [data/Alarm] + 900 s decision [incidents.acknowledgeMinutes] = 1080 s" */
export function formatSum(terms: readonly Term[]): string {
  const addends = terms.map(
    ({ what, seconds, source }) => `${seconds === null ? "?" : `${seconds} s`} ${what} [${source}]`,
  );
  const { seconds, unsaid } = sumOf(terms);
  return `${addends.join(" + ")} = ${unsaid.length > 0 ? "at least " : ""}${seconds} s`;
}

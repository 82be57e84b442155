import { assert } from "@tenantry/base";
import { isTenantId } from "@tenantry/model";
import { assign } from "./assign.ts";
import { matches } from "./matches.ts";
import type { Pattern } from "./pattern.ts";
import { search, type Source } from "./search.ts";
import { Store } from "./store.ts";
import { equalTokens, placesOf, type Token, tokensOf } from "./token.ts";
import { idVariable, knownId, markVariable, reversed, type Variable } from "./variable.ts";

export interface MeetOptions {
  /** The platform's longest tenant id. */
  readonly lengthMax: number;
  /** Whether different names of tenants stand for different ids; they do unless this is false. */
  readonly distinct?: boolean;
  /** Ids of the grammar that none of the tenants has, such as that of a tenant which is named in a pattern. */
  readonly others?: readonly string[];
  /** The length of a mark's text where AWS always makes it the same, such as the six characters behind a secret's name. */
  readonly markLength?: (content: string) => number | undefined;
  /** The work after which it is given up. */
  readonly stepsMax?: number;
}

export type Meeting =
  /** Proved: whatever the ids and the marks are, no text matches both. */
  | { readonly kind: "never" }
  | { readonly kind: "meet"; readonly a: string; readonly b: string; readonly text: string }
  | { readonly kind: "unknown"; readonly why: string };

/** A fraction of a second in both directions. */
const stepsMaxDefault = 1_000_000;
/** Pairs of places; two policies of the longest kind have a few hundred thousand. */
const pairsMax = 4_000_000;

/** Both patterns without what is the same text on both sides, whatever it is. */
interface Problem {
  readonly variables: readonly Variable[];
  readonly before: readonly Token[];
  readonly left: readonly Token[];
  readonly right: readonly Token[];
  readonly after: readonly Token[];
}

/** A text for each variable, by index, and the common text. */
type Solution =
  | { readonly kind: "found"; readonly texts: readonly string[]; readonly text: string }
  | { readonly kind: "never" }
  | { readonly kind: "exhausted" };

/**
 * Whether there are ids of the grammar (packages/model/src/tenant-id.ts), and texts for the marks (`markVariable` says
 * which), such that some text matches both patterns. It is exact: every length and every character is covered by the
 * search, and a witness is checked by another way of matching before it is returned.
 */
export function canMeet(one: Pattern, other: Pattern, options: MeetOptions): Meeting {
  if (differAtAnEnd(one, other)) return { kind: "never" };
  const problem = problemOf(one, other, options);
  if (problem.left.length * problem.right.length > pairsMax)
    return { kind: "unknown", why: "the patterns are too long" };
  const solution = solve(problem, options.stepsMax ?? stepsMaxDefault);
  if (solution.kind === "never") return { kind: "never" };
  if (solution.kind === "exhausted")
    return { kind: "unknown", why: "there are too many ways to compare them" };
  const unresolved = [...one, ...other].find((part) => part.kind === "unknown");
  if (unresolved !== undefined) return { kind: "unknown", why: unresolved.why };
  const { text, texts } = solution;
  const textOf = (key: string): string => texts[problem.variables.findIndex((one) => one.key === key)] ?? "";
  const [a, b] = [textOf("id a"), textOf("id b")];
  assert(matches(one, text, textOf) && matches(other, text, textOf), `${text} does not match both patterns`);
  assert(isTenantId(a) && isTenantId(b), `${a} and ${b} are not both ids`);
  assert(options.distinct === false || a !== b, `${a} is not another tenant's id`);
  return { kind: "meet", a, b, text };
}

/**
 * From the left and from the right by turns, each time with more work: where the patterns cannot agree at one end, that
 * is seen at once from there, and only after all ways through the rest from the other.
 */
function solve(problem: Problem, stepsMax: number): Solution {
  const mirrored = mirror(problem);
  let result: Solution = { kind: "exhausted" };
  for (let steps = Math.min(stepsMax, 2_000); result.kind === "exhausted"; steps *= 8) {
    result = solveFromLeft(problem, Math.min(steps, stepsMax));
    if (result.kind !== "exhausted") return result;
    const back = solveFromLeft(mirrored, Math.min(steps, stepsMax));
    if (back.kind === "found")
      return { kind: "found", texts: back.texts.map(backwards), text: backwards(back.text) };
    if (back.kind === "never" || steps >= stepsMax) return back;
  }
  return result;
}

function mirror({ variables, before, left, right, after }: Problem): Problem {
  return {
    variables: variables.map(reversed),
    before: after.toReversed(),
    left: left.toReversed(),
    right: right.toReversed(),
    after: before.toReversed(),
  };
}

const backwards = (text: string): string => text.split("").toReversed().join("");

function solveFromLeft({ variables, before, left, right, after }: Problem, stepsMax: number): Solution {
  const store = new Store(variables);
  let texts: readonly string[] = [];
  const result = search(placesOf(left, variables), placesOf(right, variables), store, stepsMax, () => {
    const assignment = assign(store);
    if (assignment.kind === "texts") texts = assignment.texts;
    return assignment.kind === "texts" || (assignment.kind === "not-found" && "unsure");
  });
  if (result.kind !== "found") return result;
  const text = [
    ...before.map((token) => wholeText(token, texts)),
    ...result.path.map((source) => characterOf(source, texts)),
    ...after.map((token) => wholeText(token, texts)),
  ].join("");
  return { kind: "found", texts, text };
}

function problemOf(one: Pattern, other: Pattern, options: MeetOptions): Problem {
  const variables = variablesOf([...one, ...other], options);
  const index = new Map(variables.map(({ key }, position) => [key, position]));
  const variableOf = (key: string): number => index.get(key) ?? -1;
  const left = tokensOf(one, variableOf);
  const right = tokensOf(other, variableOf);
  const [before, after] = commonEnds(left, right);
  return {
    variables,
    before: left.slice(0, before),
    left: left.slice(before, left.length - after),
    right: right.slice(before, right.length - after),
    after: left.slice(left.length - after),
  };
}

/** The usual case, without any search: two names that begin or end with different literal text. */
function differAtAnEnd(one: Pattern, other: Pattern): boolean {
  const [first, otherFirst, last, otherLast] = [one[0], other[0], one.at(-1), other.at(-1)];
  if (first?.kind === "text" && otherFirst?.kind === "text") {
    const length = Math.min(first.text.length, otherFirst.text.length);
    if (first.text.slice(0, length) !== otherFirst.text.slice(0, length)) return true;
  }
  if (last?.kind !== "text" || otherLast?.kind !== "text") return false;
  const length = Math.min(last.text.length, otherLast.text.length);
  return last.text.slice(-length) !== otherLast.text.slice(-length);
}

function variablesOf(parts: Pattern, options: MeetOptions): readonly Variable[] {
  const { lengthMax, distinct = true, others = [] } = options;
  const tenants = new Set(["a", "b"]);
  const marks = new Set<string>();
  for (const part of parts) {
    if (part.kind === "tenant-id" || part.kind === "username") tenants.add(part.tenant);
    if (part.kind === "mark") marks.add(part.content);
  }
  return [
    ...[...tenants].map((tenant) => idVariable(tenant, lengthMax, distinct)),
    ...[...marks].map((content) => markVariable(content, options.markLength?.(content))),
    ...[...new Set(others)].map(knownId),
  ];
}

/** How many tokens at the beginning and at the end are the same text on both sides, whatever it is. */
function commonEnds(left: readonly Token[], right: readonly Token[]): readonly [number, number] {
  const shorter = Math.min(left.length, right.length);
  let before = 0;
  while (before < shorter && equalTokens(left[before] as Token, right[before] as Token)) before++;
  let after = 0;
  while (after < shorter - before && equalTokens(left.at(-1 - after) as Token, right.at(-1 - after) as Token))
    after++;
  return [before, after];
}

function wholeText(token: Token, texts: readonly string[]): string {
  if (token.kind === "character") return token.character;
  assert(token.kind === "variable", "only literal text and variables are equal whatever they are");
  const text = texts[token.variable] ?? "";
  return token.username ? text.replaceAll("-", "_") : text;
}

function characterOf(source: Source, texts: readonly string[]): string {
  if (source.kind === "character") return source.character;
  if (source.kind === "variable") return wholeText(source, texts).charAt(source.offset);
  return "x";
}

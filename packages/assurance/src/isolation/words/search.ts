import { hyphen, letter, underscore } from "./letters.ts";
import { bothGoOn, promisingPairs } from "./promising.ts";
import { sameInUsername, type Store } from "./store.ts";
import type { Place, Token } from "./token.ts";

/** Where a character of the common text comes from. */
export type Source = Token & { readonly offset: number };

export type SearchResult =
  | { readonly kind: "never" }
  | { readonly kind: "found"; readonly path: readonly Source[] }
  | { readonly kind: "exhausted" };

interface Step {
  readonly row: number;
  readonly column: number;
  /** Skips on the left come before those on the right, so that their orders are not tried too. */
  readonly leftDone: boolean;
  readonly source: Source | undefined;
  /** Undone before the next of this frame is tried. */
  readonly checkpoint: number;
  /** Which of its ways on is tried next. */
  attempt: number;
}

/** What can be tried at a pair of places, in this order. */
const attempts = ["skip-left", "skip-right", "take", "take-underscore"] as const;

/**
 * Walks both patterns side by side, character by character, depth first. A variable ends or goes on, a `*` too: these are
 * all choices there are; what each says of the variables is kept in the store. So every way is tried, up to `stepsMax`.
 *
 * @param accepts whether what is known at the ends can be made true; "unsure" leaves it open
 */
export function search(
  left: readonly Place[],
  right: readonly Place[],
  store: Store,
  stepsMax: number,
  accepts: () => boolean | "unsure",
): SearchResult {
  const width = right.length;
  const promising = promisingPairs(left, right);
  if (promising[0] !== 1) return { kind: "never" };
  const stack: Step[] = [frame(0, 0, false, undefined, store)];
  let unsure = false;
  for (let steps = 0; steps < stepsMax; steps++) {
    const top = stack.at(-1);
    if (top === undefined) return { kind: unsure ? "exhausted" : "never" };
    store.rollBack(top.checkpoint);
    if (top.row === left.length - 1 && top.column === width - 1 && top.attempt === 0) {
      const accepted = accepts();
      if (accepted === true) return { kind: "found", path: stack.flatMap(({ source }) => source ?? []) };
      unsure ||= accepted === "unsure";
    }
    const attempt = attempts[top.attempt++];
    if (attempt === undefined) stack.pop();
    else {
      const next = tryStep(attempt, top, left[top.row] as Place, right[top.column] as Place, store);
      if (next !== undefined && promising[next.row * width + next.column] === 1) stack.push(next);
    }
  }
  return { kind: "exhausted" };
}

function frame(
  row: number,
  column: number,
  leftDone: boolean,
  source: Source | undefined,
  store: Store,
): Step {
  return { row, column, leftDone, source, checkpoint: store.checkpoint(), attempt: 0 };
}

function tryStep(
  attempt: (typeof attempts)[number],
  { row, column, leftDone }: Step,
  one: Place,
  other: Place,
  store: Store,
): Step | undefined {
  if (attempt === "skip-left")
    return !leftDone && ends(one, store) ? frame(one.skip, column, false, undefined, store) : undefined;
  if (attempt === "skip-right")
    return ends(other, store) ? frame(row, other.skip, true, undefined, store) : undefined;
  if (one.next === -1 || other.next === -1 || bothGoOn(one, other)) return undefined;
  if (!goesOn(one, store) || !goesOn(other, store)) return undefined;
  if (!(attempt === "take" ? agree(one, other, store) : agreeOnUnderscore(one, other, store)))
    return undefined;
  return frame(one.next, other.next, false, sourceOf(one, other), store);
}

function ends({ token, offset, skip }: Place, store: Store): boolean {
  if (skip === -1) return false;
  return token?.kind !== "variable" || store.end(token.variable, offset);
}

function goesOn({ token, offset }: Place, store: Store): boolean {
  return token?.kind !== "variable" || store.goOn(token.variable, offset);
}

/** The more telling of the two. */
function sourceOf(one: Place, other: Place): Source {
  const rank = ({ token }: Place): number =>
    token?.kind === "character" ? 0 : token?.kind === "variable" ? 1 : 2;
  const place = rank(one) <= rank(other) ? one : other;
  return { ...(place.token as Token), offset: place.offset };
}

function agree(one: Place, other: Place, store: Store): boolean {
  const left = one.token as Token;
  const right = other.token as Token;
  if (left.kind === "character")
    return right.kind === "character"
      ? left.character === right.character
      : holds(right, other.offset, left.character, store);
  if (right.kind === "character") return holds(left, one.offset, right.character, store);
  if (left.kind !== "variable" || right.kind !== "variable") return true;
  if (left.username !== right.username && !store.restrict(left.variable, one.offset, sameInUsername))
    return false;
  return store.unite(left.variable, one.offset, right.variable, other.offset);
}

function holds(token: Token, offset: number, character: string, store: Store): boolean {
  if (token.kind !== "variable") return true;
  if (!token.username) return store.restrict(token.variable, offset, letter(character));
  if (character === "-") return false;
  return store.restrict(token.variable, offset, character === "_" ? hyphen : letter(character));
}

/** The one case in which a username's character and another's are equal and the id's is not: an underscore. */
function agreeOnUnderscore(one: Place, other: Place, store: Store): boolean {
  const left = one.token as Token;
  const right = other.token as Token;
  if (left.kind !== "variable" || right.kind !== "variable" || left.username === right.username) return false;
  return (
    store.restrict(left.variable, one.offset, left.username ? hyphen : underscore) &&
    store.restrict(right.variable, other.offset, right.username ? hyphen : underscore)
  );
}

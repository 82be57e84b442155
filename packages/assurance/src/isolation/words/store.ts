import { hyphen, type Letters, printableLetters, underscore } from "./letters.ts";
import type { Variable } from "./variable.ts";

/**
 * What is known of variables on one way through two patterns: which of their characters are equal, what each may be, how
 * long they are. Every step can be taken back. The characters of an id are never taken to be hyphens unless they must be:
 * whatever is not forced may be a letter, so that no other choice has to be tried.
 */
export class Store {
  readonly variables: readonly Variable[];
  readonly #base: Int32Array;
  readonly #length: Int16Array;
  /** How many characters of a variable have been walked over; it cannot be shorter. */
  readonly #seen: Int16Array;
  readonly #parent: Int32Array;
  readonly #size: Int32Array;
  /** The members of a class as a ring. */
  readonly #ring: Int32Array;
  readonly #letters: Letters[] = [];
  /** Whether a character has a neighbour in an id to its left (1) and right (2). */
  readonly #neighbours: Uint8Array;
  readonly #undo: (() => void)[] = [];

  constructor(variables: readonly Variable[]) {
    this.variables = variables;
    this.#base = new Int32Array(variables.length);
    this.#length = new Int16Array(variables.length);
    this.#seen = new Int16Array(variables.length);
    const count = variables.reduce((sum, { lengthMax }) => sum + lengthMax, 0);
    this.#parent = Int32Array.from({ length: count }, (_, index) => index);
    this.#ring = Int32Array.from({ length: count }, (_, index) => index);
    this.#size = new Int32Array(count).fill(1);
    this.#neighbours = new Uint8Array(count);
    let base = 0;
    for (const [index, { kind, lengthMin, lengthMax, lettersAt, lastLetters }] of variables.entries()) {
      this.#base[index] = base;
      const length = lengthMin === lengthMax ? lengthMax : -1;
      this.#length[index] = length;
      for (let offset = 0; offset < lengthMax; offset++) {
        this.#letters.push(offset === length - 1 ? lettersAt(offset) & lastLetters : lettersAt(offset));
        if (kind === "id")
          this.#neighbours[base + offset] = (offset > 0 ? 1 : 0) | (offset < lengthMax - 1 ? 2 : 0);
      }
      base += lengthMax;
    }
  }

  checkpoint(): number {
    return this.#undo.length;
  }

  /** Takes back everything since the checkpoint. */
  rollBack(checkpoint: number): void {
    while (this.#undo.length > checkpoint) this.#undo.pop()?.();
  }

  /** Undefined while it is open. */
  lengthOf(variable: number): number | undefined {
    const length = this.#length[variable] ?? -1;
    return length === -1 ? undefined : length;
  }

  /** The class of a variable's character. */
  classOf(variable: number, offset: number): number {
    return this.#root((this.#base[variable] ?? 0) + offset);
  }

  lettersOfClass(root: number): Letters {
    return this.#letters[root] ?? 0n;
  }

  /** Makes the variable this long; false where it cannot be, or would be equal to one that it differs from. */
  end(variable: number, length: number): boolean {
    const known = this.lengthOf(variable);
    if (known !== undefined) return known === length;
    const { lengthMin, lengthMax, lastLetters } = this.variables[variable] as Variable;
    if (length < lengthMin || length > lengthMax || length < (this.#seen[variable] ?? 0)) return false;
    this.#length[variable] = length;
    this.#undo.push(() => (this.#length[variable] = -1));
    if (!this.#restrict(this.classOf(variable, length - 1), lastLetters)) return false;
    return !this.variables.some(
      (_, other) => this.mustDiffer(variable, other) && this.placesOfDifference(variable, other).length === 0,
    );
  }

  /** Whether the variable goes on at this offset; false where it ends before. */
  goOn(variable: number, offset: number): boolean {
    const length = this.lengthOf(variable);
    if (length !== undefined) return offset < length;
    const { lengthMax } = this.variables[variable] as Variable;
    if (offset >= lengthMax) return false;
    const seen = this.#seen[variable] ?? 0;
    if (seen > offset) return true;
    this.#seen[variable] = offset + 1;
    this.#undo.push(() => (this.#seen[variable] = seen));
    return true;
  }

  /** A character of a variable can only be one of these. */
  restrict(variable: number, offset: number, letters: Letters): boolean {
    return this.#restrict(this.classOf(variable, offset), letters);
  }

  /** Two characters are equal. */
  unite(one: number, oneOffset: number, other: number, otherOffset: number): boolean {
    let large = this.classOf(one, oneOffset);
    let small = this.classOf(other, otherOffset);
    if (large === small) return true;
    if ((this.#size[large] ?? 0) < (this.#size[small] ?? 0)) [large, small] = [small, large];
    const before = this.lettersOfClass(large);
    const letters = before & this.lettersOfClass(small);
    if (letters === 0n) return false;
    this.#join(large, small);
    this.#undo.push(() => {
      this.#letters[large] = before;
      this.#split(large, small);
    });
    this.#letters[large] = letters;
    return letters !== hyphen || this.#separate(large);
  }

  /** Whether two variables of the same length are taken to differ. */
  mustDiffer(one: number, other: number): boolean {
    const group = this.variables[one]?.group ?? null;
    const length = this.lengthOf(one);
    return (
      one !== other &&
      group !== null &&
      this.variables[other]?.group === group &&
      length !== undefined &&
      length === this.lengthOf(other)
    );
  }

  /** The pairs of classes in which two variables of the same length can differ. */
  placesOfDifference(one: number, other: number): readonly (readonly [number, number])[] {
    return Array.from(
      { length: this.lengthOf(one) ?? 0 },
      (_, offset) => [this.classOf(one, offset), this.classOf(other, offset)] as const,
    ).filter(([left, right]) => {
      if (left === right) return false;
      const letters = this.lettersOfClass(left);
      return letters !== this.lettersOfClass(right) || !isOne(letters);
    });
  }

  #root(node: number): number {
    let root = node;
    while (this.#parent[root] !== root) root = this.#parent[root] ?? root;
    return root;
  }

  #restrict(root: number, allowed: Letters): boolean {
    const before = this.lettersOfClass(root);
    const letters = before & allowed;
    if (letters === before) return true;
    if (letters === 0n) return false;
    this.#letters[root] = letters;
    this.#undo.push(() => (this.#letters[root] = before));
    return letters !== hyphen || this.#separate(root);
  }

  /** No neighbour of a hyphen in an id is a hyphen. */
  #separate(root: number): boolean {
    let node = root;
    do {
      const neighbours = this.#neighbours[node] ?? 0;
      if ((neighbours & 1) !== 0 && !this.#restrict(this.#root(node - 1), ~hyphen)) return false;
      if ((neighbours & 2) !== 0 && !this.#restrict(this.#root(node + 1), ~hyphen)) return false;
      node = this.#ring[node] ?? root;
    } while (node !== root);
    return true;
  }

  #join(large: number, small: number): void {
    this.#parent[small] = large;
    this.#size[large] = (this.#size[large] ?? 0) + (this.#size[small] ?? 0);
    this.#swapRings(large, small);
  }

  #split(large: number, small: number): void {
    this.#parent[small] = small;
    this.#size[large] = (this.#size[large] ?? 0) - (this.#size[small] ?? 0);
    this.#swapRings(large, small);
  }

  /** Makes one ring of two, and two of one. */
  #swapRings(one: number, other: number): void {
    const next = this.#ring[one] ?? one;
    this.#ring[one] = this.#ring[other] ?? other;
    this.#ring[other] = next;
  }
}

const isOne = (letters: Letters): boolean => letters !== 0n && (letters & (letters - 1n)) === 0n;

/** Everything but the two characters in which an id and its username differ. */
export const sameInUsername: Letters = printableLetters & ~hyphen & ~underscore;

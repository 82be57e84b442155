import { tenantIdLengthMin } from "@tenantry/model";
import {
  digits,
  generatedLetters,
  idLetters,
  letter,
  type Letters,
  lowerCase,
  lowerCaseAndDigits,
  printableLetters,
} from "./letters.ts";

/** A text that is not known: an id of the grammar, or what a mark stands for. */
export interface Variable {
  readonly key: string;
  readonly kind: "id" | "mark";
  readonly lengthMin: number;
  readonly lengthMax: number;
  /** What may stand at a place, other places aside. */
  readonly lettersAt: (offset: number) => Letters;
  /** What may stand at the last place. */
  readonly lastLetters: Letters;
  /** Two variables of one group stand for two different texts. */
  readonly group: "ids" | "marks" | null;
}

export function idVariable(tenant: string, lengthMax: number, distinct: boolean): Variable {
  return {
    key: `id ${tenant}`,
    kind: "id",
    lengthMin: tenantIdLengthMin,
    lengthMax,
    lettersAt: (offset) => (offset === 0 ? lowerCase : idLetters),
    lastLetters: lowerCaseAndDigits,
    group: distinct ? "ids" : null,
  };
}

/** An id that is known, from which the others differ. */
export function knownId(id: string): Variable {
  return {
    key: `known ${id}`,
    kind: "mark",
    lengthMin: id.length,
    lengthMax: id.length,
    lettersAt: (offset) => letter(id.charAt(offset)),
    lastLetters: printableLetters,
    group: "ids",
  };
}

/** The variable whose texts are those of another, read from the right. */
export function reversed(variable: Variable): Variable {
  const { kind, lengthMin, lengthMax, lettersAt, lastLetters } = variable;
  return {
    ...variable,
    lettersAt:
      kind === "id"
        ? (offset) => (offset === 0 ? lastLetters : lettersAt(1))
        : (offset) => lettersAt(lengthMin === lengthMax ? lengthMax - 1 - offset : offset),
    lastLetters: kind === "id" ? lettersAt(0) : lastLetters,
  };
}

/** The longest text of a mark. AWS adds 12 to 26 characters to a name; the ids that it gives are no longer than this. */
const markLengthMax = 64;

/**
 * What a mark (artifacts/mark.ts) may stand for:
 * - the account is twelve digits, a priority one to five;
 * - what AWS makes up for a resource, and an id of it, is 1 to 64 letters, digits and hyphens, which nobody chooses;
 * - everything else (addresses, ARNs, who pays for a tenant, what a deployment fills in) is 1 to 64 printable characters.
 *
 * Equal marks are equal text. Two different marks of resources, and of priorities, are taken to differ: AWS gives no name
 * and no id twice. Of ports and of all other marks that is not said.
 *
 * @param length of the text, where AWS always makes it the same
 */
export function markVariable(content: string, length?: number): Variable {
  const base = {
    key: `mark ${content}`,
    kind: "mark",
    lengthMin: length ?? 1,
    lengthMax: length ?? markLengthMax,
    lastLetters: printableLetters,
    group: null,
  } as const;
  if (content === "account") return { ...base, lengthMin: 12, lengthMax: 12, lettersAt: () => digits };
  if (content.startsWith("priority:"))
    return { ...base, lengthMax: 5, lettersAt: () => digits, group: "marks" };
  if (content.startsWith("hosted-zone:")) return { ...base, lettersAt: () => generatedLetters };
  if (/^[a-z-]+:/u.test(content) || !content.includes("/"))
    return { ...base, lettersAt: () => printableLetters };
  const attribute = /\.([^/]*)$/u.exec(content)?.[1];
  const isId = attribute === undefined || attribute.endsWith("Id");
  return {
    ...base,
    lettersAt: () => (isId ? generatedLetters : printableLetters),
    group: attribute?.endsWith("Port") === true ? null : "marks",
  };
}

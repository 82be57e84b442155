/** A set of printable ASCII characters, one bit for each. */
export type Letters = bigint;

/** The set of one character; empty for a character that no id and no mark can hold. */
export function letter(character: string): Letters {
  const code = character.charCodeAt(0);
  return character.length === 1 && code > 0x20 && code < 0x7f ? 1n << BigInt(code - 0x20) : 0n;
}

const lettersOf = (text: string): Letters =>
  [...text].reduce((set, character) => set | letter(character), 0n);

export const hyphen: Letters = letter("-");
export const underscore: Letters = letter("_");
export const lowerCase: Letters = lettersOf("abcdefghijklmnopqrstuvwxyz");
export const digits: Letters = lettersOf("0123456789");
export const lowerCaseAndDigits: Letters = lowerCase | digits;
export const idLetters: Letters = lowerCaseAndDigits | hyphen;
export const generatedLetters: Letters = idLetters | lettersOf("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
/** Every character of the sets above and all punctuation. */
export const printableLetters: Letters = (1n << 95n) - 2n;

/** The characters of a set, letters and digits first, a hyphen only where there is nothing else. */
export function charactersOf(set: Letters): readonly string[] {
  return preferred.filter((character) => (set & letter(character)) !== 0n);
}

const preferred: readonly string[] = Array.from({ length: 94 }, (_, index) =>
  String.fromCharCode(0x21 + index),
).sort((one, other) => rank(one) - rank(other));

function rank(character: string): number {
  const kind = [lowerCase, digits, generatedLetters & ~hyphen].findIndex(
    (set) => (set & letter(character)) !== 0n,
  );
  return (kind === -1 ? 3 : kind) * 256 + character.charCodeAt(0);
}

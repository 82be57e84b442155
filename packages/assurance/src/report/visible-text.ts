/**
 * Names come from files that anybody may have edited. What would move a cursor, hide or turn around the text beside it,
 * or begin a line of its own is written as its number: \u{1b}.
 */
export function visibleText(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

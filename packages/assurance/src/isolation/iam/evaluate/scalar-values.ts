/** The number that a policy or a request writes; null for anything else. */
export function numberOf(text: string): number | null {
  return /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/iu.test(text) ? Number(text) : null;
}

const isoDate = /^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/u;

/** Milliseconds of the epoch, of an ISO 8601 date or of seconds of the epoch; null for anything else. */
export function dateOf(text: string): number | null {
  if (/^\d{9,13}$/u.test(text)) return Number(text) * 1000;
  if (!isoDate.test(text)) return null;
  const hasTime = text.includes("T");
  const hasZone = /(Z|[+-]\d{2}:\d{2})$/u.test(text);
  const time = Date.parse(hasTime && !hasZone ? `${text}Z` : text);
  return Number.isNaN(time) ? null : time;
}

export const isDate = (text: string): boolean => dateOf(text) !== null;

import type { ApiLimits } from "./api-limits.ts";
import { type ProblemLocation, ProblemError } from "./problems.ts";

type JsonLimits = Pick<ApiLimits, "jsonDepthMax" | "jsonValuesMax">;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads a JSON body and refuses what would not come back as it went in: text that PostgreSQL
 * cannot store (U+0000, lone surrogates), numbers that lose digits in a double, and the key
 * `__proto__`, which programs downstream may take for more than data. Of a key that stands twice
 * in an object the last one counts, as in JavaScript and in PostgreSQL.
 *
 * @throws ProblemError MALFORMED_JSON or INVALID_BODY
 */
export function parseJsonBody(bytes: Uint8Array, { jsonDepthMax, jsonValuesMax }: JsonLimits): unknown {
  if (holdsMoreValues(bytes, jsonValuesMax)) {
    const message = `holds more than ${jsonValuesMax} values`;
    throw new ProblemError("INVALID_BODY", { errors: [{ pointer: "", message }] });
  }
  const value = decode(bytes);
  const mistake = findMistake(value, jsonDepthMax);
  if (mistake !== null) throw new ProblemError("INVALID_BODY", { errors: [mistake] });
  return value;
}

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];

/**
 * Whether the text has more values than are accepted, told before anything is built of it: a body of
 * a hundred thousand keys takes a hundred times as long as its bytes would let one think. Each value of an
 * array or object but the first follows a comma, so commas outside of strings are counted.
 */
function holdsMoreValues(bytes: Uint8Array, valuesMax: number): boolean {
  // A comma and a value are two bytes at least.
  if (bytes.length < 2 * valuesMax) return false;
  let commas = 0;
  let isInText = false;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (isInText) {
      if (byte === backslash) index += 1;
      else if (byte === quote) isInText = false;
    } else if (byte === quote) isInText = true;
    else if (byte === comma) {
      commas += 1;
      if (commas >= valuesMax) return true;
    }
  }
  return false;
}

function decode(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes)) as unknown;
  } catch {
    // The parser's message quotes the body, which may hold a secret.
    throw new ProblemError("MALFORMED_JSON");
  }
}

/** Looks for the first mistake. The pointer is spelled out on the way back, so a good body costs no text. */
function findMistake(value: unknown, depthLeft: number): ProblemLocation | null {
  if (typeof value === "string") return mistakeInText(value);
  if (typeof value === "number") return mistakeInNumber(value);
  if (typeof value !== "object" || value === null) return null;
  if (depthLeft === 0) return { pointer: "", message: "nests deeper than the limit" };
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      const mistake = findMistake(value[index], depthLeft - 1);
      if (mistake !== null) return under(String(index), mistake);
    }
    return null;
  }
  for (const key of Object.keys(value)) {
    const mistake = mistakeInKey(key) ?? findMistake((value as Record<string, unknown>)[key], depthLeft - 1);
    if (mistake !== null) return under(key, mistake);
  }
  return null;
}

function mistakeInKey(key: string): ProblemLocation | null {
  return key === "__proto__"
    ? { pointer: "", message: "the key __proto__ is not accepted" }
    : mistakeInText(key);
}

function mistakeInText(text: string): ProblemLocation | null {
  if (text.includes("\u0000")) return { pointer: "", message: "the character U+0000 cannot be stored" };
  if (!text.isWellFormed()) return { pointer: "", message: "a surrogate without its other half is not text" };
  return null;
}

function mistakeInNumber(value: number): ProblemLocation | null {
  if (Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value)) return null;
  return { pointer: "", message: "a number beyond 9007199254740991 loses digits; write it as a string" };
}

function under(key: string, mistake: ProblemLocation): ProblemLocation {
  return { pointer: `/${escapePointer(key)}${mistake.pointer}`, message: mistake.message };
}

/** A key as one part of a JSON pointer, with what cannot be sent made visible. */
export function escapePointer(key: string): string {
  return key.toWellFormed().replaceAll("~", "~0").replaceAll("/", "~1").slice(0, 200);
}

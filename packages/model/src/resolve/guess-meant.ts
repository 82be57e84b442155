import { own } from "./layers.ts";

/** MiB in a unit of size, by its first letter. */
const sizesMiB: Readonly<Record<string, number>> = { m: 1, g: 1024, t: 1024 * 1024 };
/** Milliseconds in a unit of time, by how it may be written. */
const timesMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
/** What one unit of a field is, by the end of the field's name: in MiB or in milliseconds. */
const fields: readonly (readonly [end: RegExp, table: Readonly<Record<string, number>>, one: number])[] = [
  [/MiB$/, sizesMiB, 1],
  [/GiB(Max)?$/, sizesMiB, 1024],
  [/Ms(Max)?$/, timesMs, 1],
  [/Seconds$/, timesMs, 1000],
  [/Minutes$/, timesMs, 60_000],
  [/Days(Max)?$/, timesMs, 86_400_000],
  [/^(cpuUnits)$/, { v: 1024, c: 1024, m: 1.024 }, 1],
];

/**
 * What was probably meant by a value of the wrong type, ready to stand behind "write": numbers in
 * quotes, numbers with a unit, words for true and false, lists where names are keys. Null where
 * nothing can be guessed.
 */
export function guessMeant(value: unknown, expected: string, field: string): string | null {
  switch (expected) {
    case "number":
    case "int":
      return typeof value === "string" ? numberIn(value, field) : null;
    case "boolean":
      return truthIn(value);
    case "string":
      return typeof value === "number" || typeof value === "boolean" ? `"${String(value)}", in quotes` : null;
    case "array":
      return typeof value === "string" ? `a list, such as [${JSON.stringify(value.slice(0, 40))}]` : null;
    case "object":
    case "record":
      return Array.isArray(value) ? keysOf(value) : null;
    default:
      return null;
  }
}

function numberIn(text: string, field: string): string | null {
  const match = /^\s*\$?(\d{1,12}(?:[._]\d{1,6})?)\s*([a-zA-Z%]*)\s*$/.exec(text);
  if (match === null) return null;
  const amount = Number((match[1] ?? "").replace("_", ""));
  const unit = (match[2] ?? "").toLowerCase();
  if (unit === "" || unit === "%" || unit === "usd") return `${amount} without quotes`;
  const [, table, one] = fields.find(([end]) => end.test(field)) ?? [];
  if (table === undefined || one === undefined) return null;
  const factor = Object.hasOwn(table, unit) ? table[unit] : table[unit.slice(0, 1)];
  const result = factor === undefined ? Number.NaN : (amount * factor) / one;
  return Number.isFinite(result) ? `${Math.round(result)}: the name of the field says the unit` : null;
}

function truthIn(value: unknown): string | null {
  const word = typeof value === "string" ? value.trim().toLowerCase() : value;
  if (["true", "yes", "on", "y", "enabled", 1].includes(word as string)) return "true, without quotes";
  if (["false", "no", "off", "n", "disabled", 0].includes(word as string)) return "false, without quotes";
  return null;
}

function keysOf(list: readonly unknown[]): string {
  const names = list.map((item) => own(item, "name") ?? own(item, "id") ?? item);
  const first = names.find((name) => typeof name === "string" && name.length <= 40);
  return `an object whose keys are the names, such as { ${first === undefined ? "name" : JSON.stringify(first)}: … }`;
}

import { stableJson } from "@tenantry/base";
import { z } from "zod";
import { errors } from "../errors.ts";

/** The name of the file, beside the definition. */
export const baselineFileName = "tenantry.baseline.json";

/** Findings that a person has accepted, each for a time. Reviewed as code is. */
export interface Baseline {
  readonly version: 1;
  readonly accepted: readonly BaselineEntry[];
}

export interface BaselineEntry {
  /** Of the finding, as each report shows it. */
  readonly id: string;
  /** Where it holds; in every environment without it. */
  readonly environment?: string | undefined;
  readonly reason: string;
  /** The last day on which it holds, in UTC: "2027-01-31". */
  readonly until: string;
  /** The witnesses that were accepted. A finding of this id that shows something else is not; without it any is. */
  readonly seen?: readonly string[] | undefined;
}

export const emptyBaseline: Baseline = Object.freeze({ version: 1, accepted: [] });

const textMax = 2_000;
const entriesMax = 5_000;

const text = (max: number) => z.string().trim().min(1).max(max);

const entrySchema: z.ZodType<BaselineEntry> = z.strictObject({
  id: text(400).regex(/^[a-z]+\/[a-z0-9-]+@/, "an id begins with its rule, such as iam/…@"),
  environment: text(63).optional(),
  reason: text(textMax),
  until: z.iso.date("a date such as 2027-01-31"),
  seen: z.array(z.string().max(100_000)).max(1_000).optional(),
});

const baselineSchema: z.ZodType<Baseline> = z.strictObject({
  version: z.literal(1),
  accepted: z.array(entrySchema).max(entriesMax),
});

/**
 * Reads the text of a baseline.
 *
 * @param path for messages
 * @throws ASSURANCE_BASELINE_SYNTAX, ASSURANCE_BASELINE_INVALID, ASSURANCE_BASELINE_TWICE
 */
export function parseBaseline(content: string, path: string): Baseline {
  const read = baselineSchema.safeParse(parseJson(content, path));
  if (!read.success) {
    const [issue] = read.error.issues;
    const at = issue?.path.join(".") ?? "";
    throw errors.ASSURANCE_BASELINE_INVALID({
      path,
      at: at === "" ? "the file" : at,
      detail: issue?.message ?? "wrong",
    });
  }
  const seen = new Set<string>();
  for (const entry of read.data.accepted) {
    const key = keyOf(entry);
    if (seen.has(key)) throw errors.ASSURANCE_BASELINE_TWICE({ path, id: entry.id });
    seen.add(key);
  }
  return read.data;
}

/** The text of the file: the entries in the order of their ids, so that two people's additions merge. */
export function formatBaseline({ accepted }: Baseline): string {
  const inOrder = accepted.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  return `${stableJson({ version: 1, accepted: inOrder })}\n`;
}

/** The baseline with one more entry, which takes the place of the one for the same finding and environment. */
export function withAccepted(baseline: Baseline, entry: BaselineEntry): Baseline {
  const others = baseline.accepted.filter((other) => keyOf(other) !== keyOf(entry));
  return { version: 1, accepted: [...others, entry] };
}

const keyOf = ({ id, environment }: BaselineEntry) => `${id}\n${environment ?? ""}`;

function parseJson(content: string, path: string): unknown {
  try {
    return JSON.parse(content) as unknown;
  } catch (cause) {
    const detail = cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : "";
    throw errors.ASSURANCE_BASELINE_SYNTAX({ path, detail: detail.slice(0, 120) }, cause);
  }
}

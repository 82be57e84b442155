import type { CodedError } from "@tenantry/base";
import type { z } from "zod";
import { errors } from "../errors.ts";
import type { Mistake, Path } from "../problem.ts";
import { guessMeant } from "./guess-meant.ts";

type Issue = z.core.$ZodIssue;

const plainNames: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
  tuple: "a list",
  null: "null",
};

/** What the schema found, in our words. One issue may be several mistakes (unknown fields). */
export function translateIssue(issue: Issue, prefix: Path = []): readonly Mistake[] {
  const path: Path = [...prefix, ...issue.path.filter((step) => typeof step !== "symbol")];
  switch (issue.code) {
    case "unrecognized_keys": {
      const known = issue.message.split(" ");
      return issue.keys.map((key) => ({
        path: [...path, key],
        error: errors.MODEL_UNKNOWN_KEY({ key, known }),
      }));
    }
    case "invalid_key":
    case "invalid_element":
      return issue.issues.flatMap((inner) => translateIssue(inner, path));
    case "invalid_union":
      return translateUnion(issue, path);
    default:
      return [{ path, error: errorOf(issue, path) }];
  }
}

/** Where things of a kind belong, for one that stands elsewhere. */
const belongings: Readonly<Record<string, string>> = {
  service: "services",
  function: "functions",
  tier: "tiers",
  postgres: "stores",
  documentdb: "stores",
  redis: "stores",
  bucket: "stores",
  queue: "stores",
  topic: "stores",
  broker: "stores",
};

function wrongKind(kind: unknown, expected: string): CodedError {
  const belongs = typeof kind === "string" && Object.hasOwn(belongings, kind) ? belongings[kind] : undefined;
  return errors.MODEL_WRONG_KIND({ kind, expected, belongs: belongs ?? null });
}

function errorOf(
  issue: Exclude<Issue, { code: "invalid_union" | "unrecognized_keys" }>,
  path: Path,
): CodedError {
  const value = issue.input;
  switch (issue.code) {
    case "custom":
      return (
        (issue.params?.["error"] as CodedError | undefined) ??
        errors.MODEL_WRONG_TYPE({ value, expected: issue.message })
      );
    case "invalid_type":
      return wrongType(value, expectedOf(issue), String(issue.expected), path);
    case "invalid_value": {
      const known = issue.values.map(String);
      if (path.at(-1) === "kind" && known.length === 1) return wrongKind(value, known[0] ?? "");
      if (value === undefined) return errors.MODEL_MISSING({ expected: `one of ${known.join(", ")}` });
      return errors.MODEL_NOT_ONE_OF({ value, known });
    }
    case "too_small":
    case "too_big":
      return outOfRange(issue);
    case "invalid_format":
      return errors.MODEL_WRONG_TYPE({
        value,
        expected: issue.message.startsWith("Invalid") ? `text of the form ${issue.format}` : issue.message,
      });
    default:
      return errors.MODEL_WRONG_TYPE({ value, expected: issue.message });
  }
}

function expectedOf(issue: z.core.$ZodIssueInvalidType): string {
  // A schema may say itself what it wants; zod's own messages begin with "Invalid".
  if (!issue.message.startsWith("Invalid")) return issue.message;
  return plainNames[issue.expected] ?? String(issue.expected);
}

function wrongType(value: unknown, expected: string, type: string, path: Path): CodedError {
  if (value === undefined) return errors.MODEL_MISSING({ expected });
  if (expected === "a whole number" && typeof value === "number") return errors.MODEL_NOT_WHOLE({ value });
  const field = String(path.findLast((step) => typeof step === "string") ?? "");
  // A name that has to obey a grammar is seldom right because it is put in quotes.
  const isQuotable = type !== "string" || expected === "text" || expected.includes("digits");
  const meant = isQuotable ? guessMeant(value, type, field) : null;
  return errors.MODEL_WRONG_TYPE({ value, expected, meant });
}

function outOfRange(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): CodedError {
  const min = issue.code === "too_small" ? Number(issue.minimum) : undefined;
  const max = issue.code === "too_big" ? Number(issue.maximum) : undefined;
  const value = issue.input;
  if (typeof value === "string")
    return errors.MODEL_LENGTH({ value: value.length, min, max, unit: "characters" });
  if (Array.isArray(value)) return errors.MODEL_LENGTH({ value: value.length, min, max, unit: "entries" });
  return errors.MODEL_OUT_OF_RANGE({ value, min, max });
}

/** Of the alternatives of a union, the one that fits best: its mistakes are inside, not at the top. */
function translateUnion(issue: z.core.$ZodIssueInvalidUnion, path: Path): readonly Mistake[] {
  const value = issue.input;
  if (issue.discriminator !== undefined) {
    const known = "options" in issue ? (issue.options ?? []).map(String) : [];
    const kind = (value as Record<string, unknown> | undefined)?.[issue.discriminator];
    // Something of another part, such as a service among the stores, has a place of its own.
    const elsewhere =
      typeof kind === "string" && Object.hasOwn(belongings, kind) && known.includes("postgres");
    const error =
      kind === undefined
        ? errors.MODEL_MISSING({ expected: `one of ${known.join(", ")}` })
        : elsewhere
          ? wrongKind(kind, "store")
          : errors.MODEL_NOT_ONE_OF({ value: kind, known });
    return [{ path: path.at(-1) === issue.discriminator ? path : [...path, issue.discriminator], error }];
  }
  const inside = issue.errors.find(
    (branch) => branch.length > 0 && branch.every((inner) => !isWholesale(inner)),
  );
  if (inside !== undefined) return inside.flatMap((inner) => translateIssue(inner, path));
  return [{ path, error: wrongType(value, issue.message, "union", path) }];
}

function isWholesale(issue: Issue): boolean {
  return issue.path.length === 0 && (issue.code === "invalid_type" || issue.code === "invalid_value");
}

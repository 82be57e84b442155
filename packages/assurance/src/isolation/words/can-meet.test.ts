// Goal: what is said of all pairs of tenant ids is true: by hand for the holes that are known, and by brute force for random patterns.
import { seededRandom } from "@tenantry/base";
import { isTenantId } from "@tenantry/model";
import { describe, expect, test } from "vitest";
import { canMeet, type MeetOptions } from "./can-meet.ts";
import { matches } from "./matches.ts";
import { parsePattern, type Pattern, type PatternPart } from "./pattern.ts";

const meeting = (one: string, other: string, options: Partial<MeetOptions> = {}) =>
  canMeet(parsePattern(one, { wildcards: true }), parsePattern(other, { wildcards: true }), {
    lengthMax: 32,
    ...options,
  });

describe("by hand", () => {
  const never: readonly (readonly [string, string])[] = [
    ["app-⟨tenant:a⟩", "app-⟨tenant:b⟩"],
    ["app-⟨tenant:a⟩-data", "app-⟨tenant:b⟩-data"],
    ["arn:aws:s3:::app-⟨tenant:a⟩/*", "arn:aws:s3:::app-⟨tenant:b⟩/*"],
    ["⟨username:a⟩", "⟨username:b⟩"],
    // An id has no underscore, so a username is another tenant's id only if it is its own.
    ["⟨username:a⟩", "⟨tenant:b⟩"],
    ["⟨tenant:a⟩_b", "⟨tenant:b⟩"],
    ["⟨tenant:a⟩--x", "⟨tenant:b⟩"],
    ["⟨tenant:a⟩-", "⟨tenant:b⟩"],
    ["-⟨tenant:a⟩", "⟨tenant:b⟩"],
    ["⟨tenant:a⟩--⟨tenant:b⟩", "⟨tenant:b⟩--⟨tenant:a⟩"],
    ["*.⟨tenant:a⟩.example.com", "*.⟨tenant:b⟩.example.com"],
    ["*.⟨tenant:a⟩.example.com", "⟨tenant:b⟩.example.com"],
    ["app-⟨tenant:a⟩-TaskRole-⟨x/Role⟩", "app-⟨tenant:b⟩-TaskRole-⟨y/Role⟩"],
    [
      "arn:aws:iam::⟨account⟩:role/⟨tenant:a⟩/⟨tenant/⟨tenant:a⟩/Role⟩",
      "arn:aws:iam::⟨account⟩:role/⟨tenant:b⟩/*",
    ],
    ["*-⟨tenant:a⟩-*-x/*/⟨tenant:a⟩", "*-⟨tenant:b⟩-*-x/*/⟨tenant:b⟩"],
    // What is not known may be anything, and still nothing ends in both.
    ["⟨unknown:import⟩/one", "*/other"],
    ["⟨priority:a:0:1⟩", "x*"],
    ["⟨x/Role⟩", "⟨y/Role⟩"],
    ["⟨x/Role⟩-⟨tenant:a⟩/", "⟨x/Role⟩-⟨tenant:b⟩/"],
    ["⟨account⟩-x", "12345678901-x"],
  ];
  test.each(never)("no text is both %s and %s", (one, other) => {
    expect(meeting(one, other)).toEqual({ kind: "never" });
    expect(meeting(other, one)).toEqual({ kind: "never" });
  });

  const meets: readonly (readonly [string, string])[] = [
    ["⟨tenant:a⟩-data", "⟨tenant:b⟩"],
    ["app-⟨tenant:a⟩*", "app-⟨tenant:b⟩/key"],
    ["app-*", "app-⟨tenant:b⟩"],
    ["⟨tenant:a⟩-⟨tenant:b⟩", "⟨tenant:b⟩-⟨tenant:a⟩"],
    ["⟨tenant:a⟩⟨tenant:b⟩", "⟨tenant:b⟩⟨tenant:a⟩"],
    ["⟨username:a⟩_x", "⟨username:b⟩"],
    ["⟨username:a⟩x", "⟨tenant:b⟩"],
    ["*.example.com", "⟨tenant:b⟩.example.com"],
    ["app-⟨tenant:a⟩-??????", "app-⟨tenant:b⟩-⟨x/Secret⟩"],
    ["app-⟨tenant:a⟩-⟨x/Secret⟩", "app-⟨tenant:b⟩-⟨y/Secret⟩"],
    ["⟨tenant:a⟩1", "⟨tenant:b⟩"],
    ["⟨account⟩-x", "123456789012-x"],
    ["key/⟨x/Key.Arn⟩", "key/arn:aws:kms:x"],
    ["⟨username:a⟩", "⟨x/Db.Endpoint⟩_x"],
    ["⟨x/Db.Endpoint.Port⟩", "⟨y/Db.Endpoint.Port⟩"],
    ["*", "*"],
    ["é?", "*é*"],
    ["𝄞", "??"],
  ];
  test.each(meets)("a text is both %s and %s", (one, other) => {
    for (const result of [meeting(one, other), meeting(other, one)]) {
      expect(result).toMatchObject({ kind: "meet" });
      if (result.kind !== "meet") return;
      expect(isTenantId(result.a) && isTenantId(result.b) && result.a !== result.b).toBe(true);
    }
  });

  test("the ids that are allowed say how far one tenant's name reaches", () => {
    // "aaa" + "-" + 28 letters are 32 characters.
    const suffix = "x".repeat(28);
    expect(meeting(`⟨tenant:a⟩-${suffix}`, "⟨tenant:b⟩").kind).toBe("meet");
    expect(meeting(`⟨tenant:a⟩-${suffix}`, "⟨tenant:b⟩", { lengthMax: 31 }).kind).toBe("never");
    expect(meeting(`⟨tenant:a⟩-${suffix}x`, "⟨tenant:b⟩").kind).toBe("never");
  });

  test("the same tenant may stand on both sides where ids need not differ", () => {
    expect(meeting("app-⟨tenant:a⟩/", "app-⟨tenant:b⟩/").kind).toBe("never");
    expect(meeting("app-⟨tenant:a⟩/", "app-⟨tenant:b⟩/", { distinct: false }).kind).toBe("meet");
  });

  test("a tenant that is named differs from any other", () => {
    expect(meeting("app-acme-corp", "app-⟨tenant:b⟩").kind).toBe("meet");
    expect(meeting("app-acme-corp", "app-⟨tenant:b⟩", { others: ["acme-corp"] }).kind).toBe("never");
    expect(meeting("app-acme-corp-data", "app-⟨tenant:b⟩", { others: ["acme-corp"] })).toMatchObject({
      kind: "meet",
      b: "acme-corp-data",
    });
  });

  test("a mark of a known length is as long as that", () => {
    const [one, other] = ["app-⟨tenant:a⟩-??????", "app-⟨tenant:b⟩-⟨x/Secret⟩"];
    expect(meeting(one, other).kind).toBe("meet");
    expect(meeting(one, other, { markLength: () => 6 }).kind).toBe("never");
    expect(meeting("app-⟨tenant:a⟩-*", other, { markLength: () => 6 }).kind).toBe("meet");
  });

  test("an unresolved text that may be anything leaves it unknown, with the reason", () => {
    expect(meeting("app-⟨unknown:Fn::ImportValue⟩", "app-⟨tenant:b⟩")).toEqual({
      kind: "unknown",
      why: "Fn::ImportValue",
    });
  });

  test("too much work is unknown, never proved", () => {
    const one = "*⟨tenant:a⟩*⟨tenant:b⟩*⟨tenant:a⟩*-x-*/⟨tenant:a⟩/q";
    const other = "*⟨tenant:b⟩*⟨tenant:a⟩*⟨tenant:b⟩*-x-*/⟨tenant:b⟩/q";
    expect(meeting(one, other, { stepsMax: 10 }).kind).toBe("unknown");
    expect(meeting("*".repeat(300), "*".repeat(300)).kind).toBe("meet");
    expect(canMeet(longLiteral, longLiteral, { lengthMax: 32 }).kind).toBe("unknown");
  });
});

const longLiteral = parsePattern(`*${"x".repeat(5_000)}*`, { wildcards: true });

describe("by brute force", () => {
  const alphabet = ["a", "b", "-"];
  const idsUpTo = (lengthMax: number): readonly string[] => textsUpTo(lengthMax).filter(isTenantId);
  const textsUpTo = (length: number): readonly string[] =>
    length === 0
      ? [""]
      : ["", ...textsUpTo(length - 1).flatMap((text) => alphabet.map((last) => last + text))];

  /** Whether two patterns without variables have a text in common. */
  function globsMeet(one: readonly string[], other: readonly string[]): boolean {
    if (!one.includes("*") && !other.includes("*") && one.length !== other.length) return false;
    const known = new Map<number, boolean>();
    const from = (left: number, right: number): boolean => {
      const key = left * 1_000 + right;
      const seen = known.get(key);
      if (seen !== undefined) return seen;
      known.set(key, false);
      const [first, second] = [one[left], other[right]];
      const result =
        first === undefined && second === undefined
          ? true
          : first === "*"
            ? from(left + 1, right) || (second !== undefined && from(left, right + 1))
            : second === "*"
              ? from(left, right + 1) || (first !== undefined && from(left + 1, right))
              : first !== undefined &&
                second !== undefined &&
                (first === "?" || second === "?" || first === second) &&
                from(left + 1, right + 1);
      known.set(key, result);
      return result;
    };
    return from(0, 0);
  }

  const concrete = (pattern: Pattern, textOf: (key: string) => string): readonly string[] =>
    pattern.flatMap((part): readonly string[] => {
      if (part.kind === "any-text") return ["*"];
      if (part.kind === "any-character") return ["?"];
      if (part.kind === "text") return [...part.text];
      if (part.kind === "mark") return [...textOf(part.content)];
      if (part.kind === "unknown") return ["*"];
      return [...(part.kind === "username" ? textOf(part.tenant).replaceAll("-", "_") : textOf(part.tenant))];
    });

  function randomPattern(next: (below: number) => number, kinds: number): Pattern {
    const parts = Array.from({ length: 1 + next(5) }, (): PatternPart => {
      const kind = next(kinds);
      if (kind < 3) return { kind: "tenant-id", tenant: next(2) === 0 ? "a" : "b" };
      if (kind < 4) return { kind: "username", tenant: next(2) === 0 ? "a" : "b" };
      if (kind < 7)
        return {
          kind: "text",
          text: Array.from({ length: 1 + next(3) }, () => "ab--_"[next(5)] ?? "").join(""),
        };
      if (kind < 8) return { kind: "any-text" };
      if (kind < 9) return { kind: "any-character" };
      return { kind: "mark", content: next(2) === 0 ? "x/One" : "x/Other" };
    });
    return parts;
  }

  function compare(count: number, lengthMax: number, kinds: number, markTexts: readonly string[]) {
    const random = seededRandom(count * 100 + lengthMax * 10 + kinds);
    const next = (below: number): number => random.below(below);
    const ids = idsUpTo(lengthMax);
    const pairs = ids.flatMap((a) => ids.filter((b) => b !== a).map((b) => [a, b] as const));
    const marks =
      markTexts.length === 0
        ? [["", ""] as const]
        : markTexts.flatMap((one) =>
            markTexts.filter((other) => other !== one).map((other) => [one, other] as const),
          );
    const counts = { never: 0, meet: 0, unknown: 0, wrong: [] as string[] };
    for (let round = 0; round < count; round++) {
      const [one, other] = [randomPattern(next, kinds), randomPattern(next, kinds)];
      const found = canMeet(one, other, { lengthMax });
      counts[found.kind]++;
      // A witness has been matched before it was returned; it needs no second look but at the ids.
      if (found.kind === "meet" && markTexts.length > 0) continue;
      const meets = pairs.some(([a, b]) =>
        marks.some(([x, y]) => {
          const textOf = (key: string): string =>
            key === "a" ? a : key === "b" ? b : key === "x/One" ? x : y;
          return globsMeet(concrete(one, textOf), concrete(other, textOf));
        }),
      );
      if (meets !== (found.kind === "meet")) counts.wrong.push(JSON.stringify([one, other, found]));
    }
    return counts;
  }

  test("20,000 random pairs of patterns of ids and wildcards", { timeout: 300_000 }, () => {
    const short = compare(18_500, 3, 9, []);
    const long = compare(1_500, 4, 9, []);
    expect([...short.wrong, ...long.wrong]).toEqual([]);
    expect(short.unknown + long.unknown).toBe(0);
    // Neither answer is rare, or nothing would have been compared.
    expect(Math.min(short.never, short.meet, long.never, long.meet)).toBeGreaterThan(200);
  });

  test(
    "300 random pairs with marks: what is proved holds for every short text of a mark",
    {
      timeout: 300_000,
    },
    () => {
      const result = compare(
        1_000,
        3,
        10,
        textsUpTo(2).filter((text) => text !== ""),
      );
      expect(result.wrong).toEqual([]);
      expect(result.unknown).toBe(0);
      expect(Math.min(result.never, result.meet)).toBeGreaterThan(20);
    },
  );

  test("matching by hand agrees with the meeting of a pattern and a text", () => {
    const random = seededRandom(7);
    const next = (below: number): number => random.below(below);
    const textOf = (key: string): string => (key.endsWith("a") ? "aab" : "a-b");
    for (let round = 0; round < 5_000; round++) {
      const pattern = randomPattern(next, 9);
      const text = Array.from({ length: next(8) }, () => "ab-_"[next(4)] ?? "").join("");
      const globs = concrete(pattern, (key) => textOf(`id ${key}`));
      expect(matches(pattern, text, textOf), `${JSON.stringify(pattern)} ${text}`).toBe(
        globsMeet(globs, [...text]),
      );
    }
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isTenantId } from "../tenant-id.ts";
import { findCollision } from "./names.ts";

const collisions: readonly (readonly [string, string, string | null])[] = [
  ["files-{tenant}", "logs-{tenant}", null],
  ["files-{tenant}", "files-{tenant}-logs", "files-acme-logs"],
  ["{tenant}-data", "data-{tenant}", "data-acme-data"],
  ["shop-{tenant}", "shop-acme-corp", "shop-acme-corp"],
  ["shop-acme-corp", "shop-{tenant}", "shop-acme-corp"],
  ["shop-{tenant}", "shop-Acme", null],
  ["a-{tenant}-x", "a-{tenant}-y", null],
  ["a{tenant}", "a-{tenant}", null],
  ["same", "same", "same"],
  ["a", "b", null],
];

describe("names of two tenants", () => {
  test.each(collisions)("%s and %s meet at %s", (first, second, meeting) => {
    const found = findCollision(first, second);
    if (meeting === null) expect(found).toBeNull();
    else expect(found).not.toBeNull();
  });

  test("a collision that is reported is one: both patterns give the name for ids of the grammar", () => {
    const fixed = fc.stringMatching(/^(|[a-c]|[a-c]-|-[a-c]|ab-|-ab)$/);
    const pattern = fc
      .tuple(fixed, fc.boolean(), fixed)
      .map(([a, hasTenant, b]) => `${a}${hasTenant ? "{tenant}" : ""}${b}`);
    fc.assert(
      fc.property(pattern, pattern, (first, second) => {
        const found = findCollision(first, second);
        if (found === null) return;
        for (const [text, id] of [
          [first, found.first],
          [second, found.second],
        ] as const) {
          if (id !== null) expect(isTenantId(id)).toBe(true);
          expect(text.replaceAll("{tenant}", id ?? "")).toBe(found.name);
        }
      }),
      { numRuns: 5000 },
    );
  });

  test("no collision is missed that short ids can show", () => {
    const letters = ["a", "b", "-"];
    const ids = [3, 4, 5].flatMap((length) => words(letters, length)).filter(isTenantId);
    const parts = ["", "a", "b", "a-", "-a", "-b", "ab-", "-ab"];
    const patterns = parts.flatMap((start) => parts.map((end) => `${start}{tenant}${end}`));
    for (const first of patterns.slice(0, 24)) {
      const names = new Set(ids.map((id) => first.replace("{tenant}", id)));
      for (const second of patterns) {
        const meets = ids.some((id) => names.has(second.replace("{tenant}", id)));
        if (meets) expect(findCollision(first, second), `${first} ${second}`).not.toBeNull();
      }
    }
  });
});

function words(letters: readonly string[], length: number): readonly string[] {
  if (length === 0) return [""];
  return words(letters, length - 1).flatMap((word) => letters.map((letter) => word + letter));
}

import { expect, test } from "vitest";
import { etagOf, matchesWeakly, parseEntityTags, versionsMatched } from "./etag.ts";

test.each<[string, readonly number[] | null]>([
  ['"3"', [3]],
  [' "3" ,\t"4"', [3, 4]],
  ["*", null],
  [" * ", null],
  ['"abc"', []],
  ['W/"3"', []],
  ['"03"', []],
  ['"3.0"', []],
  ['"99999999999999999999"', []],
  ['""', []],
])("If-Match: %s means the versions %j", (text, versions) => {
  expect(versionsMatched(parseEntityTags("If-Match", text))).toEqual(versions);
});

test.each(["", "3", '"3', '3"', '"3" "4"', '"3",', '*, "3"', 'w/"3"', '"a\u0000"', '"a b"'])(
  "If-Match: %j is malformed",
  (text) => {
    expect(() => parseEntityTags("If-Match", text)).toThrow(
      expect.objectContaining({ code: "MALFORMED_HEADER" }),
    );
  },
);

test("If-None-Match compares weakly", () => {
  expect(matchesWeakly(parseEntityTags("If-None-Match", 'W/"3"'), 3)).toBe(true);
  expect(matchesWeakly(parseEntityTags("If-None-Match", '"2", "3"'), 3)).toBe(true);
  expect(matchesWeakly(parseEntityTags("If-None-Match", '"2"'), 3)).toBe(false);
  expect(matchesWeakly(parseEntityTags("If-None-Match", "*"), 3)).toBe(true);
});

test("a version's own ETag means that version", () => {
  expect(versionsMatched(parseEntityTags("If-Match", etagOf(7)))).toEqual([7]);
});

test("a long list of tags is read in linear time", () => {
  const text = `${'"1",'.repeat(4_000)}x`;
  expect(() => parseEntityTags("If-Match", text)).toThrow("If-Match holds");
});

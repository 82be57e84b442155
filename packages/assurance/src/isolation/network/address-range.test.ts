import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  containsRange,
  everywhere,
  formatRange,
  internetRanges,
  intersectRanges,
  parseRange,
  subtractRange,
} from "./address-range.ts";
import type { AddressRange } from "./network-model.ts";

const range = (text: string): AddressRange => {
  const parsed = parseRange(text);
  if (parsed.kind === "impossible") throw new TypeError(parsed.why);
  return parsed.range;
};

describe("parseRange", () => {
  test.each([
    ["10.0.0.0/16", 0x0a00_0000n, 0x0a01_0000n],
    ["0.0.0.0/0", 0n, 1n << 32n],
    ["255.255.255.255/32", 0xffff_ffffn, 1n << 32n],
    ["::/0", 0n, 1n << 128n],
    ["::1/128", 1n, 2n],
    ["2001:db8::/32", 0x2001_0db8n << 96n, 0x2001_0db9n << 96n],
    ["2001:db8:0:0:0:0:0:1/128", (0x2001_0db8n << 96n) + 1n, (0x2001_0db8n << 96n) + 2n],
  ])("%s", (text, from, to) => {
    expect(parseRange(text)).toMatchObject({ kind: "range", range: { from, to }, hasHostBits: false });
    expect(parseRange(formatRange(range(text)))).toMatchObject({ kind: "range", range: { from, to } });
  });

  test.each([
    "10.0.0.0/33",
    "10.0.0.0",
    "10.0.0/8",
    "10.0.0.256/32",
    "010.0.0.0/8",
    "10.0.0.0/08",
    "10.0.0.0/8/8",
    "::/129",
    "1::2::3/64",
    "1:2:3:4:5:6:7:8:9/64",
    "1:2:3/64",
    "12345::/16",
    "",
    "/",
    "⟨unknown:x⟩/8",
  ])("%s is impossible", (text) => {
    expect(parseRange(text).kind).toBe("impossible");
  });

  test("bits behind the prefix are told", () => {
    expect(parseRange("10.0.0.5/16")).toMatchObject({ hasHostBits: true, range: range("10.0.0.0/16") });
  });
});

const anyRange = fc
  .tuple(fc.bigInt(0n, 63n), fc.bigInt(1n, 64n))
  .map(([from, size]): AddressRange => ({ family: 4, from, to: from + size }));

test("a range is what it shares with another and what is left of it", () => {
  fc.assert(
    fc.property(anyRange, anyRange, fc.bigInt(0n, 130n), (one, other, address) => {
      const isIn = (some: AddressRange) => some.from <= address && address < some.to;
      const common = intersectRanges(one, other);
      expect(common !== null && isIn(common)).toBe(isIn(one) && isIn(other));
      expect(subtractRange(one, other).some(isIn)).toBe(isIn(one) && !isIn(other));
      expect(containsRange(one, other)).toBe(subtractRange(other, one).length === 0);
    }),
  );
});

test("ranges of two families share nothing", () => {
  expect(intersectRanges(everywhere(4), everywhere(6))).toBeNull();
  expect(subtractRange(everywhere(4), everywhere(6))).toEqual([everywhere(4)]);
});

test("private addresses are not the internet's", () => {
  const isInternet = (text: string) => internetRanges.some((some) => containsRange(some, range(text)));
  expect(["8.8.8.8/32", "11.0.0.0/8", "2600:1f18::/32", "172.32.0.0/16"].map(isInternet)).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(
    [
      "10.1.2.3/32",
      "172.16.0.0/12",
      "192.168.1.0/24",
      "100.64.0.0/10",
      "127.0.0.1/32",
      "fd00::/8",
      "224.0.0.1/32",
    ].map(isInternet),
  ).toEqual([false, false, false, false, false, false, false]);
});

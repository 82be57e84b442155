import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deepFreeze } from "./deep-freeze.ts";

describe("deepFreeze", () => {
  it("freezes all the way down and returns the same object", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(deepFreeze(value)).toBe(value);
        expect(everythingIn(value).every(Object.isFrozen)).toBe(true);
      }),
    );
  });

  it("makes a change throw, also deep inside", () => {
    const platform = deepFreeze({ tiers: [{ name: "pool" }] });
    expect(() => {
      (platform.tiers[0] as { name: string }).name = "silo";
    }).toThrow(TypeError);
  });

  it("freezes what a frozen object still holds", () => {
    expect(Object.isFrozen(deepFreeze(Object.freeze({ b: {} })).b)).toBe(true);
  });

  it("ends on data that points to itself", () => {
    const loop: { self?: unknown } = {};
    loop.self = loop;
    expect(Object.isFrozen(deepFreeze(loop))).toBe(true);
  });

  it("refuses a change of the result at compile time", () => {
    const frozen = deepFreeze({ a: { b: 1 } });
    expect(() => {
      // @ts-expect-error It is read-only all the way down.
      frozen.a.b = 2;
    }).toThrow(TypeError);
  });
});

function everythingIn(value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return [value];
  return [value, ...Object.values(value).flatMap(everythingIn)];
}

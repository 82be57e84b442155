import { describe, expect, it } from "vitest";
import { assert, AssertionError, unreachable } from "./assert.ts";

describe("assert", () => {
  it("lets what is true pass and narrows its type", () => {
    const value: string | undefined = ["a"][0];
    assert(value !== undefined, "there is a first element");
    expect(value.length).toBe(1);
  });

  it.each([false, 0, "", null, undefined, Number.NaN])("stops on %s with its message", (condition) => {
    expect(() => assert(condition, "the pool is open")).toThrow(new AssertionError("the pool is open"));
  });

  it("names the case that nobody handled", () => {
    expect(() => unreachable({ kind: "surprise" } as never)).toThrow('unhandled case: {"kind":"surprise"}');
  });
});

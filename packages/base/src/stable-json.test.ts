import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stableJson } from "./stable-json.ts";

describe("stableJson", () => {
  it("writes the keys of every object in order and leaves arrays alone", () => {
    expect(stableJson({ b: [{ z: 1, a: 2 }, "x"], a: { d: null, c: true } }, 0)).toBe(
      '{"a":{"c":true,"d":null},"b":[{"a":2,"z":1},"x"]}',
    );
  });

  it("indents by two spaces unless told otherwise", () => {
    expect(stableJson({ a: [1] })).toBe('{\n  "a": [\n    1\n  ]\n}');
  });

  it("gives the same bytes whatever the order in which keys were added", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.infiniteStream(fc.nat()),
        (record, order) => {
          const shuffled = Object.entries(record)
            .map((entry) => ({ entry, rank: order.next().value as number }))
            .sort((a, b) => a.rank - b.rank)
            .map(({ entry }) => entry);
          expect(stableJson(Object.fromEntries(shuffled))).toBe(stableJson(record));
        },
      ),
    );
  });

  it("loses nothing: parsing gives back what JSON itself would keep", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 0, max: 4 }), (value, indent) => {
        const text = stableJson(value, indent);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(stableJson(JSON.parse(text), indent)).toBe(text);
      }),
    );
  });

  it("keeps a key named __proto__ an ordinary key", () => {
    const value: unknown = JSON.parse('{"b":1,"__proto__":{"admin":true}}');
    expect(stableJson(value, 0)).toBe('{"__proto__":{"admin":true},"b":1}');
  });

  it("writes dates as JSON does, and leaves out what is undefined", () => {
    expect(stableJson({ b: undefined, a: new Date(0) }, 0)).toBe('{"a":"1970-01-01T00:00:00.000Z"}');
  });
});

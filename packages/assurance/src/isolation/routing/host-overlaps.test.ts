import fc from "fast-check";
import { expect, it } from "vitest";
import { hostOverlaps, type OwnedHost } from "./host-overlaps.ts";

const owned = (hosts: readonly (readonly [string, string])[]): readonly OwnedHost[] =>
  hosts.map(([owner, host], index) => ({ owner, host, key: `${index}` }));
const told = (hosts: readonly (readonly [string, string])[]) =>
  hostOverlaps(owned(hosts))?.map(({ one, other }) => [one.host, other.host].toSorted().join(" + "));

it.each<readonly [string, readonly (readonly [string, string])[], readonly string[]]>([
  [
    "one name",
    [
      ["a", "x.d"],
      ["b", "x.d"],
    ],
    ["x.d + x.d"],
  ],
  [
    "a name below a wildcard",
    [
      ["a", "*.x.d"],
      ["b", "y.x.d"],
    ],
    ["*.x.d + y.x.d"],
  ],
  [
    "a name far below a wildcard",
    [
      ["a", "*.d"],
      ["b", "z.y.x.d"],
    ],
    ["*.d + z.y.x.d"],
  ],
  [
    "a wildcard below a wildcard",
    [
      ["a", "*.d"],
      ["b", "*.x.d"],
    ],
    ["*.d + *.x.d"],
  ],
  [
    "a pattern within a label",
    [
      ["a", "x*.d"],
      ["b", "xy.d"],
    ],
    ["x*.d + xy.d"],
  ],
  [
    "two patterns",
    [
      ["a", "x*.d"],
      ["b", "*y.d"],
    ],
    ["*y.d + x*.d"],
  ],
  [
    "one character",
    [
      ["a", "?.d"],
      ["b", "x.d"],
      ["c", "xy.d"],
    ],
    ["?.d + x.d"],
  ],
  [
    "one owner",
    [
      ["a", "x.d"],
      ["a", "*.d"],
      ["a", "x*.d"],
    ],
    [],
  ],
  [
    "the name of a wildcard itself",
    [
      ["a", "*.x.d"],
      ["b", "x.d"],
    ],
    [],
  ],
  [
    "a name that ends alike",
    [
      ["a", "*.x.d"],
      ["b", "ax.d"],
    ],
    [],
  ],
])("finds %s", (_, hosts, overlaps) => {
  expect(told(hosts)).toEqual(overlaps);
});

/** As the load balancer compares them: letter by letter. */
function matches(pattern: string, name: string): boolean {
  const [first = "", ...rest] = pattern;
  if (pattern === "") return name === "";
  if (first === "*")
    return Array.from(`${name} `).some((__, index) => matches(rest.join(""), name.slice(index)));
  return name !== "" && (first === "?" || first === name[0]) && matches(rest.join(""), name.slice(1));
}

const label = fc.stringMatching(/^[ab]{1,2}$/);
const name = fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => labels.join("."));
const host = fc.oneof(
  name,
  name.map((one) => `*.${one}`),
  fc.stringMatching(/^[ab?*]{1,3}\.[ab]$/),
);

it("finds every pair that some name of the owners meets", () => {
  const hosts = fc.array(fc.tuple(fc.constantFrom("x", "y", "z"), host), { maxLength: 8 });
  fc.assert(
    fc.property(hosts, name, (all, asked) => {
      const owners = new Set(all.filter(([, pattern]) => matches(pattern, asked)).map(([owner]) => owner));
      if (owners.size < 2) return;
      const pairs = (hostOverlaps(owned(all)) ?? []).map(({ one, other }) =>
        [one.owner, other.owner].toSorted().join(),
      );
      const [first, second] = [...owners].toSorted();
      expect(pairs).toContain([first, second].join());
    }),
    { numRuns: 2000 },
  );
});

it("finds no pair that no name meets", () => {
  // So short that a name that meets two of them is among those below.
  const short = fc.oneof(
    fc.stringMatching(/^[ab](\.[ab])?$/),
    fc.stringMatching(/^\*\.[ab](\.[ab])?$/),
    fc.stringMatching(/^[ab?*]{1,2}\.[ab]$/),
  );
  const hosts = fc.array(fc.tuple(fc.constantFrom("x", "y", "z"), short), { maxLength: 6 });
  const letters = ["", "a", "b", "."];
  const names = new Set<string>();
  for (let code = 0; code < letters.length ** 7; code += 1) {
    const text = Array.from(
      { length: 7 },
      (_, at) => letters[Math.floor(code / letters.length ** at) % 4],
    ).join("");
    names.add(text);
  }
  fc.assert(
    fc.property(hosts, (all) => {
      for (const { one, other } of hostOverlaps(owned(all)) ?? []) {
        expect(one.owner).not.toBe(other.owner);
        const both = [...names].some((asked) => matches(one.host, asked) && matches(other.host, asked));
        expect(both, `${one.host} and ${other.host}`).toBe(true);
      }
    }),
    { numRuns: 60 },
  );
});

it("gives up where too many odd patterns would have to be compared", () => {
  const odd = Array.from({ length: 1001 }, (_, index) => [`t${index}`, `x*${index}.d`] as const);
  expect(hostOverlaps(owned(odd))).toBeNull();
});

it("tells ten thousand tenants apart at once", () => {
  const hosts = Array.from({ length: 10_000 }, (_, index) => [
    [`t${index}`, `t${index}.d`] as const,
    [`t${index}`, `*.t${index}.d`] as const,
  ]).flat();
  expect(hostOverlaps(owned([...hosts, ["late", "x.t77.d"]]))).toHaveLength(1);
});

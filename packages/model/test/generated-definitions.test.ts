import { isCodedError } from "@tenantry/base";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseDefinition, problemsOf, resolve } from "../src/index.ts";
import { validDefinition } from "./valid-definition.ts";

/*
 * Whatever a definition is, the answer is a platform or one coded error. The definitions are
 * made by breaking a good one: at random places values are removed, exchanged, retyped, or
 * replaced by things that are not data at all.
 */

class Instance {
  field = 1;
}

/** Values that break programs which believe that input is data; a fresh one each time. */
const strangeValues: readonly (() => unknown)[] = [
  () => undefined,
  () => null,
  () => Number.NaN,
  () => Number.POSITIVE_INFINITY,
  () => -0,
  () => 2 ** 53,
  () => 10n ** 30n,
  () => Symbol("strange"),
  () => () => 1,
  () => new Date(0),
  () => new Map([["a", 1]]),
  () => new Instance(),
  () => Promise.resolve(1),
  () => Object.create(null) as unknown,
  () => Object.create({ inherited: 1 }) as unknown,
  () => JSON.parse('{"__proto__":{"polluted":true}}') as unknown,
  () => ({ constructor: { prototype: { polluted: true } } }),
  () => ({ toString: 1, valueOf: null, hasOwnProperty: "x" }),
  () => ({ [Symbol("key")]: 1 }),
  () => ({ toJSON: () => "x" }),
  () =>
    Object.defineProperty({}, "trap", {
      enumerable: true,
      get: () => {
        throw new Error("trap");
      },
    }),
  () =>
    new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error("trap");
        },
      },
    ),
  () =>
    new Proxy(
      { a: 1 },
      {
        getOwnPropertyDescriptor: () => {
          throw new Error("trap");
        },
      },
    ),
  () =>
    new Proxy(
      {},
      {
        getPrototypeOf: () => {
          throw new Error("trap");
        },
      },
    ),
  () => {
    const cycle: Record<string, unknown> = {};
    cycle["self"] = cycle;
    return cycle;
  },
  () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    return cycle;
  },
  () => {
    let deep: unknown = 1;
    for (let i = 0; i < 5000; i++) deep = { deep };
    return deep;
  },
  () => Array.from({ length: 3 }),
  () => Object.assign([], { length: 1000 }),
  () => "x".repeat(100_000),
  () => "\u0000\ud800",
  () => "{tenant}{tenant}{tenant}",
  () => "10.0.0.0/33",
  () => "__proto__",
  () => [],
  () => ({}),
  () => [[[[]]]],
];

const key = fc.oneof(
  fc.constantFrom(
    "__proto__",
    "constructor",
    "toString",
    "",
    "kind",
    "services",
    "acme-corp",
    "web",
    "a.b",
    "0",
  ),
  fc.string({ maxLength: 12 }),
);

/** A strange value by its number, because fast-check would trip over the value itself when it prints it. */
type Replacement = { readonly strange: number } | { readonly plain: unknown };
const replacement: fc.Arbitrary<Replacement> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ strange: fc.nat({ max: strangeValues.length - 1 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({ plain: fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.integer(), fc.string()) }),
  },
);

const mutation = fc.record({
  /** Picks the place: the n-th property of all that there are. */
  at: fc.nat({ max: 100_000 }),
  other: fc.nat({ max: 100_000 }),
  action: fc.constantFrom("delete", "set", "add", "swap", "copy", "loop"),
  key,
  replacement,
});

interface Place {
  readonly owner: Record<string, unknown>;
  readonly key: string;
}

/** Every property of plain objects and arrays; objects that cannot be read are left closed. */
function placesOf(root: unknown, seen = new Set<unknown>()): Place[] {
  if (typeof root !== "object" || root === null || seen.has(root) || seen.size > 500) return [];
  seen.add(root);
  const places: Place[] = [];
  for (const [name, descriptor] of propertiesOf(root)) {
    if (name === "length" || !("value" in descriptor)) continue;
    places.push({ owner: root as Record<string, unknown>, key: name });
    places.push(...placesOf(descriptor.value, seen));
  }
  return places;
}

function propertiesOf(root: object): readonly [string, PropertyDescriptor][] {
  try {
    const isPlain = Array.isArray(root) || Object.getPrototypeOf(root) === Object.prototype;
    return isPlain ? Object.entries(Object.getOwnPropertyDescriptors(root)) : [];
  } catch {
    return [];
  }
}

type Mutation = Parameters<Parameters<typeof mutation.map>[0]>[0];

function mutate(root: unknown, { at, other, action, key: name, replacement: chosen }: Mutation): void {
  const replacement = "strange" in chosen ? strangeValues[chosen.strange]?.() : chosen.plain;
  const places = placesOf(root);
  const place = places[at % Math.max(1, places.length)];
  const second = places[other % Math.max(1, places.length)];
  if (place === undefined || second === undefined) return;
  const set = (target: Place, content: unknown) =>
    Object.defineProperty(target.owner, target.key, {
      value: content,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  const inner = place.owner[place.key];
  if (action === "delete") delete place.owner[place.key];
  else if (action === "set") set(place, replacement);
  else if (action === "add") set({ owner: place.owner, key: name }, replacement);
  else if (action === "copy") set(place, second.owner[second.key]);
  else if (action === "loop") set(place, root);
  else {
    set(place, second.owner[second.key]);
    set(second, inner);
  }
}

function outcomeOf(action: () => unknown): string {
  try {
    action();
    return "accepted";
  } catch (error) {
    if (!isCodedError(error)) throw error;
    expect(["MODEL_INVALID_DEFINITION", "MODEL_UNKNOWN_ENVIRONMENT"]).toContain(error.code);
    if (error.code === "MODEL_INVALID_DEFINITION") {
      const problems = problemsOf(error);
      expect(problems.length).toBeGreaterThan(0);
      for (const { code, message, fix } of problems) {
        expect(code).toMatch(/^MODEL_[A-Z_]+$/);
        expect(message).not.toBe("");
        expect(fix).not.toBe("");
      }
    }
    return error.code;
  }
}

test(
  "ten thousand generated definitions end in a platform or in one coded error",
  { timeout: 180_000 },
  () => {
    const outcomes = new Map<string, number>();
    fc.assert(
      fc.property(
        fc.array(mutation, { minLength: 1, maxLength: 6 }),
        fc.boolean(),
        (mutations, wantsPlatform) => {
          const definition: { environments: { staging?: unknown } } = validDefinition();
          // Most runs do with one environment, which halves the time.
          if (mutations.length > 1) delete definition.environments.staging;
          for (const step of mutations) mutate(definition, step);
          const outcome = outcomeOf(() =>
            wantsPlatform ? resolve(definition as never, "production") : parseDefinition(definition),
          );
          outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        },
      ),
      { numRuns: 10_000 },
    );
    // A generator that only ever makes one of the two would test nothing.
    expect(outcomes.get("accepted") ?? 0).toBeGreaterThan(200);
    expect(outcomes.get("MODEL_INVALID_DEFINITION") ?? 0).toBeGreaterThan(2000);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  },
);

test("each strange value as the whole definition, and at many places of a good one, is refused or harmless", () => {
  const count = placesOf(validDefinition()).length;
  for (const [kind, make] of strangeValues.entries()) {
    outcomeOf(() => parseDefinition(make()));
    // Every fifth place, another one for each value, keeps this to seconds.
    for (let index = kind % 5; index < count; index += 5) {
      const definition = validDefinition();
      const place = placesOf(definition)[index];
      if (place !== undefined) place.owner[place.key] = make();
      outcomeOf(() => parseDefinition(definition));
    }
  }
});

test("a definition that shares one object a million times over is refused as too large", () => {
  let layer: unknown = { leaf: 1 };
  for (let depth = 0; depth < 20; depth++) layer = { a: layer, b: layer, c: layer };
  expect(outcomeOf(() => parseDefinition({ ...validDefinition(), tags: layer }))).toBe(
    "MODEL_INVALID_DEFINITION",
  );
});

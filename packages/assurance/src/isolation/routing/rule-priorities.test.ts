import fc from "fast-check";
import { expect, it } from "vitest";
import type { ListenerRule, Priority, RoutingModel } from "./routing-model.ts";
import { rulePrioritiesApart } from "./rules/rule-priorities-apart.ts";

const ruleOf = (key: string, priority: Priority): ListenerRule => ({
  key,
  arn: key,
  listener: "listener",
  priority,
  hosts: [],
  paths: null,
  headers: [],
  action: { types: [], targets: [], redirectHost: null },
});

function modelOf(
  capacity: number,
  shared: readonly Priority[],
  tiers: readonly (readonly Priority[])[],
): RoutingModel {
  const routes = (name: string, priorities: readonly Priority[]) => ({
    rules: priorities.map((priority, index) => ruleOf(`${name}/${index}`, priority)),
    loadBalancers: [{}],
  });
  return {
    shipment: { platform: "p", environment: "e" },
    definition: { cells: { capacity } },
    shared: [routes("shared", shared)],
    anyTenants: tiers.map((tier, index) => ({ a: routes(`a${index}`, tier), b: routes(`b${index}`, tier) })),
    placed: [],
    gaps: [],
  } as unknown as RoutingModel;
}

const slots = (index: number, count: number): Priority => ({ kind: "slots", index, count });
const number = (value: number): Priority => ({ kind: "number", value });
const isRefuted = (model: RoutingModel): boolean => rulePrioritiesApart.judge(model).length > 0;

it.each<readonly [string, RoutingModel, boolean]>([
  ["one service", modelOf(50, [number(40_001)], [[slots(0, 1)]]), false],
  ["two services of a tier", modelOf(50, [], [[slots(0, 2), slots(1, 2)]]), false],
  ["two tiers with one count", modelOf(50, [], [[slots(0, 2)], [slots(1, 2)]]), false],
  ["two tiers with different counts", modelOf(50, [], [[slots(0, 1)], [slots(0, 2)]]), true],
  ["an index beyond the count", modelOf(50, [], [[slots(0, 1), slots(1, 1)]]), true],
  ["a shared rule among tenants", modelOf(50, [number(7)], [[slots(0, 1)]]), true],
  ["a shared rule behind the last slot", modelOf(6, [number(7)], [[slots(0, 1)]]), false],
  ["more slots than priorities", modelOf(30_000, [], [[slots(0, 2)]]), true],
  ["one number for all", modelOf(50, [], [[number(7)]]), true],
])("judges %s", (_, model, refuted) => {
  expect(isRefuted(model)).toBe(refuted);
});

it("agrees with giving every tenant a slot and looking", () => {
  const priority = fc.record({
    index: fc.integer({ min: 0, max: 3 }),
    count: fc.integer({ min: 1, max: 4 }),
  });
  const tier = fc.array(priority, { minLength: 1, maxLength: 2 });
  const args = [
    fc.integer({ min: 2, max: 5 }),
    fc.array(fc.integer({ min: 1, max: 25 }), { maxLength: 2 }),
    fc.array(tier, { minLength: 1, maxLength: 2 }),
  ] as const;
  fc.assert(
    fc.property(...args, (capacity, shared, tiers) => {
      const rules = tiers.map((one) => one.map(({ index, count }) => slots(index, count)));
      expect(isRefuted(modelOf(capacity, shared.map(number), rules))).toBe(collides(capacity, shared, tiers));
    }),
    { numRuns: 1000 },
  );
});

type Tier = readonly { readonly index: number; readonly count: number }[];

/** Every two tenants, of every two tiers, in every two slots. */
function collides(capacity: number, shared: readonly number[], tiers: readonly Tier[]): boolean {
  const slotsOf = Array.from({ length: capacity }, (_, index) => index + 1);
  const placesOf = (tier: Tier, slot: number) =>
    tier.map(({ index, count }) => (slot - 1) * count + index + 1);
  const hasTwins = (places: readonly number[]) => new Set(places).size < places.length;
  return tiers.some((one) =>
    tiers.some((other) =>
      slotsOf.some((slot) =>
        slotsOf.some((next) => {
          const first = [...shared, ...placesOf(one, slot)];
          return slot === next ? hasTwins(first) : hasTwins([...first, ...placesOf(other, next)]);
        }),
      ),
    ),
  );
}

import { isCodedError } from "@tenantry/base";
import {
  readShipment,
  type Properties,
  type Resource,
  type Shipment,
  type ShippedStack,
} from "@tenantry/assurance";
import { estimateCost } from "@tenantry/assurance/cost";
import fc from "fast-check";
import { expect, test } from "vitest";
import { shippedFiles } from "./shipped-platform.ts";

/** What may stand in a template that somebody edited, or that could not be resolved. */
const junk = [
  null,
  true,
  -1,
  0.5,
  1e308,
  "",
  "abc",
  "-1",
  "⟨unknown:edited⟩",
  [],
  [null],
  {},
  { Ref: "x" },
  "9".repeat(400),
];

/** A shipment in which some properties of some resources are junk. */
function broken(shipment: Shipment, seed: readonly number[]): Shipment {
  let at = 0;
  const next = (below: number) => Math.abs(seed[at++ % seed.length] ?? 0) % below;
  const spoil = (resource: Resource): Resource => {
    const keys = Object.keys(resource.properties);
    if (keys.length === 0 || next(3) > 0) return resource;
    const key = keys[next(keys.length)] ?? "";
    return {
      ...resource,
      properties: { ...resource.properties, [key]: junk[next(junk.length)] } as Properties,
    };
  };
  const spoilStack = (stack: ShippedStack): ShippedStack => {
    const resources = stack.resources().map(spoil);
    return { ...stack, resources: () => resources };
  };
  return {
    ...shipment,
    shared: shipment.shared.map(spoilStack),
    tiers: shipment.tiers.map((tier) => {
      const stack = spoilStack(tier.anyTenant("a"));
      return { ...tier, anyTenant: () => stack };
    }),
  };
}

test.each(["tenant-silos", "saas-management", "starter"])(
  "whatever stands in the templates of %s, the estimate adds up or is refused, and never fails",
  async (platform) => {
    const shipment = readShipment(await shippedFiles(platform, "production"));
    const whole = estimateCost(shipment).lines.length;
    let fewer = 0;
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 200, maxLength: 400 }), (seed) => {
        try {
          const { lines, components, monthlyMicroUsd, unpriced } = estimateCost(broken(shipment, seed));
          expect(components.reduce((sum, one) => sum + one.monthlyMicroUsd, 0)).toBe(monthlyMicroUsd);
          expect(lines.every((line) => line.monthlyMicroUsd >= 0)).toBe(true);
          if (lines.length < whole && unpriced.length > 0) fewer += 1;
        } catch (failure) {
          expect(isCodedError(failure) && failure.code).toBe("ASSURANCE_COST_RANGE");
        }
      }),
      { numRuns: 60 },
    );
    // The junk must have hit something that is priced, or this says nothing.
    expect(fewer).toBeGreaterThan(0);
  },
);

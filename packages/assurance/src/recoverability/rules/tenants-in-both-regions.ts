import { notApplicable, refuted } from "../../rule.ts";
import { recoveryRule } from "../recovery-rule.ts";

export const tenantsInBothRegions = recoveryRule({
  id: "recoverability/tenants-in-both-regions",
  why: "A tenant whose stack is in one region only is not served after it, though all its neighbours are.",
  fix: "Place each tenant in every region for which its tier has a template.",
  judge: ({ shipment }) => {
    const twice = shipment.tiers.filter(({ role }) => role === "recovery").map(({ tier }) => tier);
    if (twice.length === 0)
      return [notApplicable(shipment.environment, "no tier has a template for the recovery region")];
    return [...shipment.tenants.values()]
      .filter(({ tier }) => twice.includes(tier))
      .filter(({ stacks }) => !stacks.some(({ role }) => role === "recovery"))
      .map(({ id, tier }) =>
        refuted(id, `it has no stack in the recovery region, as tenants of ${tier} have`),
      );
  },
});

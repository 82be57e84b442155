import type { CommandSpec } from "../command.ts";
import { artifactsOption, environmentArgument } from "./deployment-options.ts";

export const cost: CommandSpec = {
  path: ["cost"],
  summary: "say what an environment costs each month, and each of its tenants",
  description: `Prices what would be deployed: by component, by region and by who bears it, with what the next tenant of each
tier adds. On demand, before taxes, discounts and free tiers. What has no price is told first, and is in no
sum. Figures that nobody gave are marked as assumed, and prices that are old or not certain as such. Offline,
and it changes nothing.`,
  arguments: [environmentArgument],
  options: [
    {
      name: "tenants",
      summary: "what each tenant costs and leaves, the dearest first",
      value: { kind: "flag" },
    },
    {
      name: "details",
      summary: "every amount, with its quantity, its price and where both come from",
      value: { kind: "flag" },
    },
    {
      name: "compare",
      summary: 'a folder that another "tenantry synth" wrote: what changes from there to here',
      value: { kind: "text", placeholder: "folder", completes: "file" },
    },
    {
      name: "price-list",
      summary: "offer files of AWS's price list in bulk, with commas between: their prices stand for ours",
      value: { kind: "text", placeholder: "files", completes: "file" },
    },
    {
      ...artifactsOption,
      summary: 'a folder that "tenantry synth" wrote (default: the definition, synthesized in memory)',
    },
  ],
  examples: [
    { line: "tenantry cost production", does: "what the definition would cost" },
    { line: "tenantry cost production --tenants", does: "and who of the tenants costs what" },
    { line: "tenantry cost production --compare before", does: "what a change adds to the bill" },
    { line: "tenantry cost production --details", does: "each amount with its arithmetic" },
  ],
  run: async (input, terminal) => {
    const { runCost } = await import("../run/cost.ts");
    await runCost(input, terminal);
  },
};

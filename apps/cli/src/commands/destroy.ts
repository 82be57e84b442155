import type { CommandSpec } from "../command.ts";
import { allowOption, artifactsOption, environmentArgument, takeOverOption } from "./deployment-options.ts";

export const destroy: CommandSpec = {
  path: ["destroy"],
  summary: "delete the stacks of an environment",
  description: `Deletes the stacks of an environment from AWS: tenants first, then what they shared. An environment that protects its
data refuses, unless each stack is allowed by name. What AWS keeps is listed at the end.`,
  arguments: [environmentArgument],
  options: [
    artifactsOption,
    {
      name: "confirm",
      summary: "the name of the environment once more; asked for where it is missing",
      value: { kind: "text", placeholder: "environment", completes: "nothing" },
    },
    allowOption,
    takeOverOption,
  ],
  examples: [
    { line: "tenantry destroy development", does: "asks for the name once more" },
    { line: "tenantry destroy development --confirm development", does: "in a script" },
  ],
  run: async (input, terminal) => {
    const { runDestroy } = await import("../run/destroy.ts");
    await runDestroy(input, terminal);
  },
};

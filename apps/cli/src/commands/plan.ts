import type { CommandSpec } from "../command.ts";
import { administrationOption, artifactsOption, environmentArgument } from "./deployment-options.ts";

export const plan: CommandSpec = {
  path: ["plan"],
  summary: "say what a deployment would change in AWS",
  description: `Compares what the definition asks for with what is deployed: what is created, changed, replaced and deleted, what
it means for security, and which tenants a loss of data would meet. Changes nothing.`,
  arguments: [environmentArgument],
  options: [
    artifactsOption,
    {
      name: "out",
      summary: 'a file to write the plan to, for "tenantry deploy --plan"',
      value: { kind: "text", placeholder: "file", completes: "file" },
    },
    {
      name: "offline",
      summary: "do not look into the account: as if nothing were deployed",
      value: { kind: "flag" },
    },
    administrationOption,
  ],
  examples: [
    { line: "tenantry plan production", does: "against what is deployed" },
    { line: "tenantry plan production --out plan.json", does: "to be reviewed, then deployed exactly" },
    { line: "tenantry plan staging --offline", does: "without credentials" },
  ],
  run: async (input, terminal) => {
    const { runPlan } = await import("../run/plan.ts");
    await runPlan(input, terminal);
  },
};

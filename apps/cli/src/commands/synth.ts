import type { CommandSpec } from "../command.ts";

export const synth: CommandSpec = {
  path: ["synth"],
  summary: "write the CloudFormation templates of an environment",
  description: `Writes everything that a deployment needs: the templates of the shared stacks, one template for each tier of
tenants, and what stamps them for each tenant. Offline, without credentials, and the same bytes each time.`,
  arguments: [
    {
      name: "environment",
      summary: "the environment, such as production",
      required: true,
      completes: "nothing",
    },
  ],
  options: [
    {
      name: "out",
      summary: "the folder to write to (default: .tenantry/synth/<environment> beside the definition)",
      value: { kind: "text", placeholder: "folder", completes: "file" },
    },
  ],
  examples: [
    { line: "tenantry synth production", does: "below .tenantry/synth/production" },
    { line: "tenantry synth production --out build", does: "into a folder of your own" },
  ],
  run: async (input, terminal) => {
    const { runSynth } = await import("../run/synth.ts");
    await runSynth(input, terminal);
  },
};

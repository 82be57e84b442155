import type { CommandSpec } from "../command.ts";
import { artifactsOption, environmentArgument } from "./deployment-options.ts";

export const diagnose: CommandSpec = {
  path: ["diagnose"],
  summary: "say what is wrong with a deployed environment, and what mends it",
  description: `Reads stacks, services, stopped tasks, task definitions, roles, security groups, network ACLs, routes, health checks,
certificates, names, databases and logs, and names causes: one for each, however much suffers from it. Changes nothing.
Exit status 0 where nothing is wrong, 1 where something is, or where something could not be read.`,
  arguments: [environmentArgument],
  options: [
    {
      name: "tenant",
      summary: "look only at this tenant and at what it shares with others",
      value: { kind: "text", placeholder: "tenant", completes: "nothing" },
    },
    artifactsOption,
  ],
  examples: [
    { line: "tenantry diagnose production", does: "all of it" },
    { line: "tenantry diagnose production --tenant acme-corp", does: "why acme-corp does not work" },
    { line: "tenantry diagnose staging --json", does: "the findings, for a program" },
  ],
  run: async (input, terminal) => {
    const { runDiagnose } = await import("../run/diagnose.ts");
    await runDiagnose(input, terminal);
  },
};

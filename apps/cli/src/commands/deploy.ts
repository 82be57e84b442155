import type { CommandSpec } from "../command.ts";
import {
  administrationOption,
  allowOption,
  artifactsOption,
  environmentArgument,
  takeOverOption,
} from "./deployment-options.ts";

export const deploy: CommandSpec = {
  path: ["deploy"],
  summary: "deploy an environment to AWS",
  description: `Checks what is to be deployed as "tenantry check" does, shows the plan, asks, and brings the stacks of the
environment to it through CloudFormation: shared ones in their order, tenants in waves. Safe to be stopped
and run again: it goes on where it was. A loss of data has to be allowed by name.`,
  arguments: [environmentArgument],
  options: [
    artifactsOption,
    {
      name: "plan",
      summary: 'a plan that "tenantry plan --out" wrote: exactly that is done, or nothing',
      value: { kind: "text", placeholder: "file", completes: "file" },
    },
    allowOption,
    {
      name: "outputs",
      summary: "a file to write the outputs to, as JSON",
      value: { kind: "text", placeholder: "file", completes: "file" },
    },
    { name: "check-endpoints", summary: "wait until every endpoint answers", value: { kind: "flag" } },
    takeOverOption,
    administrationOption,
    {
      name: "override-check",
      summary: "deploy although this rule of the check does not pass; with a --reason for each",
      value: { kind: "texts", placeholder: "rule" },
    },
    {
      name: "reason",
      summary: "why a rule is overridden: it is written down in the account",
      value: { kind: "texts", placeholder: "text" },
    },
    { name: "yes", summary: "do not ask whether the plan is meant", value: { kind: "flag" } },
  ],
  examples: [
    { line: "tenantry deploy production", does: "shows the plan and asks" },
    { line: "tenantry deploy production --plan plan.json", does: "exactly what was reviewed" },
    {
      line: "tenantry deploy production --administration",
      does: "the role that deploys, before anything else",
    },
    {
      line: 'tenantry deploy staging --override-check network/flow-logs-kept --reason "until the new network"',
      does: "although that rule does not pass",
    },
    { line: "tenantry deploy staging --yes --outputs outputs.json", does: "in a pipeline" },
  ],
  run: async (input, terminal) => {
    const { runDeploy } = await import("../run/deploy.ts");
    await runDeploy(input, terminal);
  },
};

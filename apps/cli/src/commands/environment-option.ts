import type { OptionSpec } from "../command.ts";

/** Leads a command on tenants to AWS. */
export const environmentOption: OptionSpec = {
  name: "environment",
  summary: "an environment in AWS, such as production, instead of the platform that runs here",
  value: { kind: "text", placeholder: "name", completes: "nothing" },
};

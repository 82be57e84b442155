import type { CommandSpec } from "../command.ts";
import { environmentOption } from "./environment-option.ts";

export const tenantShow: CommandSpec = {
  path: ["tenant", "show"],
  summary: "show one tenant",
  description:
    "Shows what the running platform, or with --environment AWS, knows of a tenant: tier, status, placement and address.",
  arguments: [{ name: "tenant", summary: "its id, such as acme-corp", required: true, completes: "nothing" }],
  options: [environmentOption],
  examples: [
    { line: "tenantry tenant show acme-corp", does: "one tenant" },
    { line: "tenantry tenant show acme-corp --environment production", does: "as it is in AWS" },
  ],
  run: async (input, terminal) => {
    const { runTenantShow } = await import("../run/tenant-show.ts");
    await runTenantShow(input, terminal);
  },
};

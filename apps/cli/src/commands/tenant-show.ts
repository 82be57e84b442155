import type { CommandSpec } from "../command.ts";

export const tenantShow: CommandSpec = {
  path: ["tenant", "show"],
  summary: "show one tenant",
  description:
    "Shows what the running platform knows of a tenant: tier, isolation, status, placement and address.",
  arguments: [{ name: "tenant", summary: "its id, such as acme-corp", required: true, completes: "nothing" }],
  options: [],
  examples: [{ line: "tenantry tenant show acme-corp", does: "one tenant" }],
  run: async (input, terminal) => {
    const { runTenantShow } = await import("../run/tenant-show.ts");
    await runTenantShow(input, terminal);
  },
};

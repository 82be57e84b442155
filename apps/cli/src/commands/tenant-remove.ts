import type { CommandSpec } from "../command.ts";
import { allowOption, takeOverOption } from "./deployment-options.ts";
import { environmentOption } from "./environment-option.ts";

export const tenantRemove: CommandSpec = {
  path: ["tenant", "remove"],
  summary: "export a tenant, then delete it for good",
  description: `Writes everything that belongs to the tenant to a file here, as "tenantry tenant export" does. Then it shuts the tenant
out, waits for the grace period, deletes everything that belongs to it, looks that nothing is left, and keeps a signed
certificate of it. Until the grace period is over, "tenantry tenant resume" undoes it. With --environment only the
tenant's stacks in AWS are deleted, at once and without an export; what AWS keeps is listed.`,
  arguments: [{ name: "tenant", summary: "its id, such as acme-corp", required: true, completes: "nothing" }],
  options: [
    {
      name: "grace-days",
      summary: "days until it is deleted, 0 to 365 (default: 30)",
      value: { kind: "text", placeholder: "days", completes: "nothing" },
    },
    {
      name: "out",
      summary: "the file of the export (default: <tenant>-<date>.tar.gz here)",
      value: { kind: "text", placeholder: "file", completes: "file" },
    },
    { name: "without-export", summary: "write no file: what is deleted is gone", value: { kind: "flag" } },
    {
      name: "yes",
      summary: "do not ask whether it is meant",
      value: { kind: "flag" },
    },
    environmentOption,
    allowOption,
    takeOverOption,
  ],
  examples: [
    { line: "tenantry tenant remove acme-corp", does: "deleted in 30 days" },
    { line: "tenantry tenant remove acme-corp --grace-days 0 --yes", does: "deleted now" },
    { line: "tenantry tenant remove umbrella-co --environment production", does: "its stacks in AWS" },
  ],
  run: async (input, terminal) => {
    const { runTenantRemove } = await import("../run/tenant-remove.ts");
    await runTenantRemove(input, terminal);
  },
};

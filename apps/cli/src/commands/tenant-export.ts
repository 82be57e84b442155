import type { CommandSpec } from "../command.ts";

export const tenantExport: CommandSpec = {
  path: ["tenant", "export"],
  summary: "write all data of a tenant to a file",
  description: `Writes everything that belongs to a tenant to one .tar.gz: a manifest with counts and check sums, one NDJSON file per
table, the files as they are. Passwords and keys are not in it.`,
  arguments: [{ name: "tenant", summary: "its id, such as acme-corp", required: true, completes: "nothing" }],
  options: [
    {
      name: "out",
      summary: "the file to write (default: <tenant>-<date>.tar.gz here)",
      value: { kind: "text", placeholder: "file", completes: "file" },
    },
  ],
  examples: [
    { line: "tenantry tenant export acme-corp", does: "acme-corp-2026-01-31.tar.gz" },
    { line: "tenantry tenant export acme-corp --out acme.tar.gz", does: "under another name" },
  ],
  run: async (input, terminal) => {
    const { runTenantExport } = await import("../run/tenant-export.ts");
    await runTenantExport(input, terminal);
  },
};

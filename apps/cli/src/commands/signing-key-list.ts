import type { CommandSpec } from "../command.ts";

export const signingKeyList: CommandSpec = {
  path: ["signing-key", "list"],
  summary: "list the keys that sign tokens",
  description:
    "Lists the keys that access tokens are signed and verified with. The keys themselves are not shown.",
  arguments: [],
  options: [],
  examples: [{ line: "tenantry signing-key list", does: "which key signs, which only verify" }],
  run: async (input, terminal) => {
    const { runSigningKeyList } = await import("../run/signing-key-list.ts");
    await runSigningKeyList(input, terminal);
  },
};

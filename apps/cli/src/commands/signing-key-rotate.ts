import type { CommandSpec } from "../command.ts";

export const signingKeyRotate: CommandSpec = {
  path: ["signing-key", "rotate"],
  summary: "have another key sign tokens",
  description: `Makes another key. It is published at once, signs a few minutes later, when everybody knows it, and the one
before it goes on verifying until its last token has expired: nobody is signed out. Nothing restarts.`,
  arguments: [],
  options: [
    {
      name: "at-once",
      summary: "for a key that became known: every token that there is ends now",
      value: { kind: "flag" },
    },
  ],
  examples: [
    { line: "tenantry signing-key rotate", does: "nobody notices" },
    { line: "tenantry signing-key rotate --at-once", does: "everybody signs in again" },
  ],
  run: async (input, terminal) => {
    const { runSigningKeyRotate } = await import("../run/signing-key-rotate.ts");
    await runSigningKeyRotate(input, terminal);
  },
};

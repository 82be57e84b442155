import { listSigningKeys } from "@tenantry/toolkit";
import type { CommandInput } from "../command.ts";
import { systemPorts } from "../ports.ts";
import type { Terminal } from "../terminal.ts";
import { signingKeyLines } from "./signing-key-lines.ts";

/** A table; with --json `{ keys: [{ kid, state, signsFrom, verifiesUntil }] }`. */
export async function runSigningKeyList(input: CommandInput, terminal: Terminal): Promise<void> {
  const { keys } = await listSigningKeys({ config: input.config }, systemPorts());
  if (terminal.json) terminal.document({ keys });
  else for (const line of signingKeyLines(keys)) terminal.out(line);
}

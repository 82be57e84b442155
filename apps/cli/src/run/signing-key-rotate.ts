import { rotateSigningKeys } from "@tenantry/toolkit";
import type { CommandInput } from "../command.ts";
import { systemPorts } from "../ports.ts";
import type { Terminal } from "../terminal.ts";
import { signingKeyLines } from "./signing-key-lines.ts";

/** The keys as they are now; with --json `{ keys: [{ kid, state, signsFrom, verifiesUntil }] }`. */
export async function runSigningKeyRotate(input: CommandInput, terminal: Terminal): Promise<void> {
  const how = input.flag("at-once") ? "at-once" : "with-overlap";
  const { keys } = await rotateSigningKeys({ config: input.config, how }, systemPorts());
  if (terminal.json) terminal.document({ keys });
  else for (const line of signingKeyLines(keys)) terminal.out(line);
}

import { removeMember } from "@tenantry/toolkit";
import type { CommandInput } from "../command.ts";
import { systemPorts } from "../ports.ts";
import type { Terminal } from "../terminal.ts";

/** Who was removed; with --json `{ member: { id, email, … } }`. */
export async function runMemberRemove(input: CommandInput, terminal: Terminal): Promise<void> {
  const [tenant, member] = [input.argument("tenant") ?? "", input.argument("member") ?? ""];
  const result = await removeMember({ config: input.config, tenant, member }, systemPorts());
  if (terminal.json) terminal.document(result);
  else terminal.out(`${result.member.email} is no member of ${tenant} any more`);
}

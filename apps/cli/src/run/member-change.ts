import { changeMember } from "@tenantry/toolkit";
import type { CommandInput } from "../command.ts";
import { errors } from "../errors.ts";
import { systemPorts } from "../ports.ts";
import type { Terminal } from "../terminal.ts";

/** The member as it is now; with --json `{ member: { id, email, role, status, … } }`. */
export async function runMemberChange(input: CommandInput, terminal: Terminal): Promise<void> {
  const [role, status] = [input.text("role"), input.text("status") as "active" | "suspended" | undefined];
  if (role === undefined && status === undefined) {
    throw errors.CLI_OPTION_MISSING({
      option: "--role or --status",
      usage: "tenantry member change <tenant> <member> --role <role>",
    });
  }
  const { member } = await changeMember(
    {
      config: input.config,
      tenant: input.argument("tenant") ?? "",
      member: input.argument("member") ?? "",
      change: { ...(role === undefined ? {} : { role }), ...(status === undefined ? {} : { status }) },
    },
    systemPorts(),
  );
  if (terminal.json) terminal.document({ member });
  else terminal.out(`${member.email} is ${member.status}, with the role ${member.role}`);
}

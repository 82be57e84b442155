import type { CommandSpec } from "../command.ts";

export const token: CommandSpec = {
  path: ["token"],
  summary: "print a token for a user of a tenant",
  description: `Signs an access token for the tenant API with the key of the platform on this machine, and prints it and
nothing else on stdout. It is valid at the host of that tenant only. With --control it is for the control plane.`,
  arguments: [
    {
      name: "tenant",
      summary: "its id, such as acme-corp; none with --control",
      required: false,
      completes: "nothing",
    },
  ],
  options: [
    {
      name: "role",
      summary: "what the user may do (default: owner)",
      value: { kind: "choice", placeholder: "role", choices: ["owner", "admin", "member", "viewer"] },
    },
    {
      name: "control",
      summary: "a token for the control plane instead, with this role",
      value: { kind: "choice", placeholder: "role", choices: ["operator", "auditor"] },
    },
    {
      name: "ttl",
      summary: "how long it is valid, such as 90s, 15m, 8h; 24h at most (default: 8h)",
      value: { kind: "text", placeholder: "duration", completes: "nothing" },
    },
    {
      name: "subject",
      summary: "who the user is (default: <role>@<tenant>.local; you with --control)",
      value: { kind: "text", placeholder: "name", completes: "nothing" },
    },
  ],
  examples: [
    { line: "tenantry token acme-corp", does: "an owner's token for eight hours" },
    { line: "tenantry token acme-corp --role viewer --ttl 5m", does: "one that reads, for five minutes" },
    { line: "tenantry token --control auditor", does: "one that reads at the control plane" },
    {
      line: 'curl -H "Authorization: Bearer $(tenantry token acme-corp)" http://acme-corp.localhost:8080/v2/tenant',
      does: "a first request",
    },
  ],
  run: async (input, terminal) => {
    const { runToken } = await import("../run/token.ts");
    await runToken(input, terminal);
  },
};

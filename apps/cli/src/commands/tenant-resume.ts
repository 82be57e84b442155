import type { CommandSpec } from "../command.ts";

export const tenantResume: CommandSpec = {
  path: ["tenant", "resume"],
  summary: "let a suspended tenant in again",
  description: `Lets a suspended tenant in again. A tenant that is being removed stays, as long as its grace period lasts.`,
  arguments: [{ name: "tenant", summary: "its id, such as acme-corp", required: true, completes: "nothing" }],
  options: [],
  examples: [{ line: "tenantry tenant resume acme-corp", does: "its address answers again" }],
  run: async (input, terminal) => {
    const { runTenantResume } = await import("../run/tenant-resume.ts");
    await runTenantResume(input, terminal);
  },
};

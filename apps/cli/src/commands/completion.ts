import type { CommandSpec } from "../command.ts";

export const completion: CommandSpec = {
  path: ["completion"],
  summary: "print the completion script of a shell",
  description: "Prints a script that teaches the shell tenantry's commands and options.",
  arguments: [
    { name: "shell", summary: "bash, zsh or fish", required: true, completes: ["bash", "zsh", "fish"] },
  ],
  options: [],
  examples: [
    { line: "source <(tenantry completion bash)", does: "in ~/.bashrc" },
    { line: "tenantry completion zsh > ~/.zfunc/_tenantry", does: "with ~/.zfunc in fpath" },
    { line: "tenantry completion fish > ~/.config/fish/completions/tenantry.fish", does: "once" },
  ],
  run: async (input, terminal) => {
    const { runCompletion } = await import("../run/completion.ts");
    await runCompletion(input, terminal);
  },
};

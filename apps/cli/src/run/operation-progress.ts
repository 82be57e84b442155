import type { ToolkitPorts } from "@tenantry/toolkit";
import { systemPorts } from "../ports.ts";
import type { Terminal } from "../terminal.ts";

/** Ports that tell the steps of an operation on stderr, one line each as it ends. */
export function operationPorts(terminal: Terminal): ToolkitPorts {
  const { paintError } = terminal;
  return systemPorts((event) => {
    if (event.code !== "TOOLKIT_OPERATION_STEP") return;
    const { step, state } = event;
    if (state === "succeeded") terminal.progress(`  ${paintError("green", "✔")} ${step}`);
    else if (state === "failed") terminal.progress(`  ${paintError("red", "✖")} ${step}`);
    else if (state === "waiting") terminal.progress(`  ${paintError("yellow", "…")} ${step}`);
  });
}

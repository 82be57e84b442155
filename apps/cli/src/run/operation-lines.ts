import type { OperationView } from "@tenantry/toolkit";
import type { Terminal } from "../terminal.ts";
import { formatDuration } from "../up/progress.ts";

const marks: Readonly<Record<string, readonly [mark: string, style: "green" | "red" | "yellow" | "dim"]>> = {
  succeeded: ["✔", "green"],
  failed: ["✖", "red"],
  running: ["…", "yellow"],
  waiting: ["…", "yellow"],
  skipped: ["-", "dim"],
  pending: [" ", "dim"],
};

/** One operation for a person: what it is, then its steps. */
export function operationLines(operation: OperationView, { paint }: Terminal): readonly string[] {
  const { id, kind, tenant, state, steps, error, createdAt, requestedBy } = operation;
  const width = Math.max(0, ...steps.map(({ name }) => name.length));
  return [
    `${kind} of ${tenant}: ${state}`,
    `  operation  ${id}`,
    `  begun      ${createdAt} by ${requestedBy}`,
    ...(error === null ? [] : [`  error      ${error.code}: ${error.message}`]),
    ...steps.map((step) => {
      const [mark, style] = marks[step.state] ?? [" ", "dim"];
      const took = durationOf(step.startedAt, step.endedAt);
      const words = [took, step.detail ?? ""].filter((word) => word !== "").join("  ");
      return `  ${paint(style, mark)} ${step.name.padEnd(width)}  ${words}`.trimEnd();
    }),
  ];
}

function durationOf(startedAt: string | null, endedAt: string | null): string {
  if (startedAt === null || endedAt === null) return "";
  return formatDuration(Math.max(0, Date.parse(endedAt) - Date.parse(startedAt)));
}

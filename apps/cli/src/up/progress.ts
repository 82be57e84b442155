import type { Phase, ToolkitEvent } from "@tenantry/toolkit";
import type { Terminal } from "../terminal.ts";

const labels: Readonly<Record<Phase, string>> = {
  definition: "definition",
  postgresql: "PostgreSQL",
  database: "database",
  tenants: "tenants",
  services: "services",
  gateway: "gateway",
};

/** How the start of a platform is shown while it happens. */
export interface Progress {
  readonly onEvent: (event: ToolkitEvent) => void;
  /** Writes the last state and leaves the cursor below it. */
  readonly end: () => void;
}

export function createProgress(terminal: Terminal): Progress {
  return terminal.isLive ? liveProgress(terminal) : lineProgress(terminal);
}

/** One line per phase that is done: for logs and pipes. */
function lineProgress(terminal: Terminal): Progress {
  return {
    onEvent: (event) => {
      if (event.code === "TOOLKIT_PHASE_DONE")
        terminal.progress(doneLine(event.phase, event.durationMs, terminal));
      else writeOther(event, terminal);
    },
    end: () => undefined,
  };
}

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const frameMs = 80;

/** The current phase spins on the last line; phases that are done stand above it. */
function liveProgress(terminal: Terminal): Progress {
  let current: Phase | undefined;
  let frame = 0;
  const draw = () => {
    const spinner = terminal.paintError("cyan", frames[frame % frames.length] ?? "");
    if (current !== undefined) terminal.raw(`\r\u001b[2K  ${spinner} ${labels[current]}`);
    frame += 1;
  };
  const above = (write: () => void) => {
    terminal.raw("\r\u001b[2K");
    write();
    draw();
  };
  const timer = setInterval(draw, frameMs);
  timer.unref();
  return {
    onEvent: (event) => {
      if (event.code === "TOOLKIT_PHASE_STARTED") {
        current = event.phase;
        draw();
      } else if (event.code === "TOOLKIT_PHASE_DONE") {
        if (current === event.phase) current = undefined;
        above(() => terminal.progress(doneLine(event.phase, event.durationMs, terminal)));
      } else {
        above(() => writeOther(event, terminal));
      }
    },
    end: () => {
      clearInterval(timer);
      if (current !== undefined) terminal.raw("\r\u001b[2K");
      current = undefined;
    },
  };
}

function doneLine(phase: Phase, durationMs: number, { paintError }: Terminal): string {
  const label = labels[phase].padEnd(12);
  return `  ${paintError("green", "✔")} ${label}${paintError("dim", formatDuration(durationMs))}`;
}

function writeOther(event: ToolkitEvent, terminal: Terminal): void {
  if (event.code === "TOOLKIT_NOTICE") terminal.progress(`  ${terminal.paintError("dim", event.notice)}`);
  if (event.code === "TOOLKIT_FILE_WRITTEN")
    terminal.progress(`  ${terminal.paintError("dim", event.message)}`);
  if (event.code === "TOOLKIT_WARNING")
    terminal.progress(`  ${terminal.paintError("yellow", "!")} ${event.warning}`);
}

/** `340 ms`, `2.1 s`. */
export function formatDuration(durationMs: number): string {
  return durationMs < 1_000 ? `${Math.round(durationMs)} ms` : `${(durationMs / 1_000).toFixed(1)} s`;
}

import type { Clock } from "@tenantry/base";
import type { ToolkitEvent } from "@tenantry/toolkit";
import type { Terminal } from "../terminal.ts";
import { formatDuration } from "../up/progress.ts";

/** How a deployment is shown while it works. */
export interface DeploymentProgress {
  readonly onEvent: (event: ToolkitEvent) => void;
  /** Writes the last state and leaves the cursor below it. */
  readonly end: () => void;
}

interface RunningStack {
  readonly name: string;
  readonly startedMs: number;
  /** Resources that are being worked on, oldest first. */
  readonly resources: Map<string, { readonly type: string; readonly startedMs: number }>;
  done: number;
}

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const frameMs = 100;
/** Lines of the live tree; more stacks and resources than fit are counted. */
const linesMax = 16;
const resourcesPerStack = 3;

/** On a terminal a tree that moves, with what is done above it; else a line for each stack and each failure. */
export function deploymentProgress(terminal: Terminal, clock: Clock): DeploymentProgress {
  const nowMs = () => clock.monotonicMs();
  const running = new Map<string, RunningStack>();
  let drawn = 0;
  let frame = 0;
  const erase = () => {
    if (drawn > 0) terminal.raw(`\u001b[${drawn}A\u001b[0J`);
    drawn = 0;
  };
  const draw = () => {
    if (!terminal.isLive) return;
    erase();
    frame += 1;
    const lines = treeLines([...running.values()], nowMs(), terminal, frames[frame % frames.length] ?? "");
    for (const line of lines) terminal.raw(`${line}\n`);
    drawn = lines.length;
  };
  const above = (line: string) => {
    erase();
    terminal.progress(line);
    draw();
  };
  const timer = terminal.isLive ? setInterval(draw, frameMs) : null;
  timer?.unref();
  return {
    onEvent: (event) => {
      follow(running, event, nowMs());
      const line = lineOf(event, terminal);
      if (line !== null) above(line);
    },
    end: () => {
      if (timer !== null) clearInterval(timer);
      erase();
    },
  };
}

function keyOf({ stack, region }: { readonly stack: string; readonly region: string }): string {
  return `${region}/${stack}`;
}

/** Keeps the picture of what runs. */
function follow(running: Map<string, RunningStack>, event: ToolkitEvent, nowMs: number): void {
  if (event.code === "TOOLKIT_STACK_STARTED") {
    running.set(keyOf(event), { name: event.stack, startedMs: nowMs, resources: new Map(), done: 0 });
  } else if (event.code === "TOOLKIT_STACK_DONE" || event.code === "TOOLKIT_STACK_FAILED") {
    running.delete(keyOf(event));
  } else if (event.code === "TOOLKIT_RESOURCE_CHANGED") {
    const stack = running.get(keyOf(event));
    if (stack === undefined) return;
    if (event.state === "started")
      stack.resources.set(event.logicalId, { type: event.type, startedMs: nowMs });
    else if (stack.resources.delete(event.logicalId) || event.state === "done") stack.done += 1;
  }
}

function treeLines(
  stacks: readonly RunningStack[],
  nowMs: number,
  { paintError, width }: Terminal,
  spinner: string,
): readonly string[] {
  const lines: string[] = [];
  for (const { name, startedMs, resources, done } of stacks) {
    const took = formatDuration(nowMs - startedMs);
    lines.push(
      `  ${paintError("cyan", spinner)} ${name} ${paintError("dim", `${took}, ${done} resources done`)}`,
    );
    for (const [logicalId, resource] of [...resources].slice(0, resourcesPerStack)) {
      const since = formatDuration(nowMs - resource.startedMs);
      lines.push(`      ${logicalId} ${paintError("dim", `${resource.type} ${since}`)}`);
    }
    if (resources.size > resourcesPerStack)
      lines.push(`      … and ${resources.size - resourcesPerStack} more`);
  }
  const shown = lines.slice(0, linesMax);
  if (lines.length > linesMax) shown.push(`  … and ${lines.length - linesMax} more lines`);
  // A line that wraps would not be erased as a whole; escape sequences take no room, so this errs on the safe side.
  return shown.map((line) => (line.length > width + 40 ? line.slice(0, width) : line));
}

function lineOf(event: ToolkitEvent, { paintError }: Terminal): string | null {
  switch (event.code) {
    case "TOOLKIT_STACK_DONE":
      return `  ${paintError("green", "✔")} ${event.stack} ${paintError("dim", `${event.region} ${event.outcome}, ${formatDuration(event.durationMs)}`)}`;
    case "TOOLKIT_STACK_FAILED":
      return `  ${paintError("red", "✖")} ${event.message}`;
    case "TOOLKIT_RESOURCE_CHANGED":
      return event.state === "failed"
        ? `      ${paintError("red", `✖ ${event.logicalId} (${event.type}): ${event.reason ?? event.status}`)}`
        : null;
    case "TOOLKIT_WAVE_STARTED":
      return `  ${paintError("dim", event.message)}`;
    case "TOOLKIT_LOCK_TAKEN_OVER":
      return `  ${paintError("yellow", "!")} ${event.message}`;
    case "TOOLKIT_FILE_WRITTEN":
      return `  ${paintError("dim", event.message)}`;
    default:
      return null;
  }
}

import type { Terminal } from "../terminal.ts";

const colours = ["cyan", "magenta", "blue", "green", "yellow"] as const;

/** Writes the lines of the services, each behind the name of its service, in its colour. */
export function createServiceLogs(terminal: Terminal): (service: string, line: string) => void {
  const names: string[] = [];
  return (service, line) => {
    if (!names.includes(service)) names.push(service);
    const width = Math.max(...names.map((name) => name.length));
    const colour = colours[names.indexOf(service) % colours.length] ?? "cyan";
    // With --json, stdout is the document's alone.
    if (terminal.json) terminal.progress(`${terminal.paintError(colour, service.padEnd(width))} │ ${line}`);
    else terminal.out(`${terminal.paint(colour, service.padEnd(width))} │ ${line}`);
  };
}

import { homedir, hostname, userInfo } from "node:os";
import { join } from "node:path";
import { systemClock, systemRandom } from "@tenantry/base";
import type { ToolkitEvent, ToolkitPorts } from "@tenantry/toolkit";

type Environment = Readonly<Record<string, string | undefined>>;

/** The machine as the actions see it. */
export function systemPorts(onEvent: (event: ToolkitEvent) => void = () => undefined): ToolkitPorts {
  return {
    clock: systemClock,
    random: systemRandom,
    fetch: globalThis.fetch,
    cwd: process.cwd(),
    stateFolder: stateFolder(process.env),
    user: `${userName()}@${hostname()}`.slice(0, 255),
    onEvent,
  };
}

/** https://specifications.freedesktop.org/basedir-spec/latest/: what persists, but is not the user's data. */
function stateFolder(env: Environment): string {
  const base = env["XDG_STATE_HOME"];
  return join(base === undefined || base === "" ? join(homedir(), ".local", "state") : base, "tenantry");
}

/** The folder that the user typed the command in; npm changes to the folder of the package. */
export function userFolder(env: Environment): string {
  return env["INIT_CWD"] ?? process.cwd();
}

/** A user id without an entry has no name; the audit trail still says which one it was. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.() ?? "unknown"}`;
  }
}

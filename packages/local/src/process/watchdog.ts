import { type ChildProcess, spawn } from "node:child_process";

/** A tiny process that outlives ours by a moment, to stop what we started. */
export interface Watchdog {
  /** It is not needed any more. */
  release(): void;
}

/**
 * A shell that waits on its standard input. A line means that all is well and it leaves; the
 * end of the input means that our process is gone, however it went, and it runs `script`.
 * It has a session of its own, so that a signal to our process group does not reach it.
 */
export function launchWatchdog(
  script: string,
  args: readonly string[],
  ids: { readonly uid?: number; readonly gid?: number } = {},
): Watchdog {
  const child: ChildProcess = spawn(
    "/bin/sh",
    ["-c", `read -r _ && exit 0\n${script}`, "tenantry-watchdog", ...args],
    {
      cwd: "/",
      env: { PATH: "/usr/bin:/bin" },
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
      ...ids,
    },
  );
  // Without a watchdog the next start still finds what is left: no reason to stop.
  child.on("error", () => undefined);
  child.stdin?.on("error", () => undefined);
  return { release: () => void child.stdin?.end("done\n") };
}

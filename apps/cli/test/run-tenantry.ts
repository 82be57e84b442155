import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The launcher, as a shell would start it. */
export const launcher = fileURLToPath(new URL("../bin/tenantry.mjs", import.meta.url));

export interface Ended {
  /** Null where a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  /** Over a small environment of its own: the tests' one must not leak into what is printed. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the real program to its end. */
export async function runTenantry(argv: readonly string[], options: RunOptions): Promise<Ended> {
  return startTenantry(argv, options).ended;
}

export interface Started {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves when the text appears on stdout or stderr; rejects when the program ends without it. */
  readonly says: (text: string) => Promise<void>;
}

/** Starts the real program, in a process group of its own so that signals to the group hit it alone. */
export function startTenantry(argv: readonly string[], { cwd, env }: RunOptions): Started {
  const child = spawn(process.execPath, [launcher, ...argv], {
    cwd,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"], HOME: cwd, XDG_STATE_HOME: `${cwd}/.state`, ...env },
  });
  let stdout = "";
  let stderr = "";
  const waiting: {
    readonly text: string;
    readonly resolve: () => void;
    readonly reject: (error: Error) => void;
  }[] = [];
  const look = () => {
    for (const { text, resolve } of waiting) if (stdout.includes(text) || stderr.includes(text)) resolve();
  };
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk;
    look();
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk;
    look();
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => {
      const end = { status, stdout, stderr };
      for (const { text, reject: fail } of waiting) {
        fail(new Error(`ended with ${status} before it said ${JSON.stringify(text)}:\n${stdout}\n${stderr}`));
      }
      resolve(end);
    });
  });
  return {
    process: child,
    ended,
    stdout: () => stdout,
    stderr: () => stderr,
    says: (text) =>
      new Promise((resolve, reject) => {
        waiting.push({ text, resolve, reject });
        look();
      }),
  };
}

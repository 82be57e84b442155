import { type ChildProcess, spawn } from "node:child_process";
import http from "node:http";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../bin/server.mjs", import.meta.url));

/** A line of the server's log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly kind: string; readonly level: string };

export interface ServerProcess extends AsyncDisposable {
  readonly child: ChildProcess;
  /** Every line so far. */
  readonly lines: readonly LogLine[];
  readonly stderr: () => string;
  /** Resolves to the first line of this kind; rejects when the program ends without one. */
  says(kind: string): Promise<LogLine>;
  /** Resolves to the exit status; null where a signal ended it. */
  readonly ended: Promise<number | null>;
}

/** Starts the real program with an environment of its own. */
export function startServerProcess(
  env: Readonly<Record<string, string>>,
  argv: readonly string[] = [],
  executable = program,
): ServerProcess {
  const child = spawn(process.execPath, [executable, ...argv], { env, stdio: ["ignore", "pipe", "pipe"] });
  const lines: LogLine[] = [];
  const waiting: { kind: string; resolve: (line: LogLine) => void; reject: (error: Error) => void }[] = [];
  let rest = "";
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    const parts = (rest + text).split("\n");
    rest = parts.pop() ?? "";
    // A line that is no JSON is a failure of its own: everything on stdout is.
    lines.push(...parts.map((part) => JSON.parse(part) as LogLine));
    for (const { kind, resolve } of waiting) {
      const found = lines.find((line) => line.kind === kind);
      if (found !== undefined) resolve(found);
    }
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once("close", (status) => {
      for (const { kind, reject } of waiting)
        reject(new Error(`ended with ${status} before ${kind}:\n${JSON.stringify(lines)}\n${stderr}`));
      resolve(status);
    });
  });
  return {
    child,
    lines,
    stderr: () => stderr,
    ended,
    says: (kind) =>
      new Promise((resolve, reject) => {
        const found = lines.find((line) => line.kind === kind);
        if (found !== undefined) resolve(found);
        else waiting.push({ kind, resolve, reject });
      }),
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly closes: boolean;
}

/** One request; unlike fetch it can name any host. */
export function ask(
  url: string,
  path: string,
  options: { readonly host?: string; readonly token?: string; readonly agent?: http.Agent } = {},
): Promise<Answer> {
  const { host = "localhost", token, agent } = options;
  const headers = { host, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
  return new Promise((resolve, reject) => {
    const request = http.get(`${url}${path}`, { headers, agent: agent ?? false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(chunks).toString("utf8"),
          closes: response.headers.connection === "close",
        }),
      );
    });
    request.on("error", reject);
  });
}

import http from "node:http";
import net from "node:net";
import { problemTable, type ProblemCode } from "../../src/http/problems.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  // What a test expects of a body is written in the test.
  // oxlint-disable-next-line no-explicit-any
  readonly json: any;
}

export interface Ask {
  readonly method?: string;
  readonly host?: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  /** Sent as JSON unless it is a text or bytes. */
  readonly body?: unknown;
  readonly agent?: http.Agent;
}

/** One request by Node's own client, which can name any host. */
export function ask(port: number, path: string, options: Ask = {}): Promise<Answer> {
  const { method = "GET", host = "acme-corp.localhost", token, body, agent } = options;
  const bytes =
    body === undefined || typeof body === "string" || body instanceof Uint8Array
      ? body
      : JSON.stringify(body);
  const headers: Record<string, string | string[]> = { host, ...options.headers };
  if (token !== undefined) headers["authorization"] = `Bearer ${token}`;
  if (bytes !== undefined) {
    headers["content-type"] ??= "application/json";
    headers["content-length"] ??= String(Buffer.byteLength(bytes));
  }
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        host: "127.0.0.1",
        port,
        path,
        method,
        headers,
        ...(agent === undefined ? { agent: false } : { agent }),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          const flat = Object.fromEntries(
            Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
          );
          resolve({ status: response.statusCode ?? 0, headers: flat, body: text, json: parseJson(text) });
        });
      },
    );
    request.on("error", reject);
    request.end(bytes);
  });
}

/** Bytes as they are, and all that comes back until the server closes or nothing has come for a while. */
export function sendRaw(port: number, text: string | Uint8Array, quietMs = 250): Promise<string> {
  return new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1");
    const chunks: Buffer[] = [];
    const finish = () => {
      clearTimeout(first);
      socket.destroy();
      resolve(Buffer.concat(chunks).toString("latin1"));
    };
    // A server that says nothing at all is the failure that this bounds.
    const first = setTimeout(finish, 5_000);
    socket.on("data", (chunk) => {
      chunks.push(chunk);
      clearTimeout(first);
      socket.setTimeout(quietMs, finish);
    });
    socket.on("error", finish);
    socket.on("close", finish);
    socket.write(text);
  });
}

/** The answers in what came back over one connection. Bodies have a length, as all of ours do. */
export function parseAnswers(text: string): Answer[] {
  const answers: Answer[] = [];
  let rest = text;
  while (rest.startsWith("HTTP/1.1 ")) {
    const end = rest.indexOf("\r\n\r\n");
    if (end < 0) break;
    const [statusLine = "", ...lines] = rest.slice(0, end).split("\r\n");
    const headers = Object.fromEntries(
      lines.map((line) => [
        line.slice(0, line.indexOf(":")).toLowerCase(),
        line.slice(line.indexOf(":") + 1).trim(),
      ]),
    );
    const status = Number(statusLine.split(" ")[1]);
    const length = status === 100 ? 0 : Number(headers["content-length"] ?? 0);
    const body = rest.slice(end + 4, end + 4 + length);
    rest = rest.slice(end + 4 + length);
    if (status !== 100)
      answers.push({ status, headers, body, json: parseJson(Buffer.from(body, "latin1").toString()) });
  }
  return answers;
}

/** What is wrong with an answer that should be a problem; null when it is one. */
export function faultOfProblem(answer: Answer): string | null {
  const type = answer.headers["content-type"] ?? "";
  if (!type.startsWith("application/problem+json")) return `content type ${type}`;
  const problem = answer.json as {
    code: ProblemCode;
    status: number;
    type: string;
    requestId: string;
    detail: string;
  } | null;
  if (problem === null) return `no JSON: ${answer.body}`;
  const entry = problemTable[problem.code];
  if (entry === undefined) return `code ${problem.code}`;
  if (entry.status !== answer.status || problem.status !== answer.status)
    return `status ${answer.status} of ${problem.code}`;
  if (answer.headers["x-request-id"] !== problem.requestId) return "request ids differ";
  if (/node_modules|\.ts:|at \w+ \(|Error:/.test(answer.body)) return `internal text: ${answer.body}`;
  return null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

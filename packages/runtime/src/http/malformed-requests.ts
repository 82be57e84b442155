import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { ListenerName } from "./log-entry.ts";
import type { ListenerPorts } from "./listener.ts";
import { problemBody, ProblemError, problemMediaType } from "./problems.ts";
import { securityHeaders } from "./security-headers.ts";
import { isStreaming } from "./streaming-sockets.ts";

/**
 * Answers what never becomes a request, and would otherwise get Node's own empty answers: bytes
 * that are not HTTP, headers too large, requests too slow, CONNECT, unknown expectations.
 */
export class MalformedRequests {
  readonly #listener: ListenerName;
  readonly #ports: ListenerPorts;

  constructor(listener: ListenerName, ports: ListenerPorts) {
    this.#listener = listener;
    this.#ports = ports;
  }

  /** For "clientError": what the parser refused, or what was too slow. */
  refuseBytes(error: NodeJS.ErrnoException, socket: Socket): void {
    // Whoever streams has a time limit of its own; Node tells of its own one only once.
    if (error.code === "ERR_HTTP_REQUEST_TIMEOUT" && isStreaming(socket)) return;
    // The client went away: there is nobody to answer and nothing to learn.
    if (error.code === "ECONNRESET" || error.code === "EPIPE" || socket.destroyed) {
      socket.destroy();
      return;
    }
    this.#refuse(socket, problemOfParseError(error.code), null);
    // What still arrives is read and dropped, so that the answer is not lost to a reset.
    socket.resume();
    socket.setTimeout(lingerMs, () => socket.destroy());
  }

  /** For the requests that Node hands out by other events than "request". */
  attach(server: Server): void {
    server.on("connect", (_request: IncomingMessage, socket: Duplex) => {
      socket.on("error", () => socket.destroy());
      const problem = new ProblemError("METHOD_NOT_ALLOWED", { headers: { allow: "GET, HEAD, OPTIONS" } });
      this.#refuse(socket, problem, "CONNECT");
    });
    server.on("checkExpectation", (request: IncomingMessage, response: ServerResponse) => {
      if (response.socket === null) return;
      this.#refuse(response.socket, new ProblemError("EXPECTATION_FAILED"), request.method ?? null);
    });
  }

  #refuse(socket: Duplex, problem: ProblemError, method: string | null): void {
    const { clock, random, log } = this.#ports;
    const requestId = Buffer.from(random.bytes(16)).toString("hex");
    if (socket.writable && !hasBegunToAnswer(socket)) socket.end(rawResponse(problem, requestId));
    else socket.destroy();
    log({
      kind: "access",
      listener: this.#listener,
      time: new Date(clock.nowMs()).toISOString(),
      requestId,
      tenant: null,
      method,
      route: "unmatched",
      status: problem.statusCode,
      durationMs: 0,
      problem: problem.code,
      reason: problem.reason ?? null,
    });
  }
}

/** How long a refused connection may go on sending. */
const lingerMs = 1_000;

function problemOfParseError(code: string | undefined): ProblemError {
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return new ProblemError("HEADERS_TOO_LARGE", { reason: code });
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new ProblemError("REQUEST_TIMEOUT", { reason: code });
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return new ProblemError("BODY_TOO_LARGE", { reason: code });
    default:
      return new ProblemError("MALFORMED_REQUEST", { reason: code ?? "unknown" });
  }
}

/** Bytes after the head of another response would be read as that response's body. */
function hasBegunToAnswer(socket: Duplex): boolean {
  const response = (socket as { _httpMessage?: { headersSent?: boolean } | null })._httpMessage;
  return response?.headersSent === true;
}

function rawResponse(problem: ProblemError, requestId: string): string {
  const body = JSON.stringify(problemBody(problem, requestId));
  const headers = {
    "content-type": problemMediaType,
    "content-length": String(Buffer.byteLength(body)),
    "x-request-id": requestId,
    "cache-control": "no-store",
    ...securityHeaders,
    ...problem.headers,
    connection: "close",
  };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${problem.statusCode} ${reasonPhrase}`, ...head, "", body].join("\r\n");
}

// The phrase carries no meaning (RFC 9112, section 4); the body says it all.
const reasonPhrase = "Refused";

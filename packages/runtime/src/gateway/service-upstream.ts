import http, { type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import type { Clock } from "@tenantry/base";
import type { ApiLimits } from "../http/api-limits.ts";
import type { TunnelSocket } from "./websocket-tunnel.ts";

/** A request as a service gets it. */
export interface ServiceRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Null where there is none. */
  readonly body: Readable | null;
}

/** What a service makes of a handshake. */
export type HandshakeAnswer =
  | {
      readonly kind: "upgraded";
      readonly response: IncomingMessage;
      readonly socket: TunnelSocket;
      readonly head: Buffer;
    }
  | { readonly kind: "answered"; readonly response: IncomingMessage };

export type ServiceFailureKind = "refused" | "timeout" | "failed";

/** Why there is no answer. */
export class ServiceFailure extends Error {
  readonly kind: ServiceFailureKind;
  /** Whether the connection was refused, or lost before a byte of an answer. */
  readonly mayRepeat: boolean;

  constructor(kind: ServiceFailureKind, reason: string, mayRepeat = false) {
    super(reason);
    this.kind = kind;
    this.mayRepeat = mayRepeat;
  }
}

/** Methods that a service may be asked twice, because they change nothing (RFC 9110, section 9.2.1). */
const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);
/** How long a service that refuses connections is left alone, as one that just starts does. */
const refusedPauseMs = 50;
const freeConnectionsMax = 128;

/** What fails while connecting. Of these only a refusal is over at once. */
const connectErrors = new Set(["ECONNREFUSED", "ENOTFOUND", "EHOSTUNREACH", "ENETUNREACH", "ETIMEDOUT"]);
/** What a connection that is lost fails with. */
const lossErrors = new Set(["ECONNRESET", "EPIPE"]);

/**
 * The connections to one service.
 *
 * A request is sent once. It is sent a second time, on a connection of its own, when the first was
 * refused or was lost before a byte of an answer, and the request is safe and has no body: most
 * often the service has closed an idle connection just then. How many requests are on their way is
 * bounded by those who send them.
 */
export class ServiceUpstream implements AsyncDisposable {
  /** Host and port. */
  readonly host: string;
  readonly #url: URL;
  readonly #limits: ApiLimits;
  readonly #clock: Clock;
  readonly #agent = new http.Agent({ keepAlive: true, maxFreeSockets: freeConnectionsMax });

  constructor(url: string, limits: ApiLimits, clock: Clock) {
    this.#url = new URL(url);
    this.host = this.#url.host;
    this.#limits = limits;
    this.#clock = clock;
  }

  /** @throws ServiceFailure */
  async send(request: ServiceRequest, signal: AbortSignal): Promise<IncomingMessage> {
    const { serviceTimeoutMs } = this.#limits;
    const startedMs = this.#clock.monotonicMs();
    try {
      return plainAnswer(
        await this.#once(request, { agent: this.#agent, timeoutMs: serviceTimeoutMs }, signal),
      );
    } catch (error) {
      if (!mayRepeat(request, error) || signal.aborted) throw error;
      if (error.kind === "refused") await this.#clock.sleep(refusedPauseMs, signal).catch(() => undefined);
      const leftMs = serviceTimeoutMs - (this.#clock.monotonicMs() - startedMs);
      if (leftMs <= 0 || signal.aborted) throw error;
      return plainAnswer(await this.#once(request, { agent: false, timeoutMs: leftMs }, signal));
    }
  }

  /** Sends a handshake, once and on a connection of its own. @throws ServiceFailure */
  async upgrade(request: ServiceRequest, signal: AbortSignal): Promise<HandshakeAnswer> {
    const { serviceTimeoutMs } = this.#limits;
    const answer = await this.#once(request, { agent: false, timeoutMs: serviceTimeoutMs }, signal);
    const isWebSocket = answer.response.headers.upgrade?.toLowerCase() === "websocket";
    return answer.kind === "upgraded" && !isWebSocket ? refuseUpgrade(answer.socket) : answer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#agent.destroy();
  }

  #once(
    { method, path, headers, body }: ServiceRequest,
    { agent, timeoutMs }: { readonly agent: http.Agent | false; readonly timeoutMs: number },
    signal: AbortSignal,
  ): Promise<HandshakeAnswer> {
    const { hostname, port } = this.#url;
    const host = hostname.replace(/^\[(.*)\]$/, "$1");
    return new Promise((resolve, reject) => {
      const outgoing = http.request({ host, port, method, path, headers, agent, setHost: false });
      let isSettled = false;
      let bytesBefore = 0;
      const fail = (failure: ServiceFailure) => {
        isSettled = true;
        reject(failure);
      };
      const abort = () => void outgoing.destroy(new Error("the client has gone"));
      const finish = (answer: HandshakeAnswer) => {
        isSettled = true;
        // From now on only pauses within the answer count.
        if (answer.kind === "answered") outgoing.setTimeout(this.#limits.serviceIdleTimeoutMs);
        resolve(answer);
      };
      outgoing.on("socket", (socket) => {
        bytesBefore = socket.bytesRead;
        if (socket.connecting) this.#limitConnecting(outgoing, fail);
      });
      outgoing.setTimeout(timeoutMs, () => {
        if (!isSettled) fail(new ServiceFailure("timeout", "no answer in time"));
        outgoing.destroy(new Error("the service is silent"));
      });
      outgoing.on("response", (response) => finish({ kind: "answered", response }));
      outgoing.on("upgrade", (response, socket, head) =>
        finish({ kind: "upgraded", response, socket: socket as TunnelSocket, head }),
      );
      outgoing.on("error", (error: NodeJS.ErrnoException) => {
        const code = error.code ?? error.message;
        const isLost = lossErrors.has(code) && outgoing.socket?.bytesRead === bytesBefore;
        if (isSettled) return;
        if (connectErrors.has(code)) fail(new ServiceFailure("refused", code, code === "ECONNREFUSED"));
        else fail(new ServiceFailure("failed", code, isLost));
      });
      outgoing.on("close", () => signal.removeEventListener("abort", abort));
      signal.addEventListener("abort", abort, { once: true });
      if (signal.aborted) abort();
      if (body === null) outgoing.end();
      else body.pipe(outgoing);
    });
  }

  #limitConnecting(outgoing: http.ClientRequest, fail: (failure: ServiceFailure) => void): void {
    const connected = new AbortController();
    const stop = () => connected.abort();
    outgoing.socket?.once("connect", stop);
    outgoing.once("close", stop);
    this.#clock.sleep(this.#limits.serviceConnectTimeoutMs, connected.signal).then(
      () => {
        fail(new ServiceFailure("refused", "no connection in time"));
        outgoing.destroy(new Error("the service does not accept the connection"));
      },
      () => undefined,
    );
  }
}

function plainAnswer(answer: HandshakeAnswer): IncomingMessage {
  return answer.kind === "answered" ? answer.response : refuseUpgrade(answer.socket);
}

function refuseUpgrade(socket: TunnelSocket): never {
  socket.destroy();
  throw new ServiceFailure("failed", "it changes to a protocol that nobody asked for");
}

function mayRepeat({ method, body }: ServiceRequest, error: unknown): error is ServiceFailure {
  return safeMethods.has(method) && body === null && error instanceof ServiceFailure && error.mayRepeat;
}

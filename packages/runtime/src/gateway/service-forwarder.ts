import type { IncomingMessage } from "node:http";
import { PassThrough, type Readable } from "node:stream";
import type { Clock, Random } from "@tenantry/base";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { ApiLimits } from "../http/api-limits.ts";
import { ProblemError } from "../http/problems.ts";
import { requestSignal } from "../http/request-signal.ts";
import type { TenantAuthenticator } from "../identity/tenant-authenticator.ts";
import type { TenantRegistry } from "../tenants/tenant-registry.ts";
import type { ContextSigner } from "./context-signer.ts";
import { forwardedRequestHeaders, forwardedResponseHeaders } from "./forwarded-headers.ts";
import type { OpenStreams, StreamEnd } from "./open-streams.ts";
import { requirePlainPath } from "./plain-path.ts";
import { platformCredentialOf } from "./service-access.ts";
import type { ServiceRoute } from "./service-routes.ts";
import { ServiceFailure, type ServiceRequest, type ServiceUpstream } from "./service-upstream.ts";
import { handshakeOf } from "./upgrades.ts";
import { authorizationOf, requireOwnOrigin } from "./websocket-handshake.ts";
import { type TunnelEnd, WebSocketTunnel } from "./websocket-tunnel.ts";

/** What forwarding needs besides the service itself. */
export interface ForwardingPorts {
  readonly limits: ApiLimits;
  readonly clock: Clock;
  readonly random: Random;
  readonly contexts: ContextSigner;
  readonly streams: OpenStreams;
  readonly registry: TenantRegistry;
  readonly authenticator: TenantAuthenticator;
  readonly trustedProxies: number;
}

/**
 * Sends requests to one service and its answers back, as they come: nothing is buffered, and when
 * one side goes, the other learns it.
 */
export class ServiceForwarder {
  readonly #route: ServiceRoute;
  readonly #upstream: ServiceUpstream;
  readonly #ports: ForwardingPorts;

  constructor(route: ServiceRoute, upstream: ServiceUpstream, ports: ForwardingPorts) {
    this.#route = route;
    this.#upstream = upstream;
    this.#ports = ports;
  }

  async forward(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    requirePlainPath(request.url);
    const handshake = handshakeOf(request.raw);
    if (handshake !== undefined) return await this.#forwardHandshake(request, reply, handshake);
    const sent = await this.#requestOf(request);
    const response = await this.#upstream
      .send(sent, requestSignal(reply))
      .catch((error: unknown) => this.#refuse(error));
    return this.#answer(request, reply, response);
  }

  async #requestOf(request: FastifyRequest): Promise<ServiceRequest> {
    const { contexts, trustedProxies } = this.#ports;
    const { audience, forwardAuthorization } = this.#route;
    const principal = request.principal?.kind === "tenant" ? request.principal : null;
    const signed = contexts.sign(audience, request.tenant, principal);
    const context = typeof signed === "string" ? signed : await signed;
    const headers = forwardedRequestHeaders(request, {
      context,
      upstreamHost: this.#upstream.host,
      trustedProxies,
      forwardAuthorization,
    });
    const body = hasBody(request) ? request.raw : null;
    // Without a length the end of the body has to be marked, or what follows would be its rest.
    if (body !== null && headers["content-length"] === undefined) headers["transfer-encoding"] = "chunked";
    return { method: request.method, path: request.url, headers, body };
  }

  #answer(request: FastifyRequest, reply: FastifyReply, response: IncomingMessage): FastifyReply {
    // Whatever goes wrong from here is reported through the body.
    response.on("error", () => undefined);
    const isStream = isEventStream(response) && request.method !== "HEAD";
    const body = isStream ? this.#openEventStream(request, reply, response) : response;
    try {
      reply.code(response.statusCode ?? 0).headers(forwardedResponseHeaders(response.headers) as never);
    } catch (error) {
      response.destroy();
      throw new ProblemError("SERVICE_FAILED", {
        reason: `${this.#route.service}: ${(error as Error).message}`,
      });
    }
    // The rest of a body that the service did not want would be read as the next request.
    if (!request.raw.complete) reply.header("connection", "close");
    return reply.send(body);
  }

  /** An event stream leaves its turn to requests that end, and takes a place among the streams. */
  #openEventStream(request: FastifyRequest, reply: FastifyReply, response: IncomingMessage): Readable {
    const { streams, limits } = this.#ports;
    const leave = streams.admit(request.tenant, request.principal === null);
    if (leave === null) {
      response.destroy();
      throw tooManyStreams();
    }
    request.endTurn?.();
    response.setTimeout(limits.streamIdleTimeoutMs);
    // The pauses of the service are the ones that count.
    request.raw.socket.setTimeout(0);
    // Of its own, so that it can end while the service's answer does not: that one's connection is
    // then closed, because what still comes on it is nobody's.
    const events = new PassThrough();
    response.once("error", (error) => events.destroy(error));
    response.pipe(events);
    const remove = streams.add({
      recheck: () => this.#recheck(request),
      end: () => {
        response.unpipe(events);
        events.end();
      },
    });
    // A client waits for the head of the answer also while there is no event.
    reply.raw.once("pipe", () => reply.raw.flushHeaders());
    reply.raw.once("close", () => {
      response.destroy();
      remove();
      leave();
    });
    return events;
  }

  async #forwardHandshake(
    request: FastifyRequest,
    reply: FastifyReply,
    client: TunnelEnd,
  ): Promise<FastifyReply> {
    requireOwnOrigin(request);
    const { streams } = this.#ports;
    const leave = streams.admit(request.tenant, request.principal === null);
    if (leave === null) throw tooManyStreams();
    try {
      const { method, path, headers } = await this.#requestOf(request);
      const handshake = { ...headers, connection: "Upgrade", upgrade: "websocket" };
      const answer = await this.#upstream
        .upgrade({ method, path, headers: handshake, body: null }, requestSignal(reply))
        .catch((error: unknown) => this.#refuse(error));
      if (answer.kind === "answered") {
        leave();
        return this.#answer(request, reply, answer.response);
      }
      this.#openTunnel(request, reply, { client, service: answer, head: answer.response, leave });
      return reply;
    } catch (error) {
      leave();
      throw error;
    }
  }

  #openTunnel(
    request: FastifyRequest,
    reply: FastifyReply,
    ends: {
      readonly client: TunnelEnd;
      readonly service: TunnelEnd;
      readonly head: IncomingMessage;
      readonly leave: () => void;
    },
  ): void {
    const { client, service, head, leave } = ends;
    const { streams, limits, clock, random } = this.#ports;
    reply.hijack();
    request.endTurn?.();
    reply.raw.writeHead(101, {
      ...forwardedResponseHeaders(head.headers),
      connection: "Upgrade",
      upgrade: "websocket",
      "x-request-id": request.id,
    });
    reply.raw.end();
    reply.raw.detachSocket(client.socket as never);
    let remove = () => undefined as void;
    const tunnel = new WebSocketTunnel(
      { client, service, idleTimeoutMs: limits.streamIdleTimeoutMs, clock, random },
      () => {
        remove();
        leave();
      },
    );
    remove = streams.add({ recheck: () => this.#recheck(request), end: (reason) => tunnel.end(reason) });
    if (client.socket.destroyed) remove();
  }

  /** Asks again what was asked when the stream began. */
  async #recheck(request: FastifyRequest): Promise<StreamEnd | null> {
    const { tenant } = request;
    if (tenant === null) return null;
    const { registry, authenticator } = this.#ports;
    const now = await registry.find(tenant.id);
    if (now?.status !== "active") return "tenant-inactive";
    const credential = platformCredentialOf(authorizationOf(request));
    if (credential === undefined) return null;
    try {
      await authenticator.authenticate(now, credential);
      return null;
    } catch (error) {
      if (error instanceof ProblemError && error.statusCode < 500) return "credential-ended";
      throw error;
    }
  }

  #refuse(error: unknown): never {
    if (!(error instanceof ServiceFailure)) throw error;
    const reason = `${this.#route.service}: ${error.message}`;
    if (error.kind === "refused") {
      throw new ProblemError("SERVICE_UNAVAILABLE", { headers: { "retry-after": "1" }, reason });
    }
    throw new ProblemError(error.kind === "timeout" ? "SERVICE_TIMEOUT" : "SERVICE_FAILED", { reason });
  }
}

function tooManyStreams(): ProblemError {
  return new ProblemError("STREAMS_LIMITED", { headers: { "retry-after": "1" } });
}

function isEventStream({ headers }: IncomingMessage): boolean {
  return /^text\/event-stream\s*(;|$)/i.test(headers["content-type"] ?? "");
}

function hasBody({ method, headers }: FastifyRequest): boolean {
  if (method === "GET" || method === "HEAD") return false;
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

import type { IncomingMessage } from "node:http";
import type { Clock, Random } from "@tenantry/base";
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from "fastify";
import { errors } from "../errors.ts";
import type { ApiLimits } from "./api-limits.ts";
import { refuseAmbiguousRequest } from "./framing.ts";
import { HandlingDeadlines } from "./handling-deadlines.ts";
import { IdleConnections } from "./idle-connections.ts";
import type { AccessEntry, ListenerName, Log } from "./log-entry.ts";
import { MalformedRequests } from "./malformed-requests.ts";
import { problemOf, sendProblem } from "./problem-response.ts";
import { ProblemError } from "./problems.ts";
import "./request-context.ts";
import type { RequestObserver } from "./request-observer.ts";
import { RouteTable } from "./route-table.ts";
import { serializerCompiler, validatorCompiler } from "./validation.ts";

export interface ListenerPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Follows the requests; nothing does where not given. */
  readonly observer?: RequestObserver | null;
}

/** One HTTP server with everything that all routes share: ids, log, limits, problems, draining. */
export interface Listener {
  readonly name: ListenerName;
  readonly app: FastifyInstance;
  /** The paths that exist, for 405 and OPTIONS. */
  readonly routes: RouteTable;
  /** @returns the URL, with the port that was taken */
  listen(address: { readonly host: string; readonly port: number }): Promise<string>;
  /** Takes no more connections, lets requests finish, and ends what has not finished in time. */
  drain(): Promise<void>;
}

/**
 * The order of a request: ambiguous framing is refused; the plugin's own hooks read the host and
 * the token; media type, body, schema; handler. Whatever throws on the way becomes a problem.
 */
export function createListener(name: ListenerName, limits: ApiLimits, ports: ListenerPorts): Listener {
  const routes = new RouteTable();
  const state = { draining: false };
  const malformed = new MalformedRequests(name, ports);
  const app = Fastify({
    logger: false,
    bodyLimit: limits.bodyBytesMax,
    requestTimeout: limits.requestTimeoutMs,
    connectionTimeout: limits.connectionTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    forceCloseConnections: "idle",
    // While draining, requests on open connections are answered as ever, and the connection closed.
    return503OnClosing: false,
    // A long parameter is refused by its schema, which says what it should be.
    routerOptions: { maxParamLength: limits.headerBytesMax },
    requestIdHeader: false,
    genReqId: requestIds(ports.random),
    frameworkErrors: (error, request, reply) => {
      // No hook has seen this request and none will.
      startRequest(request as FastifyRequest, reply as FastifyReply, ports.clock);
      sendFailure(error, request as FastifyRequest, reply as FastifyReply);
      logAccess(request as FastifyRequest, reply as FastifyReply);
    },
    clientErrorHandler: (error, socket) => malformed.refuseBytes(error, socket),
    rewriteUrl: pathOfTarget,
    http: {
      maxHeaderSize: limits.headerBytesMax,
      headersTimeout: limits.headersTimeoutMs,
      // The timeouts are only looked at this often.
      connectionsCheckingInterval: Math.max(50, Math.min(1_000, Math.floor(limits.headersTimeoutMs / 4))),
      // Node would refuse without a body; the host is read, and refused as a problem, by our own hook.
      requireHostHeader: false,
      insecureHTTPParser: false,
    },
  });
  app.server.maxConnections = limits.connectionsMax;
  malformed.attach(app.server);
  const idle = new IdleConnections(limits.connectionsMax);
  idle.attach(app.server);

  app.decorateRequest("tenant", null);
  app.decorateRequest("principal", null);
  app.decorateRequest("endTurn", null);
  app.decorateRequest("giveUp", null);
  app.decorateRequest("problem", null);
  app.decorateRequest("startedMs", 0);
  app.decorateRequest("trace", null);
  app.removeAllContentTypeParsers();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);

  const deadlines = new HandlingDeadlines(ports.clock);
  app.addHook("onClose", (_app, done) => {
    if (app.server.listening) app.server.once("close", () => deadlines[Symbol.dispose]());
    else deadlines[Symbol.dispose]();
    done();
  });
  app.addHook("onRoute", (route) => {
    const { handlerTimeout } = route;
    if (handlerTimeout !== undefined) {
      delete route.handlerTimeout;
      const { onRequest = [] } = route;
      route.onRequest = [
        deadlines.hook(handlerTimeout),
        ...(Array.isArray(onRequest) ? onRequest : [onRequest]),
      ];
    }
    if (route.config?.hidden !== true) {
      routes.add(route.url, Array.isArray(route.method) ? route.method : [route.method]);
    }
  });
  app.addHook("onRequest", (request, reply, done) => {
    idle.begin(request.raw.socket);
    startRequest(request, reply, ports.clock);
    refuseAmbiguousRequest(request);
    done();
  });
  ports.observer?.attach(app, name);
  app.addHook("onSend", (_request, reply, payload, done) => {
    if (state.draining) reply.header("connection", "close");
    done(null, payload);
  });
  app.addHook("onResponse", (request, reply, done) => {
    idle.end(request.raw.socket);
    logAccess(request, reply);
    done();
  });
  app.setErrorHandler(sendFailure);

  function sendFailure(error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply): void {
    const problem = problemOf(error);
    if (problem === null) logFailure(error, request);
    sendProblem(request, reply, problem ?? new ProblemError("INTERNAL"));
  }

  function logAccess(request: FastifyRequest, reply: FastifyReply): void {
    ports.log({
      kind: "access",
      listener: name,
      time: new Date(ports.clock.nowMs()).toISOString(),
      requestId: request.id,
      tenant: request.tenant?.id ?? null,
      method: request.method,
      route: routeOf(request),
      status: reply.statusCode,
      durationMs: ports.clock.monotonicMs() - request.startedMs,
      problem: request.problem?.code ?? null,
      reason: request.problem?.reason ?? null,
      principal: principalOf(request),
      traceId: request.trace?.traceId,
      spanId: request.trace?.spanId,
    });
  }

  function logFailure(error: Error, request: FastifyRequest): void {
    const code = (error as { code?: unknown }).code;
    ports.log({
      kind: "failure",
      listener: name,
      time: new Date(ports.clock.nowMs()).toISOString(),
      requestId: request.id,
      tenant: request.tenant?.id ?? null,
      route: routeOf(request),
      traceId: request.trace?.traceId,
      spanId: request.trace?.spanId,
      error: {
        name: error.name,
        code: typeof code === "string" ? code : null,
        message: error.message,
        stack: error.stack ?? null,
      },
    });
  }

  return {
    name,
    app,
    routes,
    async listen({ host, port }) {
      try {
        await app.listen({ host, port });
      } catch (error) {
        await app.close();
        throw listenError(name, host, port, error);
      }
      const address = app.server.address();
      const actual = typeof address === "object" && address !== null ? address.port : port;
      return `http://${host.includes(":") ? `[${host}]` : host}:${actual}`;
    },
    async drain() {
      state.draining = true;
      const timer = new AbortController();
      const deadline = ports.clock.sleep(limits.drainTimeoutMs, timer.signal).then(
        () => app.server.closeAllConnections(),
        () => undefined,
      );
      await app.close();
      timer.abort();
      await deadline;
    },
  };
}

/** 128 random bits in hexadecimal digits. They are drawn for many requests at once, which costs far less. */
function requestIds(random: Random): () => string {
  const [idBytes, drawnBytes] = [16, 4_096];
  let drawn = "";
  let position = 0;
  return () => {
    if (position === drawn.length) {
      drawn = Buffer.from(random.bytes(drawnBytes)).toString("hex");
      position = 0;
    }
    position += idBytes * 2;
    return drawn.slice(position - idBytes * 2, position);
  };
}

function startRequest(request: FastifyRequest, reply: FastifyReply, clock: Clock): void {
  request.startedMs = clock.monotonicMs();
  reply.header("x-request-id", request.id);
}

/**
 * The path of the request target. A target in absolute form (`GET http://host/path`) is cut down
 * to its path here; that its host is the one of the Host field is checked where framing is.
 */
function pathOfTarget(request: IncomingMessage): string {
  const target = request.url ?? "/";
  if (target.startsWith("/")) return target;
  const path = /^https?:\/\/[^/?#]*(.*)$/is.exec(target)?.[1];
  if (path === undefined) return "/";
  return path.startsWith("/") ? path : `/${path}`;
}

function routeOf(request: FastifyRequest): string {
  return request.routeOptions?.url ?? "unmatched";
}

/** What kind of principal asked: for a tenant's, by what it showed. */
function principalOf({ principal }: FastifyRequest): AccessEntry["principal"] {
  return principal?.kind === "tenant" ? principal.via : principal?.kind;
}

function listenError(listener: string, host: string, port: number, error: unknown): unknown {
  const code = (error as { code?: unknown }).code;
  if (code === "EADDRINUSE") return errors.RUNTIME_PORT_TAKEN({ listener, host, port }, error);
  if (code === "EACCES" || code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
    return errors.RUNTIME_LISTEN_REFUSED({ listener, host, port, reason: code }, error);
  }
  return error;
}

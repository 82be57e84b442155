import type { Socket } from "node:net";
import type { FastifyRequest, onRequestHookHandler, onResponseHookHandler } from "fastify";
import type { UsedRequest, UsageMeter } from "./usage-meter.ts";

/**
 * The hooks that tell the meter of each request that is a tenant's: what somebody with a valid
 * credential asked of the API, what was asked of a service, and what the limits refused. What
 * strangers send to a tenant's host, and are turned away with, is not the tenant's use.
 */
export interface UsageHooks {
  /** For every request of the listener, because bytes are counted per connection. */
  readonly answered: onResponseHookHandler;
  /** For the requests that go to a service of the definition. */
  readonly service: onRequestHookHandler;
}

interface SeenBytes {
  read: number;
  written: number;
}

export function usageHooks(meter: Pick<UsageMeter, "count">): UsageHooks {
  const services = new WeakSet<FastifyRequest>();
  const seen = new WeakMap<Socket, SeenBytes>();
  return {
    service(request, _reply, done) {
      services.add(request);
      done();
    },
    answered(request, reply, done) {
      const { socket } = request.raw;
      const before = seen.get(socket) ?? startOf(seen, socket);
      // The size on the wire, headers and chunks included. A connection has one request at a time;
      // what a client sends ahead counts with the request before.
      const bytesIn = socket.bytesRead - before.read;
      const bytesOut = socket.bytesWritten - before.written;
      before.read = socket.bytesRead;
      before.written = socket.bytesWritten;
      const { tenant } = request;
      if (tenant !== null) {
        const kind = services.has(request) ? "service" : "api";
        const outcome = outcomeOf(request, reply.statusCode);
        if (isTheTenants(request, kind, outcome)) meter.count(tenant, { kind, outcome, bytesIn, bytesOut });
      }
      done();
    },
  };
}

function startOf(seen: WeakMap<Socket, SeenBytes>, socket: Socket): SeenBytes {
  const start = { read: 0, written: 0 };
  seen.set(socket, start);
  return start;
}

function isTheTenants(
  { principal, problem }: FastifyRequest,
  kind: UsedRequest["kind"],
  outcome: UsedRequest["outcome"],
): boolean {
  if (principal?.kind === "tenant" || outcome === "refused") return true;
  // Anybody may visit a service that is public; a problem is only there where the answer is ours.
  return kind === "service" && problem?.statusCode !== 401 && problem?.statusCode !== 403;
}

function outcomeOf({ problem }: FastifyRequest, status: number): UsedRequest["outcome"] {
  if (problem?.code === "RATE_LIMITED" || problem?.code === "CONCURRENCY_LIMITED") return "refused";
  return status >= 500 ? "failed" : "answered";
}

import type { Clock } from "@tenantry/base";
import { z } from "zod";
import type { ApiScope } from "./api-scope.ts";
import { ProblemError } from "./problems.ts";
import { commonProblems, problemResponses } from "./schemas.ts";

export interface HealthPorts {
  readonly clock: Clock;
  /** Resolves when the database answers; is given up through the signal. */
  ping(signal: AbortSignal): Promise<void>;
  isDraining(): boolean;
  readonly readinessTimeoutMs: number;
}

const okSchema = z.strictObject({ status: z.literal("ok") });
const okResponse = {
  description: "Yes.",
  content: { "application/json": { schema: okSchema } },
};

/** `/health/live`: the process answers. `/health/ready`: it can serve requests. Both on any host. */
export function healthRoutes(scope: ApiScope, ports: HealthPorts): void {
  scope.route({
    method: "GET",
    url: "/health/live",
    schema: {
      operationId: "live",
      tags: ["health"],
      summary: "Whether the server runs",
      response: { 200: okResponse, ...problemResponses(commonProblems) },
    },
    handler: (_request, reply) => {
      reply.send({ status: "ok" });
    },
  });
  scope.route({
    method: "GET",
    url: "/health/ready",
    schema: {
      operationId: "ready",
      tags: ["health"],
      summary: "Whether the server takes requests",
      response: { 200: okResponse, ...problemResponses([...commonProblems, "NOT_READY"]) },
    },
    handler: async (_request, reply) => {
      if (ports.isDraining()) throw new ProblemError("NOT_READY", { reason: "draining" });
      await pingInTime(ports);
      return reply.send({ status: "ok" });
    },
  });
}

async function pingInTime(ports: HealthPorts): Promise<void> {
  const timer = new AbortController();
  const ping = new AbortController();
  const timeout = ports.clock.sleep(ports.readinessTimeoutMs, timer.signal).then(
    () => {
      ping.abort();
      throw new ProblemError("NOT_READY", { reason: "the database did not answer in time" });
    },
    () => undefined,
  );
  try {
    await Promise.race([ports.ping(ping.signal), timeout]);
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw new ProblemError("NOT_READY", { reason: error instanceof Error ? error.message : "unknown" });
  } finally {
    timer.abort();
  }
}

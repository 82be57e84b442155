import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { securityHeaders } from "../http/security-headers.ts";
import { bearerToken, invalidToken } from "../identity/bearer.ts";
import { type Metrics, metricsMediaType } from "./metrics.ts";

/**
 * `GET /metrics`, in the text format of Prometheus. The control listener is not for the network
 * that tenants come from, so it asks for no token unless one is configured.
 */
export function metricsRoute(app: FastifyInstance, metrics: Metrics, token: string | undefined): void {
  const wanted = token === undefined ? null : digest(token);
  app.route({
    method: "GET",
    url: "/metrics",
    schema: { hide: true },
    onRequest: (request, _reply, done) => {
      if (wanted !== null && !timingSafeEqual(digest(bearerToken(request.headers.authorization)), wanted)) {
        throw invalidToken("not the token of the metrics");
      }
      done();
    },
    handler: async (_request, reply) => {
      const text = await metrics.text();
      return reply
        .headers(securityHeaders)
        .header("cache-control", "no-store")
        .type(metricsMediaType)
        .send(text);
    },
  });
}

/** Of the same length for every token, so that they can be compared in constant time. */
function digest(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

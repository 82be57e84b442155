import { request } from "node:http";
import { createConnection } from "node:net";
import type { ServiceHealth } from "./local-service.ts";

/** Why a service is not healthy; null when it is. */
export type HealthProbe = (port: number, health: ServiceHealth) => Promise<string | null>;

/** Asks the service on this machine, as the load balancer does on AWS. */
export const probeHealth: HealthProbe = (port, health) =>
  health.path === null ? probeConnection(port, health.timeoutMs) : probePath(port, health.path, health);

/** Whether codes such as "200-399" or "200,204" hold this one. */
export function isSuccessCode(successCodes: string, status: number): boolean {
  return successCodes.split(",").some((part) => {
    const [low = Number.NaN, high = low] = part.split("-").map(Number);
    return status >= low && status <= high;
  });
}

function probePath(port: number, path: string, health: ServiceHealth): Promise<string | null> {
  return new Promise((resolve) => {
    const probe = request({
      host: "127.0.0.1",
      port,
      path,
      // A connection per question: one that is kept open would hide that nobody listens any more.
      agent: false,
      signal: AbortSignal.timeout(health.timeoutMs),
    });
    probe.on("response", (response) => {
      response.resume();
      const status = response.statusCode ?? 0;
      resolve(isSuccessCode(health.successCodes, status) ? null : `${path} answered ${status}`);
    });
    probe.on("error", (error: NodeJS.ErrnoException) =>
      resolve(
        error.name === "TimeoutError" || error.name === "AbortError"
          ? `${path} did not answer`
          : (error.code ?? error.message),
      ),
    );
    probe.end();
  });
}

function probeConnection(port: number, timeoutMs: number): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: "127.0.0.1", port });
    const settle = (reason: string | null) => {
      socket.destroy();
      resolve(reason);
    };
    socket.setTimeout(timeoutMs, () => settle("the port did not answer"));
    socket.once("connect", () => settle(null));
    socket.once("error", (error: NodeJS.ErrnoException) => settle(error.code ?? error.message));
  });
}

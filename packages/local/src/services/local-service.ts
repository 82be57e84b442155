import { assert } from "@tenantry/base";
import type { PlatformService } from "@tenantry/model";

/** A service of the definition as it runs on this machine. */
export interface LocalService {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly health: ServiceHealth;
}

export interface ServiceHealth {
  /** Null where the service does not speak HTTP: then an open port is enough. */
  readonly path: string | null;
  readonly successCodes: string;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** Bad answers in a row until the service is started again. */
  readonly unhealthyThreshold: number;
  /** How long a start may take. */
  readonly graceMs: number;
}

/** Null where the service exists only as an image. */
export function localService(service: PlatformService): LocalService | null {
  if (!service.local) return null;
  const { health } = service;
  const [program, ...args] = service.local.command;
  assert(program !== undefined, `service ${service.name} has an empty command`);
  return {
    name: service.name,
    command: [program, ...args],
    env: { ...service.env, ...service.local.env },
    health: {
      path: service.protocol === "http" ? health.path : null,
      successCodes: health.successCodes,
      intervalMs: health.intervalSeconds * 1_000,
      timeoutMs: health.timeoutSeconds * 1_000,
      unhealthyThreshold: health.unhealthyThreshold,
      graceMs: health.graceSeconds * 1_000,
    },
  };
}

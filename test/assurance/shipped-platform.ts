import { existsSync, readFileSync } from "node:fs";
import type { ShippedFiles } from "@tenantry/assurance";
import { synthesize } from "@tenantry/aws/synthesis";
import { type Definition, openDeployment, parseLock, resolve } from "@tenantry/model";

/** The environments of reference platforms that are synthesized for AWS. */
export const shippedEnvironments = [
  ["tenant-silos", "production"],
  ["tenant-silos", "development"],
  ["saas-management", "production"],
  ["saas-management", "staging"],
  ["starter", "production"],
] as const;

const known = new Map<string, ShippedFiles>();

/** What `synth` writes for an environment of a reference platform. */
export async function shippedFiles(platform: string, environment: string): Promise<ShippedFiles> {
  const key = `${platform} ${environment}`;
  const made = known.get(key) ?? (await synthesizeFiles(platform, environment));
  known.set(key, made);
  return made;
}

async function synthesizeFiles(platform: string, environment: string): Promise<ShippedFiles> {
  const folder = new URL(`../../platforms/${platform}/`, import.meta.url);
  const { default: definition } = (await import(new URL("tenantry.config.ts", folder).href)) as {
    readonly default: Definition;
  };
  const lock = new URL("tenantry.lock.json", folder);
  const resolved = resolve(definition, environment, {
    ...(existsSync(lock) ? { lock: parseLock(readFileSync(lock, "utf8")) } : {}),
    deployment: openDeployment,
  });
  return synthesize(resolved).files;
}

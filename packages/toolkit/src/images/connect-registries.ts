import type { Clock, Random } from "@tenantry/base";
import { CloudCalls, defaultCloudCalls } from "../aws/cloud/cloud-calls.ts";
import { clientConfig } from "../aws/cloud/connect-cloud.ts";
import type { ImageRegistry } from "./image-registry.ts";

/** The registries of the account of the credentials, by region. */
export type Registries = (region: string) => ImageRegistry;

/** Connects to ECR as the environment of the process says (AWS_PROFILE, AWS_ENDPOINT_URL and the like). */
export async function connectRegistries(ports: {
  readonly clock: Clock;
  readonly random: Random;
}): Promise<Registries> {
  // Loaded on demand: what is only built needs none of it.
  const { ecrRegistry } = await import("./ecr-registry.ts");
  const calls = new CloudCalls(defaultCloudCalls, { ...ports, onRetry: () => undefined });
  return (region) => ecrRegistry(clientConfig({}, region), calls);
}

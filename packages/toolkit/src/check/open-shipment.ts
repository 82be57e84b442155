import { resolve } from "node:path";
import { readShipment, type Shipment, type ShippedFiles } from "@tenantry/assurance";
import { openDeployment } from "@tenantry/model";
import { resolvePlatform } from "../definition/resolve-platform.ts";
import { errors } from "../errors.ts";
import { locateDefinition } from "../local-platform/locate-platform.ts";
import type { ToolkitPorts } from "../ports.ts";
import { readArtifacts } from "./read-artifacts.ts";

export interface ShipmentRequest {
  /** The definition; without it the nearest. */
  readonly config: string | undefined;
  readonly environment: string;
  /** A folder that `synth` wrote; without it the definition is synthesized in memory. */
  readonly artifacts?: string | undefined;
}

/**
 * What would be deployed to an environment, as files and as it is read.
 *
 * @throws TOOLKIT_ARTIFACTS_*, TOOLKIT_DEFINITION_*, MODEL_*, ASSURANCE_FILE_*
 */
export async function openShipment(
  request: ShipmentRequest,
  ports: ToolkitPorts,
): Promise<{ readonly files: ShippedFiles; readonly shipment: Shipment }> {
  const { artifacts, environment } = request;
  const files =
    artifacts === undefined
      ? await synthesizedFiles(request, ports)
      : await readArtifacts(resolve(ports.cwd, artifacts));
  const shipment = readShipment(files);
  if (shipment.environment !== environment)
    throw errors.TOOLKIT_ARTIFACTS_ENVIRONMENT({ asked: environment, found: shipment.environment });
  return { files, shipment };
}

async function synthesizedFiles(
  { config, environment }: ShipmentRequest,
  ports: ToolkitPorts,
): Promise<ShippedFiles> {
  const options = { environment, deployment: openDeployment };
  const { platform } = await resolvePlatform(locateDefinition(config, ports), options, ports);
  // CDK is loaded only where something is synthesized.
  const { synthesize } = await import("@tenantry/aws/synthesis");
  return synthesize(platform).files;
}

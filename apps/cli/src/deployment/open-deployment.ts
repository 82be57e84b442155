import { resolve } from "node:path";
import { connectCloud, synth, type Cloud, type ToolkitEvent, type ToolkitPorts } from "@tenantry/toolkit";
import type { CommandInput } from "../command.ts";
import { systemPorts } from "../ports.ts";

/**
 * The folder with the artifacts: the one that is named, else the definition synthesized now; where there is a cloud to look into,
 * with the tenants that commands added there.
 */
export async function artifactsOf(
  input: CommandInput,
  ports: ToolkitPorts & { readonly cloud: Cloud | null },
): Promise<string> {
  const named = input.text("artifacts");
  if (named !== undefined) return resolve(ports.cwd, named);
  const environment = input.argument("environment") ?? "";
  const { folder } = await synth({ config: input.config, environment, out: undefined }, ports);
  return folder;
}

/** Where AWS keeps what belongs to no region. */
const globalRegion = "us-east-1";

/** AWS as the shared configuration and the variables of the environment name it. */
export async function cloudPorts(
  onEvent: (event: ToolkitEvent) => void,
): Promise<ToolkitPorts & { readonly cloud: Cloud }> {
  const ports = systemPorts(onEvent);
  const cloud = await connectCloud(
    { homeRegion: process.env["AWS_REGION"] ?? globalRegion, profile: process.env["AWS_PROFILE"] },
    {
      clock: ports.clock,
      random: ports.random,
      onRetry: () => undefined,
    },
  );
  return { ...ports, cloud };
}

/** What of the artifacts is meant. */
export function partOf(input: CommandInput): "platform" | "administration" {
  return input.flag("administration") ? "administration" : "platform";
}

export function allowed(input: CommandInput): readonly string[] {
  return (input.text("allow") ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

import { engineNames, type EngineName, type ImagesRequest, type ToolkitEvent } from "@tenantry/toolkit";
import type { CommandInput } from "../command.ts";
import type { Terminal } from "../terminal.ts";

/** What the user asks of images. */
export function imagesRequest(input: CommandInput): ImagesRequest {
  const engine = input.text("engine");
  return {
    config: input.config,
    environment: input.argument("environment"),
    services: (input.text("service") ?? "")
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== ""),
    tag: input.text("tag"),
    engine: engineNames.find((name): name is EngineName => name === engine),
  };
}

/** The engine's own lines as they come, and ours between them. */
export function showImages(terminal: Terminal): (event: ToolkitEvent) => void {
  return (event) => {
    switch (event.code) {
      case "TOOLKIT_IMAGE_OUTPUT":
        return terminal.progress(`  ${terminal.paintError("dim", event.line)}`);
      case "TOOLKIT_ENGINE_CHOSEN":
      case "TOOLKIT_IMAGE_STARTED":
      case "TOOLKIT_IMAGE_DONE":
      case "TOOLKIT_NOTICE":
      case "TOOLKIT_WARNING":
        return terminal.progress(event.message);
      default:
        return undefined;
    }
  };
}

/** Such as 41.8 MB; a hyphen where nobody knows. */
export function formatSize(bytes: number | null): string {
  return bytes === null ? "-" : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** Such as 3.2 s. */
export function formatSeconds(durationMs: number): string {
  return `${(durationMs / 1_000).toFixed(1)} s`;
}

/** As engines show digests: enough to tell two apart. */
export function shortDigest(digest: string): string {
  return digest.slice(0, "sha256:".length + 12);
}

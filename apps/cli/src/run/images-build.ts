import { buildImages, systemPrograms } from "@tenantry/toolkit";
import type { CommandInput } from "../command.ts";
import { systemPorts } from "../ports.ts";
import { formatTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { formatSeconds, formatSize, imagesRequest, shortDigest, showImages } from "./images-lines.ts";

/** A table; with --json the result of `buildImages`. */
export async function runImagesBuild(input: CommandInput, terminal: Terminal): Promise<void> {
  const ports = systemPorts(showImages(terminal));
  const result = await buildImages(imagesRequest(input), {
    ...ports,
    programs: systemPrograms(ports.clock),
  });
  if (terminal.json) {
    terminal.document(result);
    return;
  }
  const rows = result.images.map(({ image, platform, sizeBytes, durationMs, id }) => [
    image,
    platform,
    formatSize(sizeBytes),
    formatSeconds(durationMs),
    shortDigest(id),
  ]);
  for (const line of formatTable(["image", "platform", "size", "took", "id"], rows)) terminal.out(line);
}

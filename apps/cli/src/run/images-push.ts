import { connectRegistries, pushImages, systemPrograms } from "@tenantry/toolkit";
import type { CommandInput } from "../command.ts";
import { systemPorts } from "../ports.ts";
import { formatTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { formatSeconds, formatSize, imagesRequest, shortDigest, showImages } from "./images-lines.ts";

/** A table; with --json the result of `pushImages`. */
export async function runImagesPush(input: CommandInput, terminal: Terminal): Promise<void> {
  const ports = systemPorts(showImages(terminal));
  const result = await pushImages(imagesRequest(input), {
    ...ports,
    programs: systemPrograms(ports.clock),
    registries: await connectRegistries(ports),
  });
  if (terminal.json) {
    terminal.document(result);
    return;
  }
  const rows = result.images.map(({ image, outcome, sizeBytes, durationMs, digest, findings }) => [
    image,
    outcome,
    formatSize(sizeBytes),
    formatSeconds(durationMs),
    shortDigest(digest),
    formatFindings(findings),
  ]);
  const header = ["image", "outcome", "size", "took", "digest", "scan"];
  for (const line of formatTable(header, rows)) terminal.out(line);
}

/** Such as "2 high, 5 medium". */
function formatFindings(findings: Readonly<Record<string, number>> | null): string {
  if (findings === null) return "-";
  const counts = Object.entries(findings).filter(([, count]) => count > 0);
  return counts.map(([severity, count]) => `${count} ${severity.toLowerCase()}`).join(", ") || "no findings";
}

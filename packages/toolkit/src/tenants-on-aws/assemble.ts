import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Platform } from "@tenantry/model";
import { type Assembly, readAssembly } from "../aws/assembly/read-assembly.ts";

/** Makes the artifacts of a platform: text by path, as `synth` writes them. */
export type Synthesize = (platform: Platform) => Promise<Readonly<Record<string, string>>>;

/**
 * Synthesizes a platform without leaving anything behind: what two commands make at the same time does not meet in one
 * folder.
 */
export async function assemble(platform: Platform, synthesize: Synthesize = withCdk): Promise<Assembly> {
  const files = await synthesize(platform);
  const folder = await mkdtemp(join(tmpdir(), "tenantry-assembly-"));
  try {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    return await readAssembly(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export async function withCdk(platform: Platform): Promise<Readonly<Record<string, string>>> {
  const { synthesize } = await import("@tenantry/aws/synthesis");
  return synthesize(platform).files;
}

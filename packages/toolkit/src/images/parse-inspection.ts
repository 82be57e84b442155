import { z } from "zod";
import type { LocalImage } from "./image-engine.ts";

const digest = z.string().regex(/^(sha256:)?[0-9a-f]{64}$/);

/** `docker image inspect` and `podman image inspect`. */
const inspected = z.looseObject({
  Id: digest,
  Size: z.number().int().nonnegative().optional(),
  Architecture: z.string().optional(),
});

/** `buildah inspect`. */
const inspectedByBuildah = z.looseObject({
  FromImageID: digest,
  OCIv1: z.looseObject({ architecture: z.string().optional() }).optional(),
});

/** What an engine says of an image; null where it says something else. */
export function parseInspection(text: string): LocalImage | null {
  const parsed = parse(text);
  const value: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
  const image = inspected.safeParse(value);
  if (image.success) {
    const { Id, Size, Architecture } = image.data;
    return { id: withAlgorithm(Id), sizeBytes: Size ?? null, architecture: Architecture ?? null };
  }
  const other = inspectedByBuildah.safeParse(value);
  if (!other.success) return null;
  const { FromImageID, OCIv1 } = other.data;
  return { id: withAlgorithm(FromImageID), sizeBytes: null, architecture: OCIv1?.architecture ?? null };
}

function withAlgorithm(id: string): string {
  return id.startsWith("sha256:") ? id : `sha256:${id}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

import type { Clock } from "@tenantry/base";
import { type KeyRingWatch, type RingKey, watchKeyRing as watchFile } from "@tenantry/runtime";
import { platformPaths } from "./platform-data.ts";
import { readSecrets } from "./platform-secrets.ts";

/** Hands on the key ring of a platform whenever its secrets file has changed. */
export function watchKeyRing(
  dataDir: string,
  clock: Clock,
  replace: (ring: readonly RingKey[]) => Promise<void>,
): KeyRingWatch {
  const read = async () => (await readSecrets(dataDir))?.keyRing ?? null;
  return watchFile(platformPaths(dataDir).secrets, { clock, read, replace });
}

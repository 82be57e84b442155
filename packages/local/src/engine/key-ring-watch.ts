import { readFile } from "node:fs/promises";
import type { Clock } from "@tenantry/base";
import type { RingKey } from "@tenantry/runtime";
import { platformPaths } from "./platform-data.ts";
import { readSecrets } from "./platform-secrets.ts";

/** Far below the time for which a new key is published before it signs. */
const intervalMs = 2_000;

export interface KeyRingWatch {
  stop(): Promise<void>;
}

/**
 * Hands on the key ring of a platform whenever its secrets file has changed. The file is looked at
 * every two seconds instead of being watched: a replaced file is a new one to a watcher, and some
 * file systems tell nothing. What cannot be read or used now is tried again at the next look, and
 * the ring that was there stays.
 */
export function watchKeyRing(
  dataDir: string,
  clock: Clock,
  replace: (ring: readonly RingKey[]) => Promise<void>,
): KeyRingWatch {
  const file = platformPaths(dataDir).secrets;
  const stopping = new AbortController();
  const look = async (seen: string): Promise<string> => {
    const text = await readFile(file, "utf8");
    if (text === seen) return seen;
    const secrets = await readSecrets(dataDir);
    if (secrets !== null) await replace(secrets.keyRing);
    return text;
  };
  const watch = async () => {
    // Nothing was seen yet, so that a change between the start and the first look is noticed too.
    let seen = "";
    while (!stopping.signal.aborted) {
      seen = await look(seen).catch(() => seen);
      await clock.sleep(intervalMs, stopping.signal).catch(() => undefined);
    }
  };
  const watching = watch();
  return {
    async stop() {
      stopping.abort();
      await watching;
    },
  };
}

import { readFile } from "node:fs/promises";
import type { Clock } from "@tenantry/base";
import type { RingKey } from "./key-ring.ts";

/** Far below the time for which a new key is published before it signs. */
const intervalMs = 2_000;

export interface KeyRingWatch {
  stop(): Promise<void>;
}

export interface KeyRingWatchPorts {
  readonly clock: Clock;
  /** The ring in the file; null where there is none in it. */
  readonly read: (text: string) => Promise<readonly RingKey[] | null>;
  readonly replace: (ring: readonly RingKey[]) => Promise<void>;
}

/**
 * Hands on the key ring of a file whenever that has changed. The file is looked at every two seconds
 * instead of being watched: a replaced file is a new one to a watcher, and some file systems tell
 * nothing. What cannot be read or used now is tried again at the next look, and the ring that was
 * there stays.
 */
export function watchKeyRing(file: string, { clock, read, replace }: KeyRingWatchPorts): KeyRingWatch {
  const stopping = new AbortController();
  const look = async (seen: string): Promise<string> => {
    const text = await readFile(file, "utf8");
    if (text === seen) return seen;
    const ring = await read(text);
    if (ring !== null) await replace(ring);
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

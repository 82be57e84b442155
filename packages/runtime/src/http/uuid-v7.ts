import { assert, type Random } from "@tenantry/base";

/**
 * A UUID of version 7 (RFC 9562): 48 bits of milliseconds, then randomness. Ids made later sort
 * later, to the millisecond, so that a page in the order of ids is a page in the order of creation.
 */
export function uuidV7(nowMs: number, random: Random): string {
  assert(Number.isInteger(nowMs) && nowMs >= 0 && nowMs < 2 ** 48, `not a time for a UUID: ${nowMs}`);
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(nowMs, 0, 6);
  bytes.set(drawTen(random), 6);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Random bytes that were drawn at once for many ids, which costs far less than for each. */
interface Draw {
  bytes: Uint8Array;
  position: number;
}

const drawnBytes = 4_000;
const draws = new WeakMap<Random, Draw>();

/** Ten bytes that nobody else gets. */
function drawTen(random: Random): Uint8Array {
  let draw = draws.get(random);
  if (draw === undefined || draw.position === drawnBytes) {
    draw = { bytes: random.bytes(drawnBytes), position: 0 };
    draws.set(random, draw);
  }
  draw.position += 10;
  return draw.bytes.subarray(draw.position - 10, draw.position);
}

export const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The milliseconds in a UUID of version 7. */
export function uuidV7TimeMs(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** What no UUID of version 7 that was made at this time or later comes before. */
export function uuidV7From(timeMs: number): string {
  const hex = timeMs.toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}

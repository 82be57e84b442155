import { assert, type Random } from "@tenantry/base";

/**
 * A UUID of version 7 (RFC 9562): 48 bits of milliseconds, then randomness. Ids made later sort
 * later, to the millisecond, so that a page in the order of ids is a page in the order of creation.
 */
export function uuidV7(nowMs: number, random: Random): string {
  assert(Number.isInteger(nowMs) && nowMs >= 0 && nowMs < 2 ** 48, `not a time for a UUID: ${nowMs}`);
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(nowMs, 0, 6);
  bytes.set(random.bytes(10), 6);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A range of IPv4 addresses as numbers, both ends included. */
export interface AddressRange {
  readonly first: number;
  readonly last: number;
}

/** Null for what is not IPv4: IPv6 and names of lists. */
export function addressRange(cidr: string): AddressRange | null {
  const [, a, b, c, d, length = "32"] = /^(\d+)\.(\d+)\.(\d+)\.(\d+)(?:\/(\d+))?$/.exec(cidr) ?? [];
  if (a === undefined || b === undefined || c === undefined || d === undefined) return null;
  const octets = [a, b, c, d].map(Number);
  const prefix = Number(length);
  if (octets.some((octet) => octet > 255) || prefix > 32) return null;
  const address = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const size = 2 ** (32 - prefix);
  const first = Math.floor(address / size) * size;
  return { first, last: first + size - 1 };
}

export function isInRange(address: number, range: AddressRange | null): boolean {
  return range !== null && address >= range.first && address <= range.last;
}

export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

/**
 * Points of a range that stand for all of it: what is decided by whether a number lies in one of the other ranges is
 * decided alike from each point up to the next. So a question about a range is answered exactly by a few numbers.
 */
export function representatives(range: AddressRange, others: readonly AddressRange[]): readonly number[] {
  const points = new Set([range.first]);
  for (const { first, last } of others) {
    if (isInRange(first, range)) points.add(first);
    if (isInRange(last + 1, range)) points.add(last + 1);
  }
  return [...points].sort((a, b) => a - b);
}

/** A range that a CIDR can name, as one. */
export function formatRange({ first, last }: AddressRange): string {
  return `${formatAddress(first)}/${32 - Math.round(Math.log2(last - first + 1))}`;
}

/** An IPv4 range as numbers: addresses from `base` to `base + size - 1`. */
export interface Cidr {
  readonly base: number;
  readonly prefix: number;
  readonly size: number;
}

const shape = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

/** The range that a text names; null where it names none. Bits behind the prefix are kept in `base`. */
export function parseCidr(text: string): Cidr | null {
  const match = shape.exec(text);
  if (match === null) return null;
  const parts = match.slice(1).map(Number);
  // A leading zero means octal to some programs and decimal to others.
  if (match.slice(1).some((part) => part.length > 1 && part.startsWith("0"))) return null;
  const prefix = parts[4] ?? 33;
  const octets = parts.slice(0, 4);
  if (prefix > 32 || octets.some((octet) => octet > 255)) return null;
  const base = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  return { base, prefix, size: 2 ** (32 - prefix) };
}

/** The range with the bits behind its prefix cleared. */
export function networkOf(cidr: Cidr): Cidr {
  return { ...cidr, base: cidr.base - (cidr.base % cidr.size) };
}

export function formatCidr({ base, prefix }: Cidr): string {
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256);
  return `${octets.join(".")}/${prefix}`;
}

export function overlaps(a: Cidr, b: Cidr): boolean {
  return a.base < b.base + b.size && b.base < a.base + a.size;
}

export function contains(outer: Cidr, inner: Cidr): boolean {
  return inner.base >= outer.base && inner.base + inner.size <= outer.base + outer.size;
}

import type { AddressRange } from "./network-model.ts";

const bits = { 4: 32, 6: 128 } as const;

/** Every address of a family. */
export const everywhere = (family: 4 | 6): AddressRange => ({
  family,
  from: 0n,
  to: 1n << BigInt(bits[family]),
});

export type ParsedRange =
  | { readonly kind: "range"; readonly range: AddressRange; readonly hasHostBits: boolean }
  | { readonly kind: "impossible"; readonly why: string };

/** The range that "10.0.0.0/16" or "fd00::/8" names. */
export function parseRange(text: string): ParsedRange {
  const [address = "", prefixText, ...rest] = text.split("/");
  if (prefixText === undefined || rest.length > 0 || !/^(?:0|[1-9]\d{0,2})$/.test(prefixText)) {
    return { kind: "impossible", why: `${text} is no range of addresses` };
  }
  const family = address.includes(":") ? 6 : 4;
  const value = family === 6 ? parseIpv6(address) : parseIpv4(address);
  if (value === null) return { kind: "impossible", why: `${address} in ${text} is no address` };
  const prefix = Number(prefixText);
  if (prefix > bits[family]) return { kind: "impossible", why: `${text} has more than ${bits[family]} bits` };
  const size = 1n << BigInt(bits[family] - prefix);
  const from = value - (value % size);
  return { kind: "range", range: { family, from, to: from + size }, hasHostBits: from !== value };
}

function parseIpv4(text: string): bigint | null {
  const parts = text.split(".");
  // A leading zero means octal to some programs and decimal to others.
  if (parts.length !== 4 || parts.some((part) => !/^(?:0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255)) {
    return null;
  }
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function parseIpv6(text: string): bigint | null {
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const words = halves.map((half) => (half === "" ? [] : half.split(":")));
  if (words.flat().some((word) => !/^[0-9a-f]{1,4}$/i.test(word))) return null;
  const [head = [], tail = []] = words;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const all = [...head, ...Array.from({ length: missing }, () => "0"), ...tail];
  return all.reduce((sum, word) => sum * 65_536n + BigInt(`0x${word}`), 0n);
}

export function intersectRanges(a: AddressRange, b: AddressRange): AddressRange | null {
  if (a.family !== b.family) return null;
  const from = a.from > b.from ? a.from : b.from;
  const to = a.to < b.to ? a.to : b.to;
  return from < to ? { family: a.family, from, to } : null;
}

/** What is left of a range without another: none, one or two ranges. */
export function subtractRange(a: AddressRange, b: AddressRange): readonly AddressRange[] {
  const common = intersectRanges(a, b);
  if (common === null) return [a];
  const left: AddressRange[] = [];
  if (a.from < common.from) left.push({ ...a, to: common.from });
  if (common.to < a.to) left.push({ ...a, from: common.to });
  return left;
}

export const containsRange = (outer: AddressRange, inner: AddressRange): boolean =>
  outer.family === inner.family && outer.from <= inner.from && inner.to <= outer.to;

/** As it is written, where it is a range of CIDR; otherwise first and last address. */
export function formatRange({ family, from, to }: AddressRange): string {
  const size = to - from;
  const isPower = (size & (size - 1n)) === 0n && from % size === 0n;
  const first = formatAddress(family, from);
  if (!isPower) return `${first} to ${formatAddress(family, to - 1n)}`;
  return `${first}/${bits[family] - (size.toString(2).length - 1)}`;
}

function formatAddress(family: 4 | 6, address: bigint): string {
  if (family === 4) {
    return [24n, 16n, 8n, 0n].map((shift) => String((address >> shift) & 255n)).join(".");
  }
  const words = Array.from({ length: 8 }, (_, index) =>
    ((address >> BigInt(16 * (7 - index))) & 65_535n).toString(16),
  );
  return words.join(":").replace(/(?:^|:)0(?::0)+(?::|$)/, "::");
}

const rangeOf = (text: string): AddressRange => {
  const parsed = parseRange(text);
  if (parsed.kind === "impossible") throw new TypeError(parsed.why);
  return parsed.range;
};

/**
 * Addresses that no packet from the internet carries as its source: private, shared, loopback, link-local, documentation
 * is left in (it can be forged), multicast and reserved ones.
 * https://www.iana.org/assignments/iana-ipv4-special-registry
 */
const notOfTheInternet = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "224.0.0.0/3",
].map(rangeOf);

/** The internet's addresses: what is not private, and of IPv6 what is given out (2000::/3). */
export const internetRanges: readonly AddressRange[] = Object.freeze([
  ...notOfTheInternet.reduce<readonly AddressRange[]>(
    (left, taken) => left.flatMap((range) => subtractRange(range, taken)),
    [everywhere(4)],
  ),
  rangeOf("2000::/3"),
]);

/** A range of addresses; IPv4 and IPv6 never contain each other. */
export interface IpRange {
  readonly bits: 32 | 128;
  readonly first: bigint;
  readonly prefix: number;
}

/** An address or CIDR block; bits behind the prefix do not count. Null for anything else. */
export function parseCidr(text: string): IpRange | null {
  const [, address = "", length] = /^([^/]+)(?:\/(\d{1,3}))?$/u.exec(text) ?? [];
  const version4 = parseIpv4(address);
  const value = version4 ?? parseIpv6(address);
  if (value === null) return null;
  const bits = version4 === null ? 128 : 32;
  const prefix = length === undefined ? bits : Number(length);
  return prefix > bits
    ? null
    : { bits, first: (value >> BigInt(bits - prefix)) << BigInt(bits - prefix), prefix };
}

/** Whether every address of the inner range lies in the outer one. */
export function containsRange(outer: IpRange, inner: IpRange): boolean {
  if (outer.bits !== inner.bits || outer.prefix > inner.prefix) return false;
  const shift = BigInt(outer.bits - outer.prefix);
  return outer.first >> shift === inner.first >> shift;
}

function parseIpv4(text: string): bigint | null {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/u.exec(text)?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return null;
  return parts.reduce((value, part) => value * 256n + BigInt(part), 0n);
}

function parseIpv6(text: string): bigint | null {
  const halves = text.split("::");
  if (!text.includes(":") || halves.length > 2) return null;
  const [head, tail] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const front = groups(head ?? []);
  const back = groups(tail ?? []);
  if (front === null || back === null) return null;
  const missing = 8 - front.length - back.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  return [...front, ...Array<number>(missing).fill(0), ...back].reduce(
    (value, group) => value * 65536n + BigInt(group),
    0n,
  );
}

/** Groups of 16 bits; an IPv4 address may stand for the last two. */
function groups(texts: readonly string[]): readonly number[] | null {
  const result: number[] = [];
  for (const [index, text] of texts.entries()) {
    const version4 = index === texts.length - 1 ? parseIpv4(text) : null;
    if (version4 !== null) result.push(Number(version4 >> 16n), Number(version4 & 0xffffn));
    else if (/^[0-9a-f]{1,4}$/iu.test(text)) result.push(Number.parseInt(text, 16));
    else return null;
  }
  return result;
}

/**
 * The blocks that `Fn::Cidr` cuts from an IPv4 block; null where it does not fit or is not IPv4.
 *
 * @param hostBits the bits of each block that are left for hosts
 */
export function addressBlocks(block: string, count: number, hostBits: number): readonly string[] | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(block);
  if (match === null) return null;
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = match.slice(1).map(Number);
  if (Math.max(a, b, c, d) > 255 || prefix > 32) return null;
  if (!Number.isInteger(count) || count < 1 || count > 256) return null;
  if (!Number.isInteger(hostBits) || hostBits < 1 || hostBits > 32) return null;
  const size = 2 ** hostBits;
  const whole = 2 ** (32 - prefix);
  if (size * count > whole) return null;
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  const start = address - (address % whole);
  return Array.from({ length: count }, (_, index) => {
    const first = start + index * size;
    const bytes = [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256);
    return `${bytes.join(".")}/${32 - hostBits}`;
  });
}

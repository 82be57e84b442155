/** An IPv4 range as numbers: `size` addresses from `base`. */
interface AddressRange {
  readonly base: number;
  readonly size: number;
}

/** The fewest ranges that hold exactly the addresses of the given ones, which do not overlap. In order of address. */
export function joinRanges(cidrs: readonly string[]): readonly string[] {
  const joined: AddressRange[] = [];
  for (const range of cidrs.map(parse).sort((a, b) => a.base - b.base)) {
    let last = range;
    // A range joins the one before it where both are halves of one block.
    for (let before = joined.at(-1); before !== undefined; before = joined.at(-1)) {
      const areHalves =
        before.size === last.size &&
        before.base + before.size === last.base &&
        before.base % (2 * before.size) === 0;
      if (!areHalves) break;
      joined.pop();
      last = { base: before.base, size: 2 * before.size };
    }
    joined.push(last);
  }
  return joined.map(format);
}

function parse(cidr: string): AddressRange {
  const [address = "", prefix = "32"] = cidr.split("/");
  const base = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return { base, size: 2 ** (32 - Number(prefix)) };
}

function format({ base, size }: AddressRange): string {
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256);
  return `${octets.join(".")}/${32 - Math.log2(size)}`;
}

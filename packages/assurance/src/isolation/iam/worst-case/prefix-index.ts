/**
 * Where a text, or what it begins with, is looked up among many: two texts with wildcards can only match where one's
 * beginning without wildcards begins the other's.
 */
export interface PrefixIndex<Item> {
  readonly items: readonly Item[];
  /** Every item whose beginning agrees with that beginning. */
  readonly agreeing: (beginning: string) => Iterable<Item>;
}

export function prefixIndex<Item>(
  items: readonly Item[],
  beginningOf: (item: Item) => string,
): PrefixIndex<Item> {
  const sorted = items
    .map((item) => ({ item, beginning: beginningOf(item) }))
    .toSorted((one, other) =>
      one.beginning < other.beginning ? -1 : one.beginning > other.beginning ? 1 : 0,
    );
  const firstFrom = (text: string): number => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sorted[middle]?.beginning ?? "") < text) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    items,
    *agreeing(beginning) {
      for (let length = 0; length < beginning.length; length++) {
        const shorter = beginning.slice(0, length);
        for (let at = firstFrom(shorter); sorted[at]?.beginning === shorter; at++)
          yield (sorted[at] as { item: Item }).item;
      }
      for (let at = firstFrom(beginning); sorted[at]?.beginning.startsWith(beginning) === true; at++)
        yield (sorted[at] as { item: Item }).item;
    },
  };
}

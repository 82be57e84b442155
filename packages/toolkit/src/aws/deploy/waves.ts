/** Sizes of waves: a number of tenants, or a part of all of them; "rest" takes everyone who is left. */
export type WaveSize = number | `${number}%` | "rest";

export const defaultWaves: readonly WaveSize[] = Object.freeze([1, "10%", "rest"] as const);

/** Splits into waves, in order. Whoever the sizes leave out comes in a last one. */
export function wavesOf<T>(all: readonly T[], sizes: readonly WaveSize[]): readonly (readonly T[])[] {
  const waves: (readonly T[])[] = [];
  let start = 0;
  for (const size of [...sizes, "rest"] as readonly WaveSize[]) {
    if (start >= all.length) break;
    const wave = all.slice(start, start + countOf(size, all.length));
    if (wave.length > 0) waves.push(wave);
    start += wave.length;
  }
  return waves;
}

function countOf(size: WaveSize, total: number): number {
  if (size === "rest") return total;
  return typeof size === "number" ? size : Math.ceil((total * Number.parseFloat(size)) / 100);
}

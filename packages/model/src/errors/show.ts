const lengthMax = 80;

/** A wrong value as it stands in a message: short, on one line, never a crash. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = typeof value === "number" ? String(value) : JSON.stringify(value);
  return text.length <= lengthMax ? text : `${text.slice(0, lengthMax - 1)}…`;
}

/** Names for a message, at most a dozen of them. */
export function list(names: readonly (string | number)[]): string {
  if (names.length === 0) return "(none)";
  const shown = names.slice(0, 12).join(", ");
  return names.length > 12 ? `${shown}, … (${names.length} in all)` : shown;
}

/** The known name that was probably meant: at most a third of its letters differ, or one is the other's beginning. */
function didYouMean(name: string, known: readonly string[]): string | null {
  if (name.length > 64) return null;
  let best: string | null = null;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance && distance <= Math.max(1, Math.floor(candidate.length / 3))) {
      best = candidate;
      bestDistance = distance;
    }
  }
  if (best !== null || name.length < 3) return best;
  const begun = known.filter((candidate) => isBeginning(name.toLowerCase(), candidate.toLowerCase()));
  return begun.length === 1 ? (begun[0] ?? null) : null;
}

function isBeginning(a: string, b: string): boolean {
  return (
    (a.length < b.length ? b : a).startsWith(a.length < b.length ? a : b) && Math.min(a.length, b.length) >= 3
  );
}

/** A name of the grammar that resembles one that is not; null where too little is left of it. */
export function asName(value: unknown, lengthMin: number, lengthMax: number): string | null {
  if (typeof value !== "string") return null;
  const name = value
    .slice(0, 200)
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^[^a-z]+|-+$/g, "");
  return name.length >= lengthMin && name.length <= lengthMax && name !== value ? name : null;
}

/** The instruction for a name that is not one of the known ones. */
export function chooseFrom(name: unknown, known: readonly string[]): string {
  const meant = typeof name === "string" ? didYouMean(name, known) : null;
  if (meant !== null) return `did you mean "${meant}"? known: ${list(known)}`;
  return known.length === 0
    ? "there is none to name: declare it, or leave this out"
    : `use one of: ${list(known)}`;
}

/** Levenshtein distance with swapped neighbours counted as one (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitute = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cost = Math.min(substitute, (last[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      }
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length] ?? 0;
}

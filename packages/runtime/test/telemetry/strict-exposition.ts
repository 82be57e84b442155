/** One series and its value. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What was said about a metric, and its series. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly samples: readonly Sample[];
}

const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"/;
const sampleLine = new RegExp(
  `^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(${label.source}(?:,${label.source})*)?\\})? (NaN|[+-]Inf|[+-]?[0-9.]+(?:e[+-]?[0-9]+)?)$`,
);

/**
 * Reads the text format of Prometheus, strictly: each metric once, with HELP and TYPE before its
 * series; no series twice; histograms complete, cumulative and in order.
 *
 * @throws Error at the first thing that is not so
 */
export function parseExposition(text: string): ReadonlyMap<string, Family> {
  if (!text.endsWith("\n")) throw new Error("the last line has no end");
  const families = new Map<string, { name: string; help: string; type: string; samples: Sample[] }>();
  const seen = new Set<string>();
  let current: { name: string; help: string; type: string; samples: Sample[] } | null = null;
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const help = /^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/.exec(line);
    if (help !== null) {
      const [, name = "", words = ""] = help;
      if (families.has(name)) throw new Error(`${name} is there twice`);
      current = { name, help: words, type: "", samples: [] };
      families.set(name, current);
      continue;
    }
    const type = /^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram|summary)$/.exec(line);
    if (type !== null) {
      if (current === null || type[1] !== current.name || current.type !== "")
        throw new Error(`out of place: ${line}`);
      current.type = type[2] ?? "";
      continue;
    }
    const sample = parseSample(line);
    if (current === null || current.type === "" || !belongsTo(sample.name, current))
      throw new Error(`no metric of this line: ${line}`);
    const key = `${sample.name}${JSON.stringify(Object.entries(sample.labels).sort())}`;
    if (seen.has(key)) throw new Error(`twice: ${line}`);
    seen.add(key);
    current.samples.push(sample);
  }
  for (const family of families.values()) checkFamily(family);
  return families;
}

function parseSample(line: string): Sample {
  const match = sampleLine.exec(line);
  if (match === null) throw new Error(`not a series: ${line}`);
  const labels: Record<string, string> = {};
  for (const [, name = "", value = ""] of (match[2] ?? "").matchAll(new RegExp(label, "g"))) {
    if (Object.hasOwn(labels, name)) throw new Error(`the label ${name} is there twice: ${line}`);
    labels[name] = value.replaceAll(/\\(["\\n])/g, (_, one: string) => (one === "n" ? "\n" : one));
  }
  const text = match.at(-1) ?? "";
  const value = text.endsWith("Inf") ? (text.startsWith("-") ? -Infinity : Infinity) : Number(text);
  return { name: match[1] ?? "", labels, value };
}

function belongsTo(name: string, family: Family): boolean {
  if (family.type !== "histogram" && family.type !== "summary") return name === family.name;
  const suffixes = family.type === "histogram" ? ["_bucket", "_sum", "_count"] : ["", "_sum", "_count"];
  return suffixes.some((suffix) => name === `${family.name}${suffix}`);
}

function checkFamily(family: Family): void {
  if (family.type === "counter") {
    for (const { value } of family.samples)
      if (!(value >= 0)) throw new Error(`${family.name} counts ${value}`);
  }
  if (family.type !== "histogram") return;
  const groups = new Map<string, Sample[]>();
  for (const sample of family.samples) {
    const { le: _, ...rest } = sample.labels;
    const key = JSON.stringify(Object.entries(rest).sort());
    groups.set(key, [...(groups.get(key) ?? []), sample]);
  }
  for (const [key, samples] of groups) {
    const buckets = samples.filter(({ name }) => name.endsWith("_bucket"));
    const count = samples.find(({ name }) => name.endsWith("_count"))?.value;
    if (!samples.some(({ name }) => name.endsWith("_sum")))
      throw new Error(`${family.name}${key} has no sum`);
    let bound = -Infinity;
    let below = 0;
    for (const { labels, value } of buckets) {
      const le = labels["le"] === "+Inf" ? Infinity : Number(labels["le"]);
      if (!(le > bound) || value < below) throw new Error(`${family.name}${key} is out of order at ${le}`);
      [bound, below] = [le, value];
    }
    if (bound !== Infinity || below !== count)
      throw new Error(`${family.name}${key} does not end with its count`);
  }
}

/** The value of the one series with these labels; 0 where there is none. */
export function valueOf(
  families: ReadonlyMap<string, Family>,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  const family = families.get(name.replace(/_(bucket|sum|count)$/, "")) ?? families.get(name);
  const found = [...(families.get(name)?.samples ?? []), ...(family?.samples ?? [])].filter(
    (sample) =>
      sample.name === name && Object.entries(labels).every(([one, value]) => sample.labels[one] === value),
  );
  return new Set(found).size === 0 ? 0 : [...new Set(found)].reduce((sum, { value }) => sum + value, 0);
}

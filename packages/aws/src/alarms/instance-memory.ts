/**
 * GiB of memory of a database instance class such as "db.r5.large"; null for a family that is not known here.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html
 */
export function instanceMemoryGiB(instance: string): number | null {
  const match = /^db\.([a-z]+)\d+[a-z]*\.([a-z0-9]+)$/.exec(instance);
  const family = match?.[1] ?? "";
  const size = match?.[2] ?? "";
  const ofLarge = memoryOfLargeGiB[family];
  if (ofLarge === undefined) return null;
  if (family === "t") return burstableGiB[size] ?? null;
  if (size === "large") return ofLarge;
  if (size === "medium") return ofLarge / 2;
  const times = /^(\d*)xlarge$/.exec(size);
  return times === null ? null : ofLarge * 2 * (times[1] === "" ? 1 : Number(times[1]));
}

/**
 * How many connections PostgreSQL takes where no parameter says so: LEAST({DBInstanceClassMemory/9531392}, 5000). What the
 * operating system and RDS keep for themselves is not counted in that memory; it is up to 12 % of AWS's examples
 * (a db.r5.large has 1600), so this says a little too few rather than too many.
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Managing.html#AuroraPostgreSQL.Managing.MaxConnections
 */
export function postgresConnectionsMax(
  instance: string,
  parameters: Readonly<Record<string, string>>,
): number | null {
  const written = parameters["max_connections"];
  if (written !== undefined) return /^\d+$/.test(written) ? Number(written) : null;
  const memoryGiB = instanceMemoryGiB(instance);
  return memoryGiB === null ? null : Math.min(5000, Math.floor((memoryGiB * 1024 ** 3 * 0.88) / 9_531_392));
}

const memoryOfLargeGiB: Readonly<Record<string, number>> = { t: 8, m: 8, r: 16, x: 32 };
const burstableGiB: Readonly<Record<string, number>> = {
  micro: 1,
  small: 2,
  medium: 4,
  large: 8,
  xlarge: 16,
  "2xlarge": 32,
};

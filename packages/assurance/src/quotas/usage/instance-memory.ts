/*
 * The same sums stand where alarms are made of them: @tenantry/aws, alarms/instance-memory.ts. They are done twice so that a check
 * of what is shipped does not believe what the generator believed.
 */

const memoryOfLargeGiB: Readonly<Record<string, number>> = { t: 8, m: 8, r: 16, x: 32 };
const sizesOfLarge: Readonly<Record<string, number>> = {
  micro: 1 / 8,
  small: 1 / 4,
  medium: 1 / 2,
  large: 1,
};

/**
 * GiB of memory of a class such as "db.r6g.large"; null for a family that is not known here.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html
 */
export function classMemoryGiB(instanceClass: string): number | null {
  const match = /^db\.([a-z])\d[a-z]*\.(?:(\d*)x)?(micro|small|medium|large)$/.exec(instanceClass);
  if (match === null) return null;
  const [, family = "", times, size = ""] = match;
  const ofLarge = memoryOfLargeGiB[family];
  const ofSize = sizesOfLarge[size];
  if (ofLarge === undefined || ofSize === undefined) return null;
  // An xlarge is two of large, an 8xlarge sixteen.
  return times === undefined ? ofLarge * ofSize : ofLarge * 2 * (times === "" ? 1 : Number(times));
}

/**
 * Connections that PostgreSQL takes where no parameter says so: LEAST({DBInstanceClassMemory/9531392}, 5000). That memory is less than
 * what the class has by what the operating system and RDS keep, up to 12 % in AWS's own examples (a db.r5.large has 1,600).
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Managing.html#AuroraPostgreSQL.Managing.MaxConnections
 */
export function connectionsByMemory(memoryGiB: number): number {
  return Math.min(5000, Math.floor((memoryGiB * 2 ** 30 * 0.88) / 9_531_392));
}

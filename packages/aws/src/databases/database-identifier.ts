import { createHash } from "node:crypto";

interface Named {
  readonly platform: string;
  readonly environment: string;
  readonly store: string;
}

// RDS takes 63 characters and Lambda 64; behind the name stands "-rotation" or the number of an instance, and
// behind a tenant's own the tenant's id of up to 32.
const sharedLengthMax = 50;
const tenantBeginningLengthMax = 22;

/**
 * The name of a database in RDS and DocumentDB, which other regions know it by. It begins as people look for it,
 * and ends with a digest, because "a-b" of "c" and "a" of "b-c" would read the same, and long names are cut.
 *
 * @param tenant The tenant whose own the database is: an id of at most 32 characters, or a token that becomes one.
 */
export function databaseIdentifier({ platform, environment, store }: Named, tenant?: string): string {
  const lengthMax = tenant === undefined ? sharedLengthMax : tenantBeginningLengthMax;
  const digest = createHash("sha256")
    .update(JSON.stringify([platform, environment, store, tenant === undefined ? "shared" : "tenant"]))
    .digest("hex")
    .slice(0, 8);
  const beginning = `${platform}-${environment}-${store}`
    .slice(0, lengthMax - digest.length - 1)
    .replace(/-+$/, "");
  const base = `${beginning}-${digest}`;
  return tenant === undefined ? base : `${base}-${tenant}`;
}

/** The name of the function that rotates the secrets of a database. */
export function rotationFunctionName(identifier: string): string {
  return `${identifier}-rotation`;
}

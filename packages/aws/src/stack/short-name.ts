import { createHash } from "node:crypto";

/**
 * A name that people find, within AWS's limit. A longer one ends in a part of its SHA-256, so that two
 * names that begin alike stay two.
 */
export function shortName(name: string, lengthMax: number): string {
  if (name.length <= lengthMax) return name;
  const digest = createHash("sha256").update(name).digest("hex").slice(0, 8);
  const head = name.slice(0, lengthMax - digest.length - 1).replace(/[-_]+$/, "");
  return `${head}-${digest}`;
}

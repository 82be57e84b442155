import { readFileSync } from "node:fs";

/**
 * What `tenantry init` writes. A file of its own, so that it is read, formatted and
 * type-checked as what it is.
 */
export const starterDefinition: string = readFileSync(
  new URL("./starter.config.ts", import.meta.url),
  "utf8",
);

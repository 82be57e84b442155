import { refuted, unknown } from "../../../rule.ts";
import type { DatabaseRule } from "../database-rule.ts";

/**
 * The first minor version of each major one without CVE-2025-8713 (statistics show rows that
 * row-level security hides) and CVE-2024-10976 (a plan made under one role is used under another).
 */
const floors: Readonly<Record<number, number>> = { 15: 14, 16: 10, 17: 6, 18: 0 };

export const serverVersion: DatabaseRule = {
  id: "server-version",
  why: "older servers show rows that row-level security hides",
  fix: "update PostgreSQL to 15.14, 16.10, 17.6, 18.0 or later",
  judge: ({ serverVersion: version, database }) => {
    if (version === null) return [unknown(database, "the server does not tell its version")];
    const major = Math.floor(version / 10_000);
    const minor = version % 10_000;
    const floor = floors[major];
    if (floor === undefined) {
      return major < 15
        ? [refuted(database, `PostgreSQL ${major}.${minor} is not supported`)]
        : [unknown(database, `PostgreSQL ${major} is newer than this release knows`)];
    }
    return minor < floor
      ? [refuted(database, `PostgreSQL ${major}.${minor} is older than ${major}.${floor}`)]
      : [];
  },
};

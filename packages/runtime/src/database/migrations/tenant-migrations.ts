import type { Migration } from "../migration.ts";
import { documents } from "./0001-documents.ts";
import { people } from "./0002-people.ts";
import { activity } from "./0003-activity.ts";

/** What every tenant's tables go through, in the pool, in its schema or in its database. Append only. */
export const tenantMigrations: readonly Migration[] = Object.freeze([documents, people, activity]);

import type { Rule } from "../../rule.ts";
import type { DatabaseCatalogue } from "./database-catalogue.ts";
import type { DatabaseExpectations } from "./database-expectations.ts";

/** A rule about what a database's own catalogue says of it. */
export type DatabaseRule = Rule<[catalogue: DatabaseCatalogue, expectations: DatabaseExpectations]>;

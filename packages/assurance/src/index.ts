export { auditCatalogue, databaseRules } from "./isolation/database/audit-catalogue.ts";
export type * from "./isolation/database/database-catalogue.ts";
export type {
  DatabaseExpectations,
  ExpectedFunction,
  TenantSchema,
} from "./isolation/database/database-expectations.ts";
export type { DatabaseRule, Finding } from "./isolation/database/database-rule.ts";
export { passes, type Verdict } from "./verdict.ts";

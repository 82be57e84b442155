export type {
  Data,
  Properties,
  Resource,
  Shipment,
  ShipmentProblem,
  ShippedFiles,
  ShippedStack,
  ShippedTenant,
  ShippedTier,
  TenantParameter,
} from "./artifacts/shipment.ts";
export { auditCatalogue, databaseRules } from "./isolation/database/audit-catalogue.ts";
export type * from "./isolation/database/database-catalogue.ts";
export type {
  DatabaseExpectations,
  ExpectedFunction,
  TenantSchema,
} from "./isolation/database/database-expectations.ts";
export type { DatabaseRule } from "./isolation/database/database-rule.ts";
export type { Finding, Rule, Theme } from "./rule.ts";
export type { Matrix, ThemeResult } from "./theme-result.ts";
export { passes, type Verdict } from "./verdict.ts";

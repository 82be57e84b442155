export { manifestSchema, placementsSchema } from "./artifacts/manifest-schema.ts";
export { mark, marksIn, resourceMark, unknownIn, unknownMark } from "./artifacts/mark.ts";
export { readShipment } from "./artifacts/read-shipment.ts";
export { errors } from "./errors.ts";
export { checkNetwork, networkRules } from "./isolation/network/check-network.ts";
export { checkRouting, routingRules } from "./isolation/routing/check-routing.ts";
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
export { checkIam, iamRules } from "./isolation/iam/check-iam.ts";
export {
  type ControlEvidence,
  type ControlOutcome,
  type Evidence,
  evidenceReport,
  type ForeignRule,
  type FrameworkEvidence,
  type RuleEvidence,
} from "./posture/evidence.ts";
export { judgePosture } from "./posture/judge-posture.ts";
export { postureRules } from "./posture/own-rules.ts";
export { checkRecoverability, recoverabilityRules } from "./recoverability/check-recoverability.ts";
export { type FigureName, figures, type MeasuredFigure } from "./recoverability/figures.ts";
export { checkData, dataRules } from "./isolation/data/check-data.ts";
export { checkNames, namesRules } from "./isolation/names/check-names.ts";
export type { Finding, Rule, Theme } from "./rule.ts";
export type { Matrix, ThemeResult } from "./theme-result.ts";
export { passes, type Verdict } from "./verdict.ts";

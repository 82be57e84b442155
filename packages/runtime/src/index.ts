// Database: the door to tenants' data, and what sets it up.
export { auditFromOutside, type AuditOptions, databaseOwner } from "./database/audit-from-outside.ts";
export { bootstrapDatabase, type BootstrapOptions } from "./database/bootstrap-database.ts";
export { checkDatabaseServer } from "./database/check-database-server.ts";
export type { DatabaseSecrets } from "./database/database-secrets.ts";
export type { DatabaseCredentials, DatabaseServer } from "./database/database-server.ts";
export {
  type DatabaseEvent,
  openTenantDatabase,
  type TenantDatabase,
  type TenantDatabaseOptions,
  type TenantDatabasePorts,
} from "./database/tenant-database.ts";
export type {
  Execute,
  ReadQueries,
  StoreOptions,
  TenantStore,
  WriteQueries,
} from "./tenant-store/tenant-store.ts";
export type { DocumentsTable, JsonObject, JsonValue, TenantTables } from "./tenant-store/tenant-tables.ts";
export type { MigrationSummary, TenantMigrationStatus } from "./tenants/migrate-tenants.ts";
export type { OnboardRequest } from "./tenants/onboard-tenant.ts";
export { onboardDeclared, type TenantLeftAlone } from "./tenants/onboard-declared.ts";
export { openObjectStore } from "./files/open-object-store.ts";
export { type LaterOperations, laterOperations } from "./operations/later-operations.ts";
export {
  type OperationsEvent,
  openTenantOperations,
  type TenantOperations,
} from "./operations/tenant-operations.ts";
export type { TenantRegistry } from "./tenants/tenant-registry.ts";
export type { Tenant, TenantStatus } from "./tenants/tenant.ts";
// Events of tenants' lives, and the control plane's audit trail.
export {
  type AuditTrailVerdict,
  verifyControlAuditEvents,
} from "./control/audit-events/verify-control-audit-events.ts";
export type { ControlDatabase } from "./database/control-database.ts";
export { detailTypeOf, type EventType, eventTypes, operationEvents } from "./events/lifecycle-events.ts";
export { defaultWebhookSettings, type WebhookSettings } from "./events/webhook-settings.ts";
// Server: gateway, tenant API, control plane, identity.
export { serviceAudienceOf } from "./gateway/context-signer.ts";
export { isHostSuffix } from "./gateway/host.ts";
export { defaultApiLimits, type ApiLimits } from "./http/api-limits.ts";
export type { FilesConfig } from "./files/open-object-store.ts";
export type { AccessEntry, FailureEntry, ListenerName, Log, LogEntry } from "./http/log-entry.ts";
export type { GaugeReading, GaugeSource } from "./telemetry/gauge-source.ts";
export { createJsonLog, type JsonLog, type LogLevel, streamDestination } from "./telemetry/json-log.ts";
export { LineBuffer, type LogDestination } from "./telemetry/line-buffer.ts";
export { scrub } from "./telemetry/scrub.ts";
export type { MetricsConfig } from "./telemetry/metrics.ts";
export type { TracingConfig } from "./telemetry/telemetry.ts";
export { type ProblemBody, type ProblemCode, problemTable } from "./http/problems.ts";
export type { ExternalIssuer, ExternalRole } from "./identity/external-issuer.ts";
export { issueToken, type TokenRequest } from "./identity/issue-token.ts";
export { type ControlRole, controlRoles, type TenantRole, tenantRoles } from "./identity/roles.ts";
export {
  requireKeyRing,
  type RingKey,
  ringOfOne,
  rotate,
  rotateAtOnce,
  signingKeyAt,
  verifyingKeysAt,
} from "./identity/key-ring.ts";
export { type KeyRingWatch, watchKeyRing } from "./identity/key-ring-watch.ts";
export { generateSigningKey, importSigningKey, type SigningKey } from "./identity/signing-key.ts";
export { type Audience, audienceOf } from "./identity/token-claims.ts";
export { createTokenVerifier, type TokenVerifier, type Verification } from "./identity/verify-token.ts";
export {
  type ListenAddress,
  type Runtime,
  type RuntimeConfig,
  type RuntimeDatabase,
  type RuntimePorts,
  startRuntime,
} from "./runtime.ts";

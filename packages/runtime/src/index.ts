// Database: the door to tenants' data, and what sets it up.
export { bootstrapDatabase, type BootstrapOptions } from "./database/bootstrap-database.ts";
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
export type { TenantRegistry } from "./tenants/tenant-registry.ts";
export type { Tenant, TenantStatus } from "./tenants/tenant.ts";
// Server: gateway, tenant API, control plane, identity.
export { defaultApiLimits, type ApiLimits } from "./http/api-limits.ts";
export type { AccessEntry, FailureEntry, ListenerName, Log, LogEntry } from "./http/log-entry.ts";
export { type ProblemBody, type ProblemCode, problemTable } from "./http/problems.ts";
export { issueToken, type TokenRequest } from "./identity/issue-token.ts";
export { type ControlRole, controlRoles, type TenantRole, tenantRoles } from "./identity/roles.ts";
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

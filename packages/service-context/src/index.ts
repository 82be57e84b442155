export { tenantContextMiddleware, tenantContextPlugin, withTenantContext } from "./adapters.ts";
export { type ContextClock } from "./clock.ts";
export {
  type ContextClaims,
  contextHeader,
  type ContextIsolation,
  contextLifetimeSecondsMax,
  type ContextPrincipal,
  type ContextTenant,
  contextType,
  type TenantContext,
} from "./context-claims.ts";
export { contextOptionsFrom } from "./context-environment.ts";
export { type GuardOptions, tenantContextOf } from "./guard-requests.ts";
export { type RefusalAnswer, refusalAnswer, type RefusalCode, refusals } from "./refusals.ts";
export {
  type ContextOptions,
  type ContextVerdict,
  type VerifyHeaders,
  verifyTenantContext,
} from "./verify-tenant-context.ts";

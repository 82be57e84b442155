export type { Isolation, LocalCommand, Platform, PlatformService, PlatformTenant, Tier } from "./platform.ts";
export {
  isTenantId,
  type TenantId,
  tenantIdLengthMax,
  tenantIdLengthMin,
  tenantIdPattern,
} from "./tenant-id.ts";

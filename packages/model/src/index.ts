export { type Cidr, contains, formatCidr, networkOf, overlaps, parseCidr } from "./cidr.ts";
export {
  bucket,
  type BucketDefinition,
  type BucketSettings,
  broker,
  type BrokerDefinition,
  type BrokerSettings,
  type Definition,
  definePlatform,
  documentdb,
  type DocumentdbDefinition,
  type DocumentdbSettings,
  type EnvironmentDefinition,
  type FunctionDefinition,
  type FunctionSettings,
  lambda,
  type Override,
  type PlatformSettings,
  postgres,
  type PostgresDefinition,
  type PostgresSettings,
  queue,
  type QueueDefinition,
  type QueueSettings,
  type RecoveryDefinition,
  redis,
  type RedisDefinition,
  type RedisSettings,
  service,
  type ServiceDefinition,
  type ServiceSettings,
  type StoreDefinition,
  type TenantDefinition,
  tier,
  type TierDefinition,
  type TierSettings,
  topic,
  type TopicDefinition,
  type TopicSettings,
} from "./define.ts";
export { errors, problemsOf } from "./errors.ts";
export {
  emptyLock,
  formatLock,
  parseLock,
  type Placement,
  type PlacementLock,
  type Placements,
} from "./placement/lock.ts";
export { place, placementsOf, type PlaceOptions } from "./placement/place.ts";
export type {
  Compute,
  Isolation,
  LocalCommand,
  Platform,
  PlatformFunction,
  PlatformLogs,
  PlatformNetwork,
  PlatformRecovery,
  PlatformRegion,
  PlatformService,
  PlatformStore,
  PlatformSubnet,
  PlatformTenant,
  Tier,
} from "./platform.ts";
export type { Problem } from "./problem.ts";
export { regions, zonesOf } from "./regions.ts";
export { environmentsOf, parseDefinition, problemsIn, resolve, type ResolveOptions } from "./resolve.ts";
export { type Deployment, openDeployment } from "./resolve/tags.ts";
export { type SubnetGroup, subnetGroups } from "./schema/network.ts";
export { reservedRoutes } from "./schema/scalars.ts";
export { reservedTenantIds } from "./schema/tier.ts";
export { allocationKeys, costComponents, usageDefaults } from "./schema/usage.ts";
export {
  isTenantId,
  type TenantId,
  tenantIdLengthMax,
  tenantIdLengthMin,
  tenantIdPattern,
} from "./tenant-id.ts";

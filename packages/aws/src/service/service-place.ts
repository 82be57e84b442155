import type { PlatformService } from "@tenantry/model";
import type { OriginHeader } from "../load-balancer/origin-header.ts";
import type { PlatformStack } from "../stack/platform-stack.ts";
import type { CellValue } from "../stack/stack-values.ts";
import type { StoreAccess } from "../stacks/store-access.ts";
import type { Discovery } from "./service-discovery.ts";

/** What differs between the services that tenants share and those that one tenant has to itself. */
export interface ServicePlace {
  readonly stack: PlatformStack;
  /** A value of the cell in which they run. */
  cell(value: CellValue): string;
  /** Name of the ECS service, unique in the cluster. */
  serviceName(service: string): string;
  /** The log group that is theirs. */
  logGroup(service: PlatformService): string;
  /** A text with the tenant's id in place of {tenant}; as it is where all share the service. */
  fill(pattern: string): string;
  /** A name that the platform gives, filled; null where it is meant for the other kind, or for nobody. */
  ownName(pattern: string | null): string | null;
  /** Hosts of which a request must have one; null for any. */
  readonly hosts: readonly string[] | null;
  readonly originHeader: OriginHeader | null;
  /** Place of the rule in the cell's listener, of a service with a route. */
  priority(service: PlatformService): number;
  access(store: string): StoreAccess;
  /** Variables that every one of them gets. */
  readonly environment: Readonly<Record<string, string>>;
  discovery(service: PlatformService): Discovery;
  /** Groups to carry for services that stand in another stack. */
  clientGroups(service: PlatformService): readonly string[];
  /** The group of a caller that stands in another stack; null where it carries a client group, or does not exist. */
  callerGroup(caller: string): string | null;
}

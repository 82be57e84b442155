import type { Platform } from "@tenantry/model";
import type { Resource } from "../../artifacts/shipment.ts";
import type { InterfaceKind } from "./network-model.ts";
import type { Notes } from "./property-values.ts";

/** Finds resources of the same stack, and then those of shared ones. */
export interface Lookup {
  /** The resource of one of the types with a physical id, in the region of who asks. */
  readonly find: (asking: Resource, id: string | null, ...types: readonly string[]) => Resource | undefined;
  /** Every resource of a type in the same stack and in the shared ones of its region. */
  readonly beside: (asking: Resource, type: string) => readonly Resource[];
}

export interface Context {
  readonly definition: Platform;
  readonly lookup: Lookup;
  readonly notes: Notes;
}

/** What a reader says of a resource; the rest follows from its stack. */
export interface Draft {
  readonly kind: InterfaceKind;
  readonly name?: string | null;
  readonly subnets: readonly string[];
  /** Null where no security group can stand before it; empty where AWS takes the VPC's default group. */
  readonly groups: readonly string[] | null;
  readonly ports?: readonly number[];
  readonly isPublic?: boolean;
  readonly hasIpv6?: boolean;
  readonly serves?: string | null;
}

export type Read = (resource: Resource, context: Context) => readonly Draft[];

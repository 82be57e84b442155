import type { Mutant } from "./mutant.ts";
import { aclMutants, endpointMutants, needlessMutants } from "./network-acl-mutants.ts";
import { routeMutants, vpnMutant } from "./network-route-mutants.ts";
import { edgeMutants, outsideMutants, storeMutants } from "./network-store-mutants.ts";
import { serviceMutants, tenantMutants } from "./network-tenant-mutants.ts";

/** Broken networks of the reference platforms. */
export const networkMutants: readonly Mutant[] = [
  ...tenantMutants,
  ...serviceMutants,
  ...storeMutants,
  ...outsideMutants,
  ...edgeMutants,
  ...routeMutants,
  vpnMutant,
  ...aclMutants,
  ...needlessMutants,
  ...endpointMutants,
];

export type {
  AssemblyManifest,
  AssemblyStack,
  PlacedTenant,
  TenantPlacements,
  TenantStackPlacement,
  TenantTemplate,
} from "./assembly/assembly.ts";
export type { ParameterSource } from "./stack/parameter-source.ts";

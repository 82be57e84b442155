export type {
  AssemblyManifest,
  AssemblyStack,
  PlacedTenant,
  TenantPlacements,
  TenantStackPlacement,
  TenantTemplate,
} from "./assembly/assembly.ts";
export { providedNames } from "./assembly/provided-names.ts";
export type { ParameterSource } from "./stack/parameter-source.ts";

import type { TenantParameter } from "@tenantry/assurance";
import type { ParameterSource } from "../stack/parameter-source.ts";
import type { Site } from "../stack/site.ts";

/**
 * What synthesis writes below `cloudformation/manifest.json`: everything that a deployment has to know, so that it needs
 * neither the definition nor CDK. Keys are sorted; the same platform gives the same bytes on any day.
 */
export interface AssemblyManifest {
  readonly version: 1;
  readonly platform: string;
  readonly environment: string;
  /** AWS account id; null takes the account of the credentials. */
  readonly account: string | null;
  /** The primary region. */
  readonly region: string;
  readonly dataProtection: "protected" | "disposable";
  /** In the order of their deployment. */
  readonly stacks: readonly AssemblyStack[];
  /**
   * What only an administrator deploys, because it says who may deploy, or binds other accounts: a deployment leaves it alone.
   * `account` is another one than the environment's for the AWS Organization.
   */
  readonly administration: readonly (AssemblyStack & { readonly account: string | null })[];
  /** One for each tier that gives a tenant resources of its own, in each region. */
  readonly tenantTemplates: readonly TenantTemplate[];
}

interface AssemblyTemplate {
  readonly role: Site["role"];
  readonly region: string;
  /** Name of the file beside the manifest. */
  readonly template: string;
  /** SHA-256 of the file, in hexadecimal digits. */
  readonly templateSha256: string;
  /** What CloudFormation must be told that the template may do, such as CAPABILITY_NAMED_IAM. */
  readonly capabilities: readonly string[];
  /** Where a deployment takes the values of these parameters from; the others have defaults. */
  readonly parameters: Readonly<Record<string, ParameterSource>>;
}

export interface AssemblyStack extends AssemblyTemplate {
  /** Unique in the assembly, such as "foundation" or "recovery-data". */
  readonly id: string;
  readonly area: string;
  readonly stackName: string;
  /** Ids of the stacks that must be there before. */
  readonly dependsOn: readonly string[];
  /** Whether CloudFormation refuses to delete the stack until that is taken back. */
  readonly terminationProtection: boolean;
}

export interface TenantTemplate extends AssemblyTemplate {
  readonly tier: string;
  readonly dependsOn: readonly string[];
  /** What of a tenant the other parameters carry: with it, what holds of the template holds of every tenant to come. */
  readonly tenantParameters: Readonly<Record<string, TenantParameter>>;
}

/** `placement.json`: the stacks of each tenant, with the values of their parameters. One tenant's entry depends on no other's. */
export interface TenantPlacements {
  readonly version: 1;
  readonly tenants: Readonly<Record<string, PlacedTenant>>;
}

export interface PlacedTenant {
  readonly tier: string;
  readonly cell: number;
  readonly slot: number;
  /** None where the tier shares everything. */
  readonly stacks: readonly TenantStackPlacement[];
}

export interface TenantStackPlacement {
  readonly role: Site["role"];
  readonly region: string;
  readonly stackName: string;
  /** Name of a template of the manifest's `tenantTemplates`. */
  readonly template: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** The tenant's own tags, besides those in the template. */
  readonly tags: Readonly<Record<string, string>>;
}

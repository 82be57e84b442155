import type { Deployment } from "@tenantry/model";

/**
 * Where a deployment takes the value of a template's parameter from. CloudFormation itself resolves values of the
 * same region (parameters of an SSM type), which are not listed.
 */
export type ParameterSource =
  /** Known since synthesis: what one of several stacks of a template has for itself. */
  | { readonly kind: "literal"; readonly value: string }
  /** A value that a stack of another region hands over, in that region's Parameter Store. */
  | { readonly kind: "stack-value"; readonly region: string; readonly name: string }
  /** The id of a public hosted zone that exists outside the platform. */
  | { readonly kind: "hosted-zone"; readonly domain: string }
  /** What only a deployment knows; it goes into tags. `created-at` keeps the value of the first deployment. */
  | { readonly kind: "deployment"; readonly field: keyof Deployment };

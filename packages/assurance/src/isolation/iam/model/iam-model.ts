import type { NamedPolicy } from "../evaluate/authorize.ts";
import type { PolicyProblem } from "../policy/policy.ts";

/** What the theme looks at, read once. */
export interface IamModel {
  readonly account: string;
  readonly platform: string;
  readonly environment: string;
  readonly lengthMax: number;
  /** The tiers that have a store in common: what their own services sign in with is the platform's. */
  readonly sharedStoreTiers: ReadonlySet<string>;
  /** The tenants of `placement.json`. */
  readonly tenants: readonly Holder[];
  /** What all tenants share. */
  readonly shared: Holder;
  /** Any tenant of each tier and role of region, twice: as ⟨tenant:a⟩ and as ⟨tenant:b⟩. */
  readonly anyTenants: readonly AnyTenant[];
  readonly problems: readonly LocatedProblem[];
}

export interface AnyTenant {
  readonly tier: string;
  readonly a: Holder;
  readonly b: Holder;
}

/** A tenant, or the platform, with everything that it has. */
export interface Holder {
  /** The tenant's id, or its mark; null for what is shared. */
  readonly tenant: string | null;
  readonly tier: string | null;
  readonly roles: readonly Role[];
  readonly targets: readonly Target[];
  readonly needs: readonly Need[];
  /** ARNs of the roles that ECS takes for tasks. */
  readonly taskRoles: readonly string[];
}

/** What something of a tenant does as soon as it starts. */
export interface Need {
  /** The key of what needs it. */
  readonly key: string;
  readonly roleArn: string;
  readonly action: string;
  readonly resource: string;
}

export interface LocatedProblem extends PolicyProblem {
  /** The resource's key and the policy's name. */
  readonly subject: string;
}

export interface Role {
  /** The key of the resource. */
  readonly key: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly tenant: string | null;
  /** By key in lower case, as conditions compare them. */
  readonly tags: ReadonlyMap<string, string>;
  readonly identity: readonly NamedPolicy[];
  readonly boundary: Boundary;
  readonly trust: NamedPolicy | null;
}

export type Boundary =
  | { readonly kind: "none" }
  | { readonly kind: "policy"; readonly arn: string; readonly policy: NamedPolicy }
  /** It is not in the shipment, so that nobody knows what it says. */
  | { readonly kind: "unknown"; readonly arn: string };

/** Something that may be reached. */
export interface Target {
  readonly key: string;
  readonly type: string;
  /** Such as "buckets", for people. */
  readonly kind: string;
  readonly region: string;
  readonly tenant: string | null;
  readonly arn: string;
  /** What `Ref` gives. */
  readonly physicalId: string;
  /** By key in lower case; null where what is asked for has other tags than the resource. */
  readonly tags: ReadonlyMap<string, string>;
  readonly policy: NamedPolicy | null;
  /** What requests name: the ARN, and texts with ⟨*⟩ for what is in it. */
  readonly subjects: readonly string[];
  /** The key that encrypts its content, and the contexts that it is encrypted with. */
  readonly encryption: Encryption | null;
}

export interface Encryption {
  /** ARN of the key. */
  readonly key: string;
  /** The name in the encryption context, such as "aws:s3:arn", and the values that content of this resource has. */
  readonly name: string;
  readonly values: readonly string[];
}

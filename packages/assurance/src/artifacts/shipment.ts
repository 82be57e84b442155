import type { Platform } from "@tenantry/model";

/** The text of every file of an output folder, by its path below the folder, such as "cloudformation/manifest.json". */
export type ShippedFiles = Readonly<Record<string, string>>;

/** A property's value after its intrinsic functions are resolved. Text may hold marks (mark.ts). */
export type Data = string | number | boolean | null | readonly Data[] | { readonly [key: string]: Data };

export interface Properties {
  readonly [key: string]: Data;
}

/** What would be deployed, read from files that anybody may have edited. Nothing of it is taken on trust. */
export interface Shipment {
  readonly platform: string;
  readonly environment: string;
  /** Twelve digits, or ⟨account⟩. */
  readonly account: string;
  /** The primary region. */
  readonly region: string;
  /** `platform.json`: what was asked for, which is what the rest is held against. */
  readonly definition: Platform;
  /** Every stack that tenants share, those that only an administrator deploys included. */
  readonly shared: readonly ShippedStack[];
  /** The tenants of `placement.json`, by id, in the order of their ids. */
  readonly tenants: ReadonlyMap<string, ShippedTenant>;
  /** The templates of tiers, by tier and role. */
  readonly tiers: readonly ShippedTier[];
  /** What could not be read or resolved; each is a reason not to pass. */
  readonly problems: readonly ShipmentProblem[];
}

export interface ShipmentProblem {
  /** The file, stack or resource. */
  readonly subject: string;
  /** What is wrong or missing. */
  readonly missing: string;
}

export interface ShippedTenant {
  readonly id: string;
  readonly tier: string;
  readonly cell: number;
  readonly slot: number;
  /** None where the tier shares everything. */
  readonly stacks: readonly ShippedStack[];
}

/** The template of a tier in one region. */
export interface ShippedTier {
  readonly tier: string;
  readonly role: "primary" | "recovery";
  readonly region: string;
  /** Name of the file below `cloudformation/`. */
  readonly template: string;
  /** What of a tenant each parameter carries, by the parameter's logical id. */
  readonly parameters: Readonly<Record<string, TenantParameter>>;
  /**
   * The stack of any tenant of the tier: its id is the mark ⟨tenant:name⟩, and what follows from its placement is marked
   * too (⟨priority:name:index:count⟩). It stands in the first cell, as the other `anyTenant` does: where two tenants are
   * nearest to each other.
   *
   * @param name tells two of them apart, such as "a" and "b"
   */
  readonly anyTenant: (name: string) => ShippedStack;
}

/** What of a tenant or its placement a parameter of a tenant's template carries, as the manifest says it. */
export type TenantParameter =
  | { readonly kind: "tenant-id" | "username" | "cost-center" }
  /** Texts with {tenant} for the id; a tenant's own domains come after them. */
  | { readonly kind: "hosts"; readonly patterns: readonly string[] }
  | { readonly kind: "main-host"; readonly pattern: string }
  /** The path in Parameter Store of a value of the tenant's cell. */
  | { readonly kind: "cell-value"; readonly value: string }
  /** (slot - 1) x `count` + `index` + 1, for the `index`th of `count` services with a route: unique in the cell because slots are. */
  | { readonly kind: "priority"; readonly index: number; readonly count: number };

/** One stack as it would be deployed, the values of its parameters filled in. */
export interface ShippedStack {
  /** Unique in the shipment: "foundation", "recovery-data", "tenant/acme-corp", "tenant/acme-corp/recovery", "tenant/⟨tenant:a⟩". */
  readonly id: string;
  readonly stackName: string;
  readonly region: string;
  readonly role: "primary" | "recovery";
  /** What the stack holds, such as "data", "cell-1"; of a tenant's, "tenant". */
  readonly area: string;
  /** The tenant's id (or its mark); null for a shared stack. */
  readonly tenant: string | null;
  readonly tier: string | null;
  readonly cell: number | null;
  /** Name of the file below `cloudformation/`. */
  readonly template: string;
  /** Values of parameters by their logical ids. */
  readonly parameters: Readonly<Record<string, Data>>;
  /** What the placement says for parameters, before Parameter Store is asked; only a tenant's stack has it. */
  readonly placed?: Readonly<Record<string, string>>;
  /** Its resources, resolved. Made anew at each call: ten thousand tenants would not fit into memory. */
  readonly resources: () => readonly Resource[];
}

export interface Resource {
  /** `{stack id}/{logical id}`. */
  readonly key: string;
  readonly logicalId: string;
  /** Such as "AWS::IAM::Role". */
  readonly type: string;
  readonly stack: ShippedStack;
  readonly properties: Properties;
  /** The resource's physical id, what `Ref` gives. */
  readonly physicalId: string;
  /** Its ARN; null for types that have none, or of which this package does not know it. */
  readonly arn: string | null;
  readonly deletionPolicy: string | null;
  readonly metadata: Properties;
}

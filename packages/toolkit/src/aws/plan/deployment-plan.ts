import type { AssemblyPart } from "../assembly/stack-targets.ts";

/** What a deployment would do: plain data, which can be written down, reviewed, and applied exactly. */
export interface DeploymentPlan {
  readonly version: 1;
  readonly platform: string;
  readonly environment: string;
  readonly part: AssemblyPart;
  /** AWS account id; null where the plan was made without a look into the account. */
  readonly account: string | null;
  /** What the assembly was compared with. */
  readonly basis: "nothing" | "deployed";
  readonly assembly: { readonly manifest: string; readonly placements: string };
  /** In the order of their deployment. */
  readonly stacks: readonly StackPlan[];
  /** Of tenants, in the order of their ids. */
  readonly tenants: readonly StackPlan[];
  /** Shared stacks with our tags that the platform has no longer. They are left alone. */
  readonly abandoned: readonly { readonly stackName: string; readonly region: string }[];
  /** By the key that the stacks name: many tenants share one. */
  readonly changes: Readonly<Record<string, TemplateChange>>;
  /** Why this cannot be applied as things are. */
  readonly obstacles: readonly PlanObstacle[];
  /** SHA-256 of all of the above. */
  readonly digest: string;
}

export type StackAction = "create" | "update" | "delete" | "unchanged";

export interface StackPlan {
  readonly id: string;
  readonly action: StackAction;
  readonly stackName: string;
  readonly region: string;
  readonly tenant: string | null;
  /** Status in CloudFormation; null where there is no such stack. */
  readonly status: string | null;
  /** Digest of the template that is deployed; null where there is none. */
  readonly deployedTemplate: string | null;
  readonly deployedParameters: string | null;
  /** Digest of the template that would be; null for a deletion. */
  readonly template: string | null;
  /** Digest of the values that would be; null where some are made by a stack that comes before. */
  readonly parameters: string | null;
  /** Names of the parameters whose values differ. */
  readonly changedParameters: readonly string[];
  /** Whether values that a stack before it changes can change this one too. */
  readonly mayFollow: boolean;
  /** A key of the plan's changes; null where the resources stay as they are. */
  readonly change: string | null;
  /** What holds data, and would be replaced or deleted. */
  readonly losses: readonly StatefulLoss[];
}

export interface TemplateChange {
  readonly resources: readonly ResourceChange[];
  readonly security: readonly SecurityChange[];
}

export type ResourceImpact = "create" | "update" | "replace" | "may-replace" | "delete" | "keep";

export interface ResourceChange {
  readonly logicalId: string;
  readonly type: string;
  /** "keep" takes the resource out of the stack and leaves it in AWS. */
  readonly impact: ResourceImpact;
  /** The properties that differ. */
  readonly properties: readonly string[];
  /** What becomes of the old one when it is replaced or deleted. */
  readonly fate: "deleted" | "retained" | "snapshot" | null;
}

export interface SecurityChange {
  readonly kind: "statement" | "managed-policy" | "security-group";
  readonly change: "added" | "removed";
  /** Such as ["*", "Allow", "s3:*", "AWS:${Role}", ""]. */
  readonly columns: readonly string[];
}

export interface StatefulLoss {
  readonly logicalId: string;
  readonly type: string;
  readonly impact: "replace" | "may-replace" | "delete";
  readonly fate: "deleted" | "retained" | "snapshot";
  /** Everyone whose data are in it, or who cannot work without it. */
  readonly tenants: readonly string[];
  /** What `allow` has to name. */
  readonly permission: string;
  /** Such as "replaces the database data/MainCluster: 41 tenants". */
  readonly message: string;
}

export interface PlanObstacle {
  readonly stackName: string;
  readonly region: string;
  readonly kind: "foreign" | "rollback-failed" | "missing-value" | "placement" | "name-taken";
  readonly detail: string;
}

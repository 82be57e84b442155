import type { DeployedResource } from "../aws/cloud/cloud.ts";

/** A stack that the assembly asks for, and what CloudFormation says of it. */
export interface StackSnapshot {
  /** As the assembly calls it: "foundation", "tenant/acme-corp". */
  readonly id: string;
  readonly stackName: string;
  readonly tenant: string | null;
  /** Values that the assembly gives its parameters. */
  readonly declared: Readonly<Record<string, string>>;
  /** Digest of the template that the assembly has. */
  readonly templateSha256: string;
  /** Null where there is none; "unread" where it could not be looked up. */
  readonly deployed: DeployedSnapshot | "unread" | null;
}

export interface DeployedSnapshot {
  /** Such as UPDATE_ROLLBACK_FAILED. */
  readonly status: string;
  readonly statusReason: string | null;
  readonly changedAtMs: number;
  /** What a tag of the deployment says; null without it. */
  readonly templateSha256: string | null;
  readonly parameters: Readonly<Record<string, { readonly value: string; readonly resolved: string | null }>>;
  readonly resources: readonly DeployedResource[];
  /** Resources that failed in the last operation, first one first. Without those that were cancelled because of it. */
  readonly failures: readonly {
    readonly logicalId: string;
    readonly type: string;
    readonly reason: string;
  }[];
}

import type { NetworkSnapshot } from "./network/network-snapshot.ts";
import type { RoleSnapshot } from "./iam/role-snapshot.ts";
import type { StackSnapshot } from "./stack-snapshot.ts";

/** What was seen of an environment: plain data, which the judges read and nothing else. */
export interface Snapshot {
  readonly platform: string;
  readonly environment: string;
  readonly account: string;
  /** When it was read, in milliseconds since 1970. */
  readonly nowMs: number;
  readonly regions: readonly RegionSnapshot[];
  /** Hosts that should reach the platform. */
  readonly hosts: readonly HostSnapshot[];
  /** By ARN. */
  readonly roles: Lookup<RoleSnapshot>;
  readonly unread: readonly Unread[];
}

export interface RegionSnapshot {
  readonly region: string;
  readonly stacks: readonly StackSnapshot[];
  readonly services: readonly ServiceSnapshot[];
  /** By ARN. */
  readonly taskDefinitions: Lookup<TaskDefinitionSnapshot>;
  /** By ARN. */
  readonly targetGroups: Lookup<TargetGroupSnapshot>;
  readonly loadBalancers: readonly LoadBalancerSnapshot[];
  /** By ARN. */
  readonly certificates: Lookup<CertificateSnapshot>;
  /** Null where it could not be read, or where the region has no network. */
  readonly network: NetworkSnapshot | null;
  /** By the reference in a task definition: an ARN of Secrets Manager, without key and version. */
  readonly secrets: Lookup<SecretSnapshot>;
  /** By reference, such as 123456789012.dkr.ecr.us-east-1.amazonaws.com/shop:1.2.0. Only those in ECR. */
  readonly images: Lookup<{ readonly tags: readonly string[] }>;
  /** By name. */
  readonly logGroups: Lookup<{ readonly name: string }>;
  /** By identifier. */
  readonly databases: Lookup<DatabaseSnapshot>;
  /** Alarms of the platform that ring. */
  readonly alarms: readonly AlarmSnapshot[];
}

/** Whether a thing was found, is not there, or could not be looked up. */
export type Found<T> =
  | { readonly kind: "found"; readonly value: T }
  | { readonly kind: "missing" }
  | { readonly kind: "unread" };

export type Lookup<T> = Readonly<Record<string, Found<T>>>;

/** The value where it was found. */
export function valueOf<T>(lookup: Lookup<T>, id: string | null): T | null {
  const entry = id === null ? undefined : lookup[id];
  return entry?.kind === "found" ? entry.value : null;
}

/** Whether it is known that it is not there. */
export function isMissing(lookup: Lookup<unknown>, id: string | null): boolean {
  return id !== null && lookup[id]?.kind === "missing";
}

export interface Unread {
  /** Such as ecs:DescribeServices. */
  readonly action: string;
  readonly region: string | null;
  readonly isDenied: boolean;
  readonly detail: string;
}

export interface ServiceSnapshot {
  readonly arn: string;
  readonly name: string;
  readonly cluster: string;
  readonly tenant: string | null;
  /** False where CloudFormation made it and it is gone. */
  readonly isThere: boolean;
  readonly status: string;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  readonly taskDefinition: string | null;
  readonly targets: readonly ServiceTarget[];
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly hasPublicAddress: boolean;
  readonly deployments: readonly DeploymentSnapshot[];
  /** Newest first. */
  readonly events: readonly string[];
  readonly stoppedTasks: readonly StoppedTask[];
  /** Last lines of the log of a service in trouble, with secrets taken out. */
  readonly logLines: readonly string[];
}

export interface ServiceTarget {
  readonly targetGroup: string;
  readonly container: string;
  readonly port: number;
}

export interface DeploymentSnapshot {
  readonly id: string;
  /** PRIMARY, ACTIVE or INACTIVE. */
  readonly status: string;
  /** COMPLETED, IN_PROGRESS or FAILED; null where ECS does not say. */
  readonly rollout: string | null;
  readonly reason: string | null;
  readonly failedTasks: number;
  readonly updatedAtMs: number;
}

export interface StoppedTask {
  readonly id: string;
  /** Null where ECS does not say; it forgets stopped tasks after an hour or so. */
  readonly stoppedAtMs: number | null;
  /** Such as TaskFailedToStart or EssentialContainerExited. */
  readonly stopCode: string | null;
  readonly reason: string;
  readonly containers: readonly {
    readonly name: string;
    readonly exitCode: number | null;
    readonly reason: string | null;
  }[];
  /** The end of its log, with secrets taken out. */
  readonly logLines: readonly string[];
}

export interface TaskDefinitionSnapshot {
  readonly arn: string;
  readonly family: string;
  readonly isFargate: boolean;
  /** CPU units (1024 are one vCPU); null where the task names none. */
  readonly cpu: number | null;
  readonly memoryMiB: number | null;
  readonly taskRole: string | null;
  readonly executionRole: string | null;
  readonly containers: readonly ContainerSnapshot[];
}

export interface ContainerSnapshot {
  readonly name: string;
  readonly image: string;
  readonly isEssential: boolean;
  readonly secrets: readonly { readonly name: string; readonly from: string }[];
  readonly logGroup: string | null;
  readonly logPrefix: string | null;
  /** Values of variables that name a host and port, for the paths to databases. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface TargetGroupSnapshot {
  readonly arn: string;
  readonly port: number | null;
  readonly healthPath: string;
  readonly healthPort: string;
  readonly matcher: string;
  readonly timeoutSeconds: number;
  /** ARNs. Empty: no listener uses it. */
  readonly loadBalancers: readonly string[];
  readonly targets: readonly TargetSnapshot[];
}

export interface TargetSnapshot {
  /** An address, or the id of an instance. */
  readonly id: string;
  readonly port: number | null;
  /** Such as healthy, unhealthy, initial, draining, unused. */
  readonly state: string;
  readonly reason: string | null;
  readonly description: string | null;
}

export interface LoadBalancerSnapshot {
  readonly arn: string;
  readonly dnsName: string;
  /** active, provisioning, active_impaired or failed. */
  readonly state: string;
  readonly securityGroups: readonly string[];
  readonly subnets: readonly string[];
  readonly listeners: readonly ListenerSnapshot[];
}

export interface ListenerSnapshot {
  readonly arn: string;
  readonly port: number;
  readonly protocol: string;
  readonly certificates: readonly string[];
  /** Null where they could not be read. */
  readonly rules: readonly RuleSnapshot[] | null;
}

export interface RuleSnapshot {
  readonly arn: string;
  /** A number, or "default". */
  readonly priority: string;
  readonly hosts: readonly string[];
  readonly paths: readonly string[];
  /** ARNs that it forwards to. */
  readonly targetGroups: readonly string[];
}

export interface CertificateSnapshot {
  readonly arn: string;
  readonly domain: string;
  /** Such as ISSUED, PENDING_VALIDATION, FAILED, EXPIRED. */
  readonly status: string;
  readonly failure: string | null;
  readonly expiresAtMs: number | null;
  readonly pending: readonly {
    readonly domain: string;
    readonly record: { readonly name: string; readonly type: string; readonly value: string } | null;
  }[];
}

export interface SecretSnapshot {
  readonly arn: string;
  readonly name: string;
  readonly deletedAtMs: number | null;
  readonly kmsKey: string | null;
  readonly rotation: {
    readonly isOn: boolean;
    readonly lastAtMs: number | null;
    readonly nextAtMs: number | null;
  };
}

export interface DatabaseSnapshot {
  readonly id: string;
  readonly kind: "cluster" | "instance";
  readonly engine: string;
  readonly status: string;
  readonly endpoint: string | null;
  readonly port: number | null;
  readonly securityGroups: readonly string[];
  readonly subnets: readonly string[];
  readonly masterSecret: { readonly arn: string; readonly status: string } | null;
}

export interface AlarmSnapshot {
  readonly name: string;
  readonly tenant: string | null;
  /** In its template, and so the same for every tenant of a tier. */
  readonly logicalId: string;
  readonly description: string | null;
  readonly reason: string;
}

export interface HostSnapshot {
  readonly host: string;
  readonly tenant: string | null;
  readonly region: string;
  /** Of the hosted zone that should have it; null where it is not known. */
  readonly zone: string | null;
  /** What the records of the zone say, followed to the end; null where they could not be read. */
  readonly targets: readonly string[] | null;
  /** Names that would be right: of load balancers; with a dot before it, the end of one. Empty: not known. */
  readonly expected: readonly string[];
}

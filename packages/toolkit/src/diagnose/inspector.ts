import type { NetworkSnapshot } from "./network/network-snapshot.ts";
import type { RoleSnapshot } from "./iam/role-snapshot.ts";
import type {
  AlarmSnapshot,
  CertificateSnapshot,
  DatabaseSnapshot,
  LoadBalancerSnapshot,
  ListenerSnapshot,
  RuleSnapshot,
  SecretSnapshot,
  ServiceSnapshot,
  StoppedTask,
  TargetGroupSnapshot,
  TargetSnapshot,
  TaskDefinitionSnapshot,
} from "./snapshot.ts";

/**
 * What a diagnosis reads of AWS, beside stacks. Nothing here changes anything. Null, and what a map lacks, is what is
 * not there; everything else that goes wrong is thrown as a coded error.
 */
export interface Inspector {
  region(name: string): RegionInspector;
  /** Roles of the account by ARN, of those that are asked for. */
  roles(arns: readonly string[]): Promise<ReadonlyMap<string, RoleSnapshot>>;
  /** The records of a hosted zone that say where names lead. */
  records(zone: string): Promise<readonly DnsRecord[]>;
}

export interface DnsRecord {
  /** Lower case, without the last dot; * is a wildcard. */
  readonly name: string;
  readonly type: string;
  /** Names and addresses; of an alias, its one target. Without the last dot. */
  readonly values: readonly string[];
}

export type ServiceFacts = Omit<ServiceSnapshot, "tenant" | "isThere" | "stoppedTasks" | "logLines">;

export interface RegionInspector {
  readonly services: ServiceInspector;
  readonly entrances: EntranceInspector;
  /** The networks that the subnets are in; null for no subnets. */
  network(subnets: readonly string[]): Promise<NetworkSnapshot | null>;
  secret(id: string): Promise<SecretSnapshot | null>;
  /** The tags of an image in ECR: null where there is none of the version, or no repository. */
  image(repository: string, version: string): Promise<readonly string[] | null>;
  hasLogGroup(name: string): Promise<boolean>;
  /** The last lines of a stream; none where it does not exist. */
  logTail(group: string, stream: string, linesMax: number): Promise<readonly string[]>;
  /** Lines since a time that look like errors, newest last. */
  errorLines(group: string, sinceMs: number, linesMax: number): Promise<readonly string[]>;
  database(kind: DatabaseSnapshot["kind"], id: string): Promise<DatabaseSnapshot | null>;
  certificate(arn: string): Promise<CertificateSnapshot | null>;
  /** Alarms that ring, of names that begin so. */
  alarms(prefix: string): Promise<readonly Omit<AlarmSnapshot, "tenant" | "logicalId">[]>;
}

export interface ServiceInspector {
  /** Services of a cluster by ARN. */
  describe(cluster: string, arns: readonly string[]): Promise<ReadonlyMap<string, ServiceFacts>>;
  /** Tasks that stopped lately, without their logs. */
  stopped(cluster: string, service: string): Promise<readonly Omit<StoppedTask, "logLines">[]>;
  taskDefinition(arn: string): Promise<TaskDefinitionSnapshot | null>;
}

export interface EntranceInspector {
  loadBalancer(arn: string): Promise<Omit<LoadBalancerSnapshot, "listeners"> | null>;
  listeners(loadBalancer: string): Promise<readonly Omit<ListenerSnapshot, "rules">[]>;
  rules(listener: string): Promise<readonly RuleSnapshot[]>;
  targetGroup(arn: string): Promise<Omit<TargetGroupSnapshot, "targets"> | null>;
  targets(targetGroup: string): Promise<readonly TargetSnapshot[]>;
}

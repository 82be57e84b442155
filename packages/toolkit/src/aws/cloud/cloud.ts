/**
 * What deployments need of AWS, as plain data: one port for each service. Everything that may be asked twice is
 * safe to ask twice, because any answer can get lost on its way.
 */
export interface Cloud {
  /** Who the credentials belong to. */
  identify(): Promise<CloudIdentity>;
  /** The id of the public hosted zone of exactly this domain; null where the account has none. */
  hostedZoneId(domain: string): Promise<string | null>;
  region(name: string): CloudRegion;
}

export interface CloudIdentity {
  /** AWS account id. */
  readonly account: string;
  readonly arn: string;
}

export interface CloudRegion {
  readonly name: string;
  readonly stacks: StackService;
  readonly parameters: ParameterService;
  readonly buckets: BucketService;
  readonly quotas: QuotaService;
}

export interface StackService {
  /** A stack by its name, or by its id, which also finds a deleted one. */
  describe(nameOrId: string): Promise<DeployedStack | null>;
  /** All stacks of the region that are not deleted. */
  list(): Promise<readonly DeployedStack[]>;
  /** The template as it was submitted. */
  template(nameOrId: string): Promise<string>;
  resources(nameOrId: string): Promise<readonly DeployedResource[]>;
  /** Newest first, up to the first for which `isKnown` holds. */
  events(nameOrId: string, isKnown: (event: StackEvent) => boolean): Promise<readonly StackEvent[]>;
  createChangeSet(request: ChangeSetRequest): Promise<"created" | "exists">;
  describeChangeSet(stack: string, name: string): Promise<ChangeSetView | null>;
  /** "refused" where the change set is not there any more, or not in a state to be executed. */
  executeChangeSet(stack: string, name: string): Promise<"started" | "refused">;
  deleteChangeSet(stack: string, name: string): Promise<void>;
  /** Names of the change sets of a stack. */
  changeSets(stack: string): Promise<readonly string[]>;
  delete(nameOrId: string): Promise<void>;
  setTerminationProtection(name: string, isProtected: boolean): Promise<void>;
}

export interface DeployedStack {
  readonly id: string;
  readonly name: string;
  /** Such as CREATE_COMPLETE. */
  readonly status: string;
  readonly statusReason: string | null;
  readonly tags: Readonly<Record<string, string>>;
  /** Values as they were given; of an SSM type, that is a name in Parameter Store. */
  readonly parameters: Readonly<Record<string, DeployedParameter>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly terminationProtection: boolean;
  /** Changes whenever the stack does: the time of its last update, or of its creation. */
  readonly revision: string;
}

export interface DeployedParameter {
  readonly value: string;
  /** What a parameter of an SSM type stood for; null for other types. */
  readonly resolved: string | null;
}

export interface DeployedResource {
  readonly logicalId: string;
  /** Null before it is made. */
  readonly physicalId: string | null;
  readonly type: string;
  readonly status: string;
}

export interface StackEvent {
  readonly id: string;
  readonly atMs: number;
  readonly logicalId: string;
  readonly physicalId: string | null;
  readonly type: string;
  /** Such as CREATE_IN_PROGRESS. */
  readonly status: string;
  readonly reason: string | null;
}

export interface ChangeSetRequest {
  readonly stack: string;
  readonly name: string;
  readonly kind: "CREATE" | "UPDATE";
  readonly template: TemplateSource;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
}

export type TemplateSource =
  | { readonly kind: "body"; readonly body: string }
  | { readonly kind: "url"; readonly url: string };

export interface ChangeSetView {
  /** Such as CREATE_COMPLETE or FAILED. */
  readonly status: string;
  readonly statusReason: string | null;
  /** Such as AVAILABLE, OBSOLETE, EXECUTE_IN_PROGRESS. */
  readonly executionStatus: string;
  readonly changes: readonly ChangeSetChange[];
}

export interface ChangeSetChange {
  readonly action: string;
  readonly logicalId: string;
  readonly type: string;
  /** Null where CloudFormation does not say. */
  readonly replacement: "True" | "False" | "Conditional" | null;
}

export interface ParameterService {
  /** The values of the names that exist. */
  values(names: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** "exists" where there is one already, which is left alone. */
  create(name: string, value: string, description: string): Promise<"created" | "exists">;
  overwrite(name: string, value: string): Promise<void>;
  delete(name: string): Promise<void>;
}

export interface BucketService {
  /** Whether there is a bucket of this name, in whosever account. */
  isTaken(bucket: string): Promise<boolean>;
  put(bucket: string, key: string, body: string): Promise<void>;
  /** Deletes every object, with all its versions. */
  empty(bucket: string): Promise<void>;
}

export interface QuotaService {
  /** What the account has of a quota in the region, by the codes of its service and its own; null where Service Quotas lists none. */
  value(service: string, code: string): Promise<number | null>;
}

import { globalServices } from "./action-scope.ts";

/** As much of a template as says what a deployment of it needs. */
export interface DeployedTemplate {
  readonly Resources: Readonly<
    Record<
      string,
      { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> | undefined }
    >
  >;
}

/** Where and as what a deployment acts. ARNs may hold tokens of CDK. */
export interface DeploymentScope {
  readonly platform: string;
  readonly environment: string;
  /** AWS partition, such as "aws". */
  readonly partition: string;
  /** AWS account id. */
  readonly account: string;
  /** AWS regions in which there are stacks. */
  readonly regions: readonly string[];
  /** Pattern of the ARNs of permissions boundaries; null where roles have none. */
  readonly boundary: string | null;
}

/** Names that templates give, as patterns of the resource part of an ARN, by service. */
export type TemplateNames = Readonly<Record<string, readonly string[]>>;

/** Types whose templates name the thing: service of the ARN, property with the name, the ARN's resource part around it. */
const namedTypes: Readonly<Record<string, readonly [string, string, (name: string) => string]>> = {
  "AWS::Backup::BackupVault": ["backup", "BackupVaultName", (name) => `backup-vault:${name}`],
  "AWS::CloudTrail::Trail": ["cloudtrail", "TrailName", (name) => `trail/${name}`],
  "AWS::CloudWatch::Alarm": ["cloudwatch", "AlarmName", (name) => `alarm:${name}`],
  "AWS::CloudWatch::CompositeAlarm": ["cloudwatch", "AlarmName", (name) => `alarm:${name}`],
  "AWS::CloudWatch::Dashboard": ["cloudwatch", "DashboardName", (name) => `dashboard/${name}`],
  "AWS::DocDB::DBCluster": ["rds", "DBClusterIdentifier", (name) => `cluster:${name}`],
  "AWS::DocDB::DBInstance": ["rds", "DBInstanceIdentifier", (name) => `db:${name}`],
  "AWS::DocDB::GlobalCluster": ["rds", "GlobalClusterIdentifier", (name) => `global-cluster:${name}`],
  "AWS::ECR::Repository": ["ecr", "RepositoryName", (name) => `repository/${name}`],
  "AWS::ECS::Cluster": ["ecs", "ClusterName", (name) => `cluster/${name}`],
  "AWS::ECS::TaskDefinition": ["ecs", "Family", (name) => `task-definition/${name}:*`],
  "AWS::Events::Rule": ["events", "Name", (name) => `rule/${name}`],
  "AWS::IAM::ManagedPolicy": ["iam", "ManagedPolicyName", (name) => `policy/${name}`],
  "AWS::IAM::Role": ["iam", "RoleName", (name) => `role/${name}`],
  "AWS::Lambda::Function": ["lambda", "FunctionName", (name) => `function:${name}`],
  "AWS::Logs::LogGroup": ["logs", "LogGroupName", (name) => `log-group:${name}`],
  "AWS::RDS::DBCluster": ["rds", "DBClusterIdentifier", (name) => `cluster:${name}`],
  "AWS::RDS::DBInstance": ["rds", "DBInstanceIdentifier", (name) => `db:${name}`],
  "AWS::RDS::GlobalCluster": ["rds", "GlobalClusterIdentifier", (name) => `global-cluster:${name}`],
  "AWS::S3::Bucket": ["s3", "BucketName", (name) => name],
  "AWS::SNS::Topic": ["sns", "TopicName", (name) => name],
  "AWS::SQS::Queue": ["sqs", "QueueName", (name) => name],
  "AWS::SecretsManager::Secret": ["secretsmanager", "Name", (name) => `secret:${name}-??????`],
  "AWS::StepFunctions::StateMachine": ["states", "StateMachineName", (name) => `stateMachine:${name}`],
};

export function namesInTemplates(templates: readonly DeployedTemplate[]): TemplateNames {
  const found: Record<string, Set<string>> = {};
  for (const { Resources } of templates) {
    for (const [id, { Type, Properties }] of Object.entries(Resources)) {
      const named = namedTypes[Type];
      if (named === undefined) continue;
      const [service, property, toResource] = named;
      const name = patternOf(Properties?.[property]);
      const resources = (found[service] ??= new Set());
      if (name !== null) resources.add(toResource(name));
      // CloudFormation calls a secret by its logical id where the template has no name for it, and not by the stack.
      else if (service === "secretsmanager") resources.add(toResource(`${id}-*`));
    }
  }
  return Object.fromEntries(Object.entries(found).map(([service, names]) => [service, [...names].sort()]));
}

/** A name of a template with * for everything that is known in AWS only; null where too little of it is fixed to tell whose it is. */
function patternOf(value: unknown): string | null {
  const text = textOf(value).replaceAll(/\*+/g, "*");
  return text.replaceAll("*", "").length >= 3 ? text : null;
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === null || typeof value !== "object") return "";
  const [key, inner] = Object.entries(value)[0] ?? [];
  if (key === "Fn::Join" && Array.isArray(inner)) {
    const [separator, parts] = inner as [string, readonly unknown[]];
    return parts.map(textOf).join(separator);
  }
  if (key === "Fn::Sub") {
    const text = typeof inner === "string" ? inner : textOf((inner as readonly unknown[])[0]);
    return text.replaceAll(/\$\{[^}]*\}/g, "*");
  }
  return "*";
}

/** How much of a stack's name CloudFormation surely keeps in a name that it makes and must cut. */
const keptOfStackName = 24;

/** The resources of a service on which a deployment may act. */
export function resourcesOfService(
  service: string,
  scope: DeploymentScope,
  names: TemplateNames,
): readonly string[] {
  const { account, partition, platform, environment } = scope;
  const region = globalServices.has(service) ? "" : "*";
  const arn = (resource: string) =>
    service === "s3"
      ? `arn:${partition}:s3:::${resource}`
      : `arn:${partition}:${service}:${region}:${account}:${resource}`;
  const prefix = `${platform}-${environment}-`;
  const made = prefix.length <= keptOfStackName ? `${prefix}*` : `${prefix.slice(0, keptOfStackName)}*`;
  const own = ownResources(service, { prefix, made, parameters: `${platform}/${environment}` });
  const all = [...new Set([...own, ...(names[service] ?? [])])];
  return [
    ...all.filter((one) => !all.some((other) => other !== one && covers(other, one))).map(arn),
    // Route 53's ids belong to no account, and global clusters and replication groups to no region.
    ...(service === "route53" ? [`arn:${partition}:route53:::*`] : []),
    ...(service === "rds" ? [`arn:${partition}:rds::${account}:global-cluster:*`] : []),
    ...(service === "elasticache"
      ? [`arn:${partition}:elasticache::${account}:globalreplicationgroup:*`]
      : []),
  ];
}

interface OwnNames {
  readonly prefix: string;
  /** What begins a name that CloudFormation makes. */
  readonly made: string;
  readonly parameters: string;
}

/**
 * Patterns of the platform's own names. A service that is not here gives its things random ids, so what is left is the account (and the
 * regions, by a condition).
 */
function ownResources(service: string, { prefix, made, parameters }: OwnNames): readonly string[] {
  switch (service) {
    case "cloudtrail":
      return [`trail/${made}`];
    case "cloudwatch":
      return [`alarm:${made}`, "alarm-mute-rule:*", `dashboard/${prefix}*`];
    case "ecs":
      return ["cluster", "service", "task-definition", "service-deployment", "capacity-provider"].map(
        (kind) => `${kind}/${made}`,
      );
    case "events":
      return [`rule/${made}`, `event-bus/default`];
    case "iam":
      return [`role/${made}`, `policy/${made}`, `instance-profile/${made}`];
    case "lambda":
      return [`function:${made}`, "event-source-mapping:*"];
    case "logs":
      return [
        `log-group:${made}`,
        `delivery:*`,
        `delivery-source:${prefix}*`,
        `delivery-destination:${prefix}*`,
      ];
    case "rds":
      return [
        ...["cluster", "cluster-pg", "cluster-snapshot", "db", "es", "pg", "snapshot", "subgrp"].map(
          (kind) => `${kind}:${made}`,
        ),
        // The families' own parameter and option groups, and what a proxy has: random ids.
        "cluster-pg:default*",
        "og:default*",
        "pg:default*",
        "proxy:*",
        "target-group:*",
        "auto-backup:*",
        "cluster-auto-backup:*",
      ];
    case "s3":
    case "sns":
    case "sqs":
      return [made];
    case "scheduler":
      return [`schedule/*/${made}`, `schedule-group/${made}`];
    case "secretsmanager":
      // Databases keep the password of their owner in secrets that RDS names.
      return [`secret:rds!*`];
    case "ssm":
      return [`parameter/${parameters}/*`, `document/${made}`];
    case "states":
      return [`stateMachine:${made}`];
    case "synthetics":
      return ["canary:*"];
    default:
      return ["*"];
  }
}

/** Whether a pattern with one * at its end takes in another. */
function covers(pattern: string, other: string): boolean {
  return (
    pattern.endsWith("*") && !pattern.slice(0, -1).includes("*") && other.startsWith(pattern.slice(0, -1))
  );
}

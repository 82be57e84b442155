/**
 * Actions that reach what services hold, or change who may. A policy's own words count as well, so this only has to be what
 * a wildcard may stand for. https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html
 */
const known: Readonly<Record<string, string>> = {
  s3: "GetObject GetObjectVersion GetObjectAcl GetObjectTagging PutObject PutObjectAcl PutObjectTagging DeleteObject DeleteObjectVersion RestoreObject ReplicateObject AbortMultipartUpload ListMultipartUploadParts ListBucket ListBucketVersions ListBucketMultipartUploads GetBucketPolicy PutBucketPolicy DeleteBucketPolicy PutBucketAcl DeleteBucket PutReplicationConfiguration PutLifecycleConfiguration PutBucketNotification PutInventoryConfiguration",
  secretsmanager:
    "GetSecretValue BatchGetSecretValue DescribeSecret PutSecretValue UpdateSecret UpdateSecretVersionStage DeleteSecret RotateSecret PutResourcePolicy DeleteResourcePolicy ReplicateSecretToRegions TagResource",
  kms: "Decrypt Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext ReEncryptFrom ReEncryptTo CreateGrant RetireGrant RevokeGrant ListGrants DescribeKey PutKeyPolicy DisableKey ScheduleKeyDeletion Sign Verify GenerateMac",
  logs: "GetLogEvents FilterLogEvents StartQuery GetQueryResults GetLogRecord CreateLogStream CreateLogGroup PutLogEvents PutSubscriptionFilter CreateExportTask DeleteLogGroup DeleteLogStream DescribeLogStreams PutRetentionPolicy Unmask",
  dynamodb:
    "GetItem BatchGetItem Query Scan PutItem UpdateItem DeleteItem BatchWriteItem PartiQLSelect PartiQLInsert PartiQLUpdate PartiQLDelete ConditionCheckItem DeleteTable UpdateTable ExportTableToPointInTime GetRecords PutResourcePolicy",
  sqs: "SendMessage ReceiveMessage DeleteMessage PurgeQueue ChangeMessageVisibility GetQueueAttributes SetQueueAttributes AddPermission DeleteQueue",
  sns: "Publish Subscribe SetTopicAttributes AddPermission DeleteTopic GetTopicAttributes",
  ssm: "GetParameter GetParameters GetParametersByPath GetParameterHistory PutParameter DeleteParameter SendCommand StartSession",
  iam: "PassRole CreateRole DeleteRole UpdateAssumeRolePolicy PutRolePolicy DeleteRolePolicy AttachRolePolicy DetachRolePolicy PutRolePermissionsBoundary DeleteRolePermissionsBoundary CreatePolicy CreatePolicyVersion SetDefaultPolicyVersion DeletePolicy CreateUser CreateAccessKey PutUserPolicy AttachUserPolicy CreateLoginProfile UpdateLoginProfile AddUserToGroup PutGroupPolicy AttachGroupPolicy AddRoleToInstanceProfile CreateInstanceProfile CreateOpenIDConnectProvider CreateSAMLProvider CreateServiceLinkedRole TagRole UntagRole UpdateRole GetRole ListRolePolicies",
  sts: "AssumeRole AssumeRoleWithWebIdentity AssumeRoleWithSAML TagSession SetSourceIdentity GetFederationToken",
  "rds-db": "connect",
  rds: "DescribeDBClusters CreateDBClusterSnapshot CopyDBClusterSnapshot ModifyDBClusterSnapshotAttribute RestoreDBClusterFromSnapshot RestoreDBClusterToPointInTime CreateDBSnapshot ModifyDBCluster ModifyDBInstance DeleteDBCluster DeleteDBInstance DownloadDBLogFilePortion StartExportTask FailoverDBCluster AddRoleToDBCluster AddTagsToResource",
  ecs: "UpdateService DeleteService DescribeServices RunTask StartTask StopTask DescribeTasks ExecuteCommand RegisterTaskDefinition DeregisterTaskDefinition DeleteTaskDefinitions DescribeTaskDefinition TagResource",
  lambda:
    "InvokeFunction GetFunction UpdateFunctionCode UpdateFunctionConfiguration AddPermission DeleteFunction CreateEventSourceMapping",
  elasticloadbalancing:
    "RegisterTargets DeregisterTargets ModifyRule ModifyListener ModifyTargetGroup DeleteTargetGroup DeleteRule CreateRule SetRulePriorities AddTags",
  ecr: "GetAuthorizationToken BatchCheckLayerAvailability BatchGetImage GetDownloadUrlForLayer PutImage InitiateLayerUpload UploadLayerPart CompleteLayerUpload BatchDeleteImage SetRepositoryPolicy DeleteRepository",
  elasticache:
    "Connect DescribeReplicationGroups ModifyReplicationGroup DeleteReplicationGroup CreateSnapshot",
  es: "ESHttpGet ESHttpPost ESHttpPut ESHttpDelete ESHttpHead UpdateDomainConfig DeleteDomain",
  backup:
    "StartRestoreJob StartBackupJob StartCopyJob CopyFromBackupVault DeleteRecoveryPoint PutBackupVaultAccessPolicy DeleteBackupVault DescribeRecoveryPoint",
  cloudwatch: "PutMetricAlarm DeleteAlarms DisableAlarmActions SetAlarmState PutMetricData GetMetricData",
  ec2: "AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress RevokeSecurityGroupIngress ModifySecurityGroupRules DeleteSecurityGroup CreateNetworkInterface ModifyNetworkInterfaceAttribute RunInstances CreateTags",
  wafv2: "UpdateWebACL DeleteWebACL AssociateWebACL",
  acm: "DeleteCertificate ExportCertificate UpdateCertificateOptions",
  cloudformation: "CreateStack UpdateStack DeleteStack CreateChangeSet ExecuteChangeSet SetStackPolicy",
  organizations: "LeaveOrganization DetachPolicy DeletePolicy UpdatePolicy",
  events: "PutRule PutTargets PutEvents PutPermission DeleteRule",
  states: "StartExecution UpdateStateMachine",
};

const byService: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(known).map(([service, names]) => [
    service,
    names.split(" ").map((name) => `${service}:${name}`),
  ]),
);

export const knownActions = (service: string): readonly string[] => byService.get(service) ?? [];

/** Actions that are about nothing that has an ARN, so that they are allowed for `*` and reach no resource. */
const withoutResource = new Set(
  [
    "xray:GetSamplingRules",
    "xray:GetSamplingStatisticSummaries",
    "xray:GetSamplingTargets",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
    "cloudwatch:GetMetricData",
    "cloudwatch:PutMetricData",
    "ecr:GetAuthorizationToken",
  ].map((action) => action.toLowerCase()),
);

const hasResource = (action: string): boolean => !withoutResource.has(action.toLowerCase());

/**
 * Whether an action may name the resource. Of most services any action is taken to name anything; in S3, where every
 * bucket is asked about twice, those of objects name objects only.
 */
export function mayName(action: string, resource: string): boolean {
  if (!hasResource(action)) return false;
  const [service = "", name = ""] = action.toLowerCase().split(":");
  if (service !== "s3" || resource === "*") return true;
  const isOfObjects = /object(?!lock|ownership)|multipartuploadparts|abortmultipart/u.test(name);
  return name === "anything" || isOfObjects === resource.includes("/");
}

/** Services whose actions may name what has that ARN. */
export function servicesOf(arn: string): readonly string[] {
  const service = arn.split(":")[2] ?? "";
  return service === "iam" ? ["iam", "sts"] : [service];
}

import { ecrImage, secretOf } from "../references.ts";
import { type RegionSnapshot, type TaskDefinitionSnapshot, valueOf } from "../snapshot.ts";
import type { AccessRequest } from "./evaluate-policies.ts";

/** What ECS does in the name of an execution role to start a task (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html). */
export interface RoleNeed extends AccessRequest {
  /** What does not work without it: "pull shop/web:1.2.0". */
  readonly purpose: string;
}

export function executionNeeds(
  definition: TaskDefinitionSnapshot,
  region: RegionSnapshot,
  account: string,
): readonly RoleNeed[] {
  const context = contextOf(region.region, account);
  const needs = definition.containers.flatMap(({ image, secrets, logGroup }) => [
    ...imageNeeds(image, context),
    ...(logGroup === null ? [] : logNeeds(logGroup, region.region, account)),
    ...secrets.flatMap(({ from }) => secretNeeds(from, region, account)),
  ]);
  return [...new Map(needs.map((need) => [`${need.action} ${need.resource}`, need])).values()];
}

/** Values that conditions of a platform's policies ask for. */
function contextOf(region: string, account: string): Readonly<Record<string, string>> {
  return { "aws:sourceaccount": account, "aws:requestedregion": region, "aws:securetransport": "true" };
}

/** Of the call by which ECS takes a role for a task of a cluster. */
export function trustContext(region: string, account: string): Readonly<Record<string, string>> {
  return { ...contextOf(region, account), "aws:sourcearn": `arn:aws:ecs:${region}:${account}:*` };
}

function imageNeeds(image: string, context: AccessRequest["context"]): readonly RoleNeed[] {
  const ecr = ecrImage(image);
  if (ecr === null) return [];
  const { region, account, repository } = ecr;
  const purpose = `pull ${repository}`;
  const resource = `arn:aws:ecr:${region}:${account}:repository/${repository}`;
  return [
    { purpose, action: "ecr:GetAuthorizationToken", resource: "*", context },
    { purpose, action: "ecr:BatchGetImage", resource, context },
    { purpose, action: "ecr:GetDownloadUrlForLayer", resource, context },
  ];
}

function logNeeds(group: string, region: string, account: string): readonly RoleNeed[] {
  const context = contextOf(region, account);
  const resource = `arn:aws:logs:${region}:${account}:log-group:${group}:log-stream:any`;
  const purpose = `write to the log ${group}`;
  return ["logs:CreateLogStream", "logs:PutLogEvents"].map((action) => ({
    purpose,
    action,
    resource,
    context,
  }));
}

function secretNeeds(from: string, region: RegionSnapshot, account: string): readonly RoleNeed[] {
  const context = contextOf(region.region, account);
  const arn = secretOf(from);
  if (arn === null) {
    const name = from.startsWith("arn:")
      ? from
      : `arn:aws:ssm:${region.region}:${account}:parameter/${from.replace(/^\//, "")}`;
    return [{ purpose: `read the parameter ${from}`, action: "ssm:GetParameters", resource: name, context }];
  }
  const secret = valueOf(region.secrets, arn);
  const purpose = `read the secret ${secret?.name ?? arn}`;
  const need = { purpose, action: "secretsmanager:GetSecretValue", resource: arn, context };
  const key = secret?.kmsKey ?? null;
  // AWS's own key asks nothing of the role, and of an alias nobody can say which key it is.
  if (key === null || !key.startsWith("arn:") || key.includes(":alias/")) return [need];
  const viaSecrets = {
    ...context,
    "kms:viaservice": `secretsmanager.${region.region}.amazonaws.com`,
    "kms:encryptioncontext:secretarn": arn,
  };
  return [need, { purpose, action: "kms:Decrypt", resource: key, context: viaSecrets }];
}

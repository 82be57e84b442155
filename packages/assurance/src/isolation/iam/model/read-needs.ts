import type { Data, Resource } from "../../../artifacts/shipment.ts";
import { isObject } from "../policy/policy-data.ts";
import type { Need } from "./iam-model.ts";
import { textOf } from "./policy-documents.ts";

/** Seven parts between colons, other than those within marks. */
const secretArn = /^(?:(?:⟨[^⟩]*⟩|[^:⟨])*:){6}(?:⟨[^⟩]*⟩|[^:⟨])*/u;

/** What a task does before its containers run: ECS reads their secrets and opens their logs as the execution role. */
export function readNeeds({ key, type, properties, stack }: Resource, account: string): readonly Need[] {
  const roleArn = textOf(properties, "ExecutionRoleArn");
  if (type !== "AWS::ECS::TaskDefinition" || roleArn === null) return [];
  const need = (action: string, resource: string): Need => ({ key, roleArn, action, resource });
  return listOf(properties["ContainerDefinitions"]).flatMap((container) => {
    if (!isObject(container)) return [];
    const secrets = listOf(container["Secrets"]).flatMap((secret) => {
      const from = textOf(secret, "ValueFrom");
      if (from?.includes(":secretsmanager:") !== true) return [];
      // Behind the seventh part stands which value of the secret is taken.
      return [need("secretsmanager:GetSecretValue", secretArn.exec(from)?.[0] ?? from)];
    });
    const log = container["LogConfiguration"];
    const group = textOf(isObject(log) ? log["Options"] : undefined, "awslogs-group");
    if (group === null || textOf(log, "LogDriver") !== "awslogs") return secrets;
    const stream = `arn:aws:logs:${stack.region}:${account}:log-group:${group}:log-stream:x`;
    return [...secrets, need("logs:CreateLogStream", stream), need("logs:PutLogEvents", stream)];
  });
}

export function readTaskRoles({ type, properties }: Resource): readonly string[] {
  if (type !== "AWS::ECS::TaskDefinition") return [];
  const roles = [textOf(properties, "TaskRoleArn"), textOf(properties, "ExecutionRoleArn")];
  return roles.filter((role) => role !== null);
}

function listOf(value: Data | undefined): readonly Data[] {
  return Array.isArray(value) ? (value as readonly Data[]) : [];
}

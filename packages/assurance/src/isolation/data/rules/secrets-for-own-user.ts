import type { Resource } from "../../../artifacts/shipment.ts";
import { textAt } from "../../../posture/read-value.ts";
import { type Finding, refuted } from "../../../rule.ts";
import { holdsTenant, parseObject } from "../../names/read-names.ts";
import type { TierData } from "../data-model.ts";
import { tenantsRule } from "../data-rule.ts";

export const secretsForOwnUser = tenantsRule({
  id: "data/secrets-for-own-user",
  why: "a secret of a tenant that opens the database as another user opens what that user may",
  fix: "let the secret name the tenant's own user, and attach it to the tenant's own database",
  judge: ({ tiers }) => tiers.flatMap((tier) => tier.resources.flatMap((one) => judgeResource(one, tier))),
});

function judgeResource(resource: Resource, tier: TierData): readonly Finding[] {
  const { type, key, properties } = resource;
  if (type === "AWS::SecretsManager::SecretTargetAttachment")
    return ["SecretId", "TargetId"].flatMap((field) => mustBeOwn(resource, field, tier));
  if (type === "AWS::SecretsManager::RotationSchedule") return mustBeOwn(resource, "SecretId", tier);
  if (type !== "AWS::SecretsManager::Secret") return [];
  const fields = parseObject(textAt(properties, "GenerateSecretString", "SecretStringTemplate"));
  const host = textAt(fields, "host");
  const username = textAt(fields, "username");
  const isOwnHost = host !== undefined && tier.find(host).some(({ stack }) => stack.id === tier.stack.id);
  // Of a database of its own every user is the tenant's.
  if (host === undefined || username === undefined || isOwnHost || holdsTenant(username, "a")) return [];
  return [
    refuted(key, `it opens ${host}, which tenants share, as ${username}, which is not the tenant's user`),
  ];
}

function mustBeOwn({ key, properties }: Resource, field: string, tier: TierData): readonly Finding[] {
  const text = textAt(properties, field) ?? "";
  const found = tier.find(text);
  if (found.length > 0 && found.every(({ stack }) => stack.id === tier.stack.id)) return [];
  return [refuted(key, `${field} is ${text}, which is not in the tenant's stack`)];
}

import type { Resource } from "../../artifacts/shipment.ts";
import { type Finding, notApplicable, refuted } from "../../rule.ts";
import { postureRule } from "../posture-rule.ts";
import type { Posture } from "../read-posture.ts";
import { numberAt, textAt, valueAt } from "../read-value.ts";

export const secretsRotate = postureRule({
  name: "secrets-rotate",
  why: "A password that is never changed works for whoever saw it once, however long ago.",
  fix: "Ship a rotation for each user of a database, as often as credentials.rotationDays says.",
  things: "users of databases",
  find: ({ ofType }) =>
    ofType("AWS::SecretsManager::Secret").filter(({ properties }) =>
      /username/.test(textAt(properties, "GenerateSecretString", "SecretStringTemplate") ?? ""),
    ),
  judge: (secret, posture) => judgeSecret(secret, posture),
});

function judgeSecret(
  { key, physicalId, stack }: Resource,
  { ofType, definition }: Posture,
): readonly Finding[] {
  const asked = Object.values(definition.stores).flatMap((store) =>
    "credentials" in store ? [store.credentials.rotationDays] : [],
  );
  const days = asked.filter((value) => value !== null);
  if (days.length === 0) return [notApplicable(key, "the definition sets credentials.rotationDays to null")];
  // A replica in the recovery region has no users of its own.
  if (stack.role === "recovery") return [notApplicable(key, "the primary region changes it")];
  const schedules = ofType("AWS::SecretsManager::RotationSchedule").filter(
    ({ properties }) => textAt(properties, "SecretId") === physicalId,
  );
  if (schedules.length === 0) return [refuted(key, "no rotation of it is shipped")];
  const latest = Math.max(...days);
  return schedules.flatMap(({ key: schedule, properties }) => {
    const every = numberAt(properties, "RotationRules", "AutomaticallyAfterDays");
    const isScheduled = valueAt(properties, "RotationRules", "ScheduleExpression") !== undefined;
    if (every === undefined && isScheduled) return [];
    return every === undefined || every > latest
      ? [refuted(schedule, `it is changed every ${every ?? "?"} days, and the definition says ${latest}`)]
      : [];
  });
}

import { marksIn, resourceMark, unknownIn } from "../../../artifacts/mark.ts";
import type { Resource } from "../../../artifacts/shipment.ts";
import { type Finding, refuted, unknown } from "../../../rule.ts";
import { canMeet } from "../../words/can-meet.ts";
import { parsePattern, patternText } from "../../words/pattern.ts";
import type { DataModel, TierData } from "../data-model.ts";
import { tenantsRule } from "../data-rule.ts";
import { type GivenText, namesIn } from "../store-references.ts";

export const tasksNameOwnStores = tenantsRule({
  id: "data/tasks-name-own-stores",
  why: "a service that is told another tenant's bucket, secret or database reads and writes there as soon as it may",
  fix: "take the value from the tenant's own resource, by Ref or Fn::GetAtt, and not from a text that is put together",
  judge: (model) =>
    model.tiers.flatMap((tier) => tier.texts.flatMap((given) => judgeText(given, tier, model))),
});

function judgeText(given: GivenText, tier: TierData, model: DataModel): readonly Finding[] {
  const { task, name, text } = given;
  const subject = `${task.key} (${name})`;
  const why = unknownIn(text);
  if (why !== undefined) return [unknown(subject, `what it is given: ${why}`)];
  if (/^TENANT(_ID)?$/u.test(name) && text !== tier.stack.tenant)
    return [refuted(subject, `every tenant is told that it is ${JSON.stringify(text)}`)];
  const others = model.tiers.flatMap(({ othersStores }) => othersStores);
  return namesIn(text)
    .filter((word) => !isIdAlone(word) && tier.find(word).length === 0)
    .flatMap((word) => others.flatMap((store) => judgeName(word, store, subject, model)));
}

/** An id by itself says who somebody is, not where something is. */
const isIdAlone = (word: string): boolean => /^⟨(tenant|username):a⟩$/u.test(word);

/** What is a resource of the tenant's own or one that all share is no other's: their names are apart (names/tenants-apart). */
function judgeName(word: string, store: Resource, subject: string, model: DataModel): readonly Finding[] {
  const { tenantIdLengthMax: lengthMax } = model.shipment.definition;
  const pattern = parsePattern(word, { wildcards: false });
  const secretMark = store.type === "AWS::SecretsManager::Secret" ? marksIn(resourceMark(store.key)) : [];
  const markLength = (content: string): number | undefined => (secretMark.includes(content) ? 6 : undefined);
  for (const name of namesOf(store)) {
    const meeting = canMeet(pattern, parsePattern(name, { wildcards: false }), { lengthMax, markLength });
    if (meeting.kind === "unknown") return [unknown(subject, `whether it is ${store.key}: ${meeting.why}`)];
    if (meeting.kind === "meet")
      return [
        refuted(
          subject,
          `${patternText(pattern)} of the tenant "${meeting.a}" is ${store.key} of the tenant "${meeting.b}" (${meeting.text})`,
        ),
      ];
  }
  return [];
}

/** The names and ARNs of a store. One that is an id alone would be found in every word. */
function namesOf({ physicalId, arn, properties, type }: Resource): readonly string[] {
  const name = type === "AWS::SecretsManager::Secret" ? properties["Name"] : undefined;
  return [physicalId, arn ?? "", typeof name === "string" ? name : ""].filter(
    (text) => text.replaceAll(/⟨[^⟩]*⟩/gu, "") !== "" && text.includes("⟨tenant:"),
  );
}

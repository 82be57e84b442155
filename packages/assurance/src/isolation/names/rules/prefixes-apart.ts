import { marksIn, resourceMark } from "../../../artifacts/mark.ts";
import { type Finding, refuted, unknown } from "../../../rule.ts";
import type { KeySpace } from "../key-spaces.ts";
import type { NamesModel, TextOptions, TierNames } from "../names-model.ts";
import { tenantsRule } from "../names-rule.ts";
import { holdsTenant, shownName } from "../read-names.ts";

export const prefixesApart = tenantsRule({
  id: "names/prefixes-apart",
  why: 'what a tenant may read by a prefix is another\'s as well where the prefix is not closed: "acme" begins "acme-corp"',
  fix: "end the prefix behind the id with a character that no id has, such as / or :",
  judge: (model) =>
    model.tiers.flatMap((one) => model.tiers.flatMap((other) => judgePair(one, other, model))),
});

interface Target {
  readonly what: string;
  readonly text: string;
  readonly wildcards: boolean;
  readonly subject: string;
}

function judgePair(one: TierNames, other: TierNames, model: NamesModel): readonly Finding[] {
  const targets = targetsOf(other);
  const markLength = secretMarkLength(other);
  return one.spacesOfA
    .filter((space) => isOfTenant(space, "a"))
    .flatMap((space) =>
      targets
        .filter(({ what, wildcards }) => what === space.what || !wildcards)
        .flatMap((target) => judgeTarget(space, target, model, markLength)),
    );
}

/** A pattern of a policy that names no tenant is for what tenants share; whether it may is judged with the policies. */
const isOfTenant = ({ what, pattern }: KeySpace, tenant: string): boolean =>
  what !== "resource pattern of a policy" || holdsTenant(pattern, tenant);

/** What of the other tenant may be captured: everything that has an ARN, and what it reaches by prefixes itself. */
function targetsOf({ resourcesOfB, spacesOfB }: TierNames): readonly Target[] {
  return [
    ...resourcesOfB.flatMap(({ arn, key, type }) =>
      arn === null || !holdsTenant(arn, "b")
        ? []
        : [{ what: type, text: arn, wildcards: false, subject: key }],
    ),
    ...spacesOfB
      .filter((space) => isOfTenant(space, "b"))
      .map(({ what, pattern, subject }) => ({ what, text: pattern, wildcards: true, subject })),
  ];
}

/** Behind a secret's name AWS puts six characters, always. */
function secretMarkLength({ resourcesOfB }: TierNames): NonNullable<TextOptions["markLength"]> {
  const secrets = new Set(
    resourcesOfB
      .filter(({ type }) => type === "AWS::SecretsManager::Secret")
      .flatMap(({ key }) => marksIn(resourceMark(key))),
  );
  return (content) => (secrets.has(content) ? 6 : undefined);
}

function judgeTarget(
  space: KeySpace,
  target: Target,
  model: NamesModel,
  markLength: NonNullable<TextOptions["markLength"]>,
): readonly Finding[] {
  const meeting = model.canMeet(space.pattern, target.text, {
    wildcards: [true, target.wildcards],
    markLength,
  });
  if (meeting.kind === "never") return [];
  const is = `the ${space.what} ${shownName(space.pattern)}`;
  if (meeting.kind === "unknown")
    return [unknown(space.subject, `whether ${is} reaches ${target.subject}: ${meeting.why}`)];
  return [
    refuted(
      space.subject,
      `${is} of the tenant "${meeting.a}" reaches ${shownName(target.text)} of the tenant "${meeting.b}" (${target.subject}): ${meeting.text}`,
    ),
  ];
}

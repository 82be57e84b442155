import { type Finding, refuted, unknown } from "../../../rule.ts";
import type { NamesModel } from "../names-model.ts";
import { tenantsRule } from "../names-rule.ts";
import { fullName, type GivenName, shownName } from "../read-names.ts";
import { groupNames, placeKey } from "./tenants-apart.ts";

export const apartFromShared = tenantsRule({
  id: "names/apart-from-shared",
  why: "a tenant that is called like a thing of the platform takes it over, or can never be made",
  fix: "tell names of tenants from those of the platform by a part that neither an id nor the other has",
  judge: (model) => {
    const shared = groupNames(model.shared.flatMap(({ names }) => names));
    return model.tiers.flatMap(({ a }) =>
      a.names.flatMap((name) =>
        (shared.get(placeKey(name)) ?? []).flatMap((rival) => judgePair(name, rival, model)),
      ),
    );
  },
});

function judgePair(name: GivenName, rival: GivenName, model: NamesModel): readonly Finding[] {
  const meeting = model.canMeet(fullName(name), fullName(rival));
  if (meeting.kind === "never") return [];
  const is = `the ${name.kind.what} ${shownName(name.name)}`;
  if (meeting.kind === "unknown")
    return [unknown(name.subject, `whether ${is} is ever that of ${rival.subject}: ${meeting.why}`)];
  return [
    refuted(
      name.subject,
      `${is} of the tenant "${meeting.a}" is ${rival.subject} of the platform (${meeting.text})`,
    ),
  ];
}

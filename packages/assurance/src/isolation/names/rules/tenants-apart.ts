import { type Finding, refuted, unknown } from "../../../rule.ts";
import { tenantsRule, pairsOf } from "../names-rule.ts";
import { type NamesModel, type TierNames, witnessOf } from "../names-model.ts";
import { fullName, type GivenName, holdsTenant, shownName } from "../read-names.ts";

export const tenantsApart = tenantsRule({
  id: "names/tenants-apart",
  why: "two tenants whose names are the same are given each other's bucket, secret or database, or the second cannot be made",
  fix: "end the id in the name with a character that no id has, such as / or _, or let it stand at one end only",
  judge: (model) => pairsOf(model.tiers).flatMap(([one, other]) => judgePair(one, other, model)),
});

function judgePair(one: TierNames, other: TierNames, model: NamesModel): readonly Finding[] {
  const byPlace = groupNames(other.b.names);
  return one.a.names.flatMap((name) =>
    (byPlace.get(placeKey(name)) ?? []).flatMap((rival) => {
      // What holds no tenant is another rule's finding.
      if (!holdsTenant(fullName(name), "a") && !holdsTenant(fullName(rival), "b")) return [];
      const meeting = model.canMeet(fullName(name), fullName(rival));
      if (meeting.kind === "unknown")
        return [unknown(name.subject, `whether it is ever ${shownName(rival.name)}: ${meeting.why}`)];
      const witness = witnessOf(meeting);
      if (witness === undefined) return [];
      const rivals = `${name.kind.what} ${shownName(name.name)} of the tier ${one.label} and ${shownName(rival.name)} of the tier ${other.label}`;
      return [
        refuted(name.subject, `the ${rivals} are the same for ${witness}; the other is ${rival.subject}`),
      ];
    }),
  );
}

export const placeKey = ({ kind, place }: GivenName): string => `${kind.what}\n${place}`;

export function groupNames(names: readonly GivenName[]): ReadonlyMap<string, readonly GivenName[]> {
  const groups = new Map<string, GivenName[]>();
  for (const name of names) {
    const key = placeKey(name);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [name]);
    else group.push(name);
  }
  return groups;
}

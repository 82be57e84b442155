import { type Finding, refuted, unknown } from "../../../rule.ts";
import type { NamesModel } from "../names-model.ts";
import { pairsOf, platformRule } from "../names-rule.ts";
import { fullName, type GivenName, shownName } from "../read-names.ts";
import { groupNames, placeKey } from "./tenants-apart.ts";

export const oneOwner = platformRule({
  id: "names/one-owner",
  why: "two resources that want one name fight for it: a deployment fails, or one stack changes the other's",
  fix: "call them differently, in each region too where the name must be the only one in the account or everywhere",
  judge: (model) => [...sharedTwice(model), ...ownTwice(model)],
});

function sharedTwice({ shared }: NamesModel): readonly Finding[] {
  const owners = new Map<string, string>();
  return shared.flatMap(({ names }) =>
    names.flatMap((name) => {
      const key = `${placeKey(name)}\n${fullName(name)}`;
      const owner = owners.get(key);
      owners.set(key, owner ?? name.subject);
      return owner === undefined || sharesOnPurpose(name)
        ? []
        : [refuted(name.subject, `the ${name.kind.what} ${name.name} is ${owner} too`)];
    }),
  );
}

/** Records of one name stand beside each other: for another type of address, or with weights and roles. */
const sharesOnPurpose = ({ kind }: GivenName): boolean => kind.what === "DNS name";

/** What a tenant has in one stack, or in its stacks of both regions. */
function ownTwice(model: NamesModel): readonly Finding[] {
  const { tiers } = model;
  return pairsOf(tiers)
    .filter(([one, other]) => one.tier.tier === other.tier.tier)
    .flatMap(([one, other]) => {
      const rivals = groupNames(other.a.names);
      return one.a.names.flatMap((name, index) =>
        (rivals.get(placeKey(name)) ?? [])
          .filter((rival) => one !== other || one.a.names.indexOf(rival) > index)
          .filter(() => !sharesOnPurpose(name))
          .flatMap((rival) => {
            const meeting = model.canMeet(fullName(name), fullName(rival));
            const what = `the ${name.kind.what} ${shownName(name.name)}`;
            if (meeting.kind === "unknown")
              return [unknown(name.subject, `whether ${what} is ever ${rival.subject} too: ${meeting.why}`)];
            if (meeting.kind === "never") return [];
            return [
              refuted(
                name.subject,
                `${what} is ${rival.subject} too, for the tenant "${meeting.a}" (${meeting.text})`,
              ),
            ];
          }),
      );
    });
}

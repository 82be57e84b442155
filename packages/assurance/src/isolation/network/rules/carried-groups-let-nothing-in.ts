import { refuted } from "../../../rule.ts";
import { carriersByGroup } from "../carried-groups.ts";
import { describeTraffic } from "../describe-traffic.ts";
import type { Interface, SecurityGroup } from "../network-model.ts";
import type { NetworkRule } from "../network-rule.ts";

export const carriedGroupsLetNothingIn: NetworkRule = {
  id: "network/carried-groups-let-nothing-in",
  why: "a client or target group is carried by many tenants: one rule in it opens all of them to whom it names, often to each other",
  fix: "take the rules in out of it, and put them into the group of what is to be reached",
  judge: ({ network }) => {
    const carriers = carriersByGroup(network.interfaces);
    return [...network.groups.values()].flatMap((group) => {
      if (group.isDefault || !isCarried(group, carriers.get(group.id) ?? [])) return [];
      return group.rules.flatMap(({ direction, traffic, where }) =>
        direction === "ingress"
          ? [
              refuted(
                where,
                `the group ${group.where} is carried by many, and lets ${describeTraffic(traffic)} in`,
              ),
            ]
          : [],
      );
    });
  },
};

/** Several resources carry it besides a group of their own, or tasks of another stack do. */
function isCarried(group: SecurityGroup, carriers: readonly Interface[]): boolean {
  const clients = carriers.filter(({ kind, groups }) => kind !== "store" && (groups?.length ?? 0) > 1);
  return (
    clients.some(({ stack }) => stack !== group.stack) ||
    clients.some(({ kind }) => kind === "rotation" || kind === "function")
  );
}

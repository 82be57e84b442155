import { refuted } from "../../../rule.ts";
import type { NetworkRule } from "../network-rule.ts";

export const defaultGroupsUnused: NetworkRule = {
  id: "network/default-groups-unused",
  why: "the members of a VPC's default group reach one another on every port, and what names no group is put into it",
  fix: "give it a security group of its own",
  judge: ({ network }) => {
    const defaults = new Map([...network.vpcs.values()].map((vpc) => [vpc.defaultGroup, vpc]));
    const members = network.interfaces.flatMap(({ key, groups }) =>
      (groups ?? []).flatMap((id) => {
        const vpc = defaults.get(id);
        return vpc === undefined ? [] : [refuted(key, `is in the default security group of ${vpc.where}`)];
      }),
    );
    const rules = [...network.groups.values()].flatMap((group) =>
      group.rules.flatMap(({ peer, where, stack }) => {
        const vpc = peer.kind === "group" ? defaults.get(peer.group) : undefined;
        if (vpc !== undefined && !group.isDefault)
          return [refuted(where, `names the default security group of ${vpc.where}`)];
        return group.isDefault && where !== group.where
          ? [refuted(where, `the stack ${stack} adds a rule to ${group.where}`)]
          : [];
      }),
    );
    return [...members, ...rules];
  },
};

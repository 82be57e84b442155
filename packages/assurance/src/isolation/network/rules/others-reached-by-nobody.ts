import { isBastion, ssh } from "../bastion.ts";
import { judgeConnections } from "../judge-connections.ts";
import type { NetworkRule } from "../network-rule.ts";

const silent: ReadonlySet<string> = new Set(["rotation", "function", "instance", "other"]);

export const othersReachedByNobody: NetworkRule = {
  id: "network/others-reached-by-nobody",
  why: "functions, rotations and restored databases call and are not called: whatever reaches one of them was not meant to",
  fix: "take the rules in out of the groups that it carries",
  judge: ({ network, connections }) =>
    judgeConnections(connections, (_, destination) => {
      if (!silent.has(destination.kind)) return null;
      return isBastion(network, destination) ? [ssh] : [];
    }),
};

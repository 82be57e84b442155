import { type Finding, refuted } from "../../../rule.ts";
import { carriersByGroup } from "../carried-groups.ts";
import { describeTraffic } from "../describe-traffic.ts";
import type { GroupRule, Interface } from "../network-model.ts";
import type { NetworkRule } from "../network-rule.ts";
import { tcp, trafficContains } from "../packet-box.ts";

const listens: ReadonlySet<string> = new Set(["tasks", "store", "store-proxy", "endpoint"]);

/** Apart from whether anybody sends there today: that is up to the groups of others, which change. */
export const groupsLetInListenedPorts: NetworkRule = {
  id: "network/groups-let-in-listened-ports",
  why: "a port that is open without need is where a debugger, a metrics page or a second program is found one day",
  fix: "let in the port of the service or store, and no other",
  judge: ({ network }) => {
    const carriers = carriersByGroup(network.interfaces);
    return [...network.groups.values()].flatMap((group) => {
      // Those that carry a group have the same ports, or it lets in nothing.
      const listener = carriers.get(group.id)?.find(({ kind }) => listens.has(kind));
      return listener === undefined
        ? []
        : group.rules.flatMap((rule) => (rule.direction === "egress" ? [] : judgeRule(rule, listener)));
    });
  },
};

function judgeRule({ peer, traffic, where }: GroupRule, { key, ports }: Interface): readonly Finding[] {
  const isPort = ports.some((port) =>
    trafficContains({ protocols: { from: tcp, to: tcp + 1 }, ports: { from: port, to: port + 1 } }, traffic),
  );
  // What cannot be read is told by another rule.
  return isPort || peer.kind === "unknown"
    ? []
    : [
        refuted(
          where,
          `lets ${describeTraffic(traffic)} in to ${key}, which listens on ${ports.join(", ") || "nothing"}`,
        ),
      ];
}

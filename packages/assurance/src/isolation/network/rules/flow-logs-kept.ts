import { notApplicable, refuted } from "../../../rule.ts";
import type { NetworkRule } from "../network-rule.ts";

export const flowLogsKept: NetworkRule = {
  id: "network/flow-logs-kept",
  why: "without a record of connections nobody can say afterwards who reached whom",
  fix: "record the VPC's flows with the traffic that the definition names",
  judge: ({ network }) => {
    const { definition } = network;
    return [...network.vpcs.values()].flatMap((vpc) => {
      const isRecovery = vpc.region === definition.recovery?.region && vpc.region !== definition.region;
      const wanted = (isRecovery ? definition.recovery : definition)?.network.flowLogs ?? null;
      if (wanted === null) return [notApplicable(vpc.where, "the definition asks for no flow logs")];
      const kept = network.flowLogs.get(vpc.id) ?? [];
      const types = wanted.traffic === "all" ? ["ACCEPT", "REJECT"] : [wanted.traffic.toUpperCase()];
      const missing = types.filter((type) => !kept.includes(type) && !kept.includes("ALL"));
      return missing.length === 0 ? [] : [refuted(vpc.where, `has no flow log of ${missing.join(" and ")}`)];
    });
  },
};

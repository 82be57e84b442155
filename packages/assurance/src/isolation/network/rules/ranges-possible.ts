import { type Finding, refuted } from "../../../rule.ts";
import { containsRange, formatRange, intersectRanges } from "../address-range.ts";
import type { AddressRange, Subnet } from "../network-model.ts";
import type { NetworkRule } from "../network-rule.ts";
import type { NetworkModel } from "../read-network.ts";

export const rangesPossible: NetworkRule = {
  id: "network/ranges-possible",
  why: "what AWS refuses fails a deployment half-way; two ranges that overlap send packets to the wrong side",
  fix: "write the range as AWS takes it, inside of the VPC, apart from every other that it can meet",
  judge: ({ network }) => [
    ...network.faults.map(({ subject, witness }) => refuted(subject, witness)),
    ...subnetFindings(network),
    ...peeringFindings(network),
  ],
};

function subnetFindings({ subnets, vpcs }: NetworkModel): readonly Finding[] {
  const byVpc = Map.groupBy(subnets.values(), ({ vpc }) => vpc);
  return [...byVpc].flatMap(([id, some]) => {
    const vpc = vpcs.get(id);
    const outside = some.flatMap((subnet) =>
      subnet.ranges.flatMap((range) =>
        vpc === undefined || vpc.ranges.some((whole) => containsRange(whole, range))
          ? []
          : [refuted(subnet.where, `${formatRange(range)} is not inside of ${vpc.where}`)],
      ),
    );
    return [...outside, ...overlaps(some)];
  });
}

function overlaps(subnets: readonly Subnet[]): readonly Finding[] {
  return subnets.flatMap((one, index) =>
    subnets.slice(index + 1).flatMap((other) => {
      const common = commonRange(one.ranges, other.ranges);
      return common === null
        ? []
        : [refuted(other.where, `shares the addresses ${formatRange(common)} with ${one.where}`)];
    }),
  );
}

function peeringFindings({ peerings, vpcs }: NetworkModel): readonly Finding[] {
  return [...peerings.values()].flatMap(({ vpc, peerVpc, where }) => {
    const [one, other] = [vpcs.get(vpc), vpcs.get(peerVpc)];
    const common = one === undefined || other === undefined ? null : commonRange(one.ranges, other.ranges);
    return common === null
      ? []
      : [refuted(where, `the VPCs on both sides have the addresses ${formatRange(common)}`)];
  });
}

function commonRange(some: readonly AddressRange[], others: readonly AddressRange[]): AddressRange | null {
  for (const one of some) {
    for (const other of others) {
      const common = intersectRanges(one, other);
      if (common !== null) return common;
    }
  }
  return null;
}

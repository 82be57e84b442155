import { containsRange, parseRange } from "./address-range.ts";
import type { AddressRange, Interface } from "./network-model.ts";
import type { NetworkModel } from "./read-network.ts";

/** The port on which administrators reach the bastion. */
export const ssh = 22;

/** The host of administrators, which lets in the addresses that the definition names and no other. */
export function isBastion(
  { definition, groups }: NetworkModel,
  { kind, groups: carried, tenant }: Interface,
): boolean {
  const { bastion } = definition.network;
  if (kind !== "instance" || tenant !== null || bastion === null) return false;
  const named = bastion.allowedCidrs.map(parseRange);
  const isNamed = (range: AddressRange) =>
    named.some((one) => one.kind === "range" && containsRange(one.range, range));
  const rules = (carried ?? []).flatMap((id) => groups.get(id)?.rules ?? []);
  return rules.every(
    ({ direction, peer }) => direction === "egress" || peer.kind !== "range" || isNamed(peer.range),
  );
}

import { type Finding, notApplicable, refuted } from "../../../rule.ts";
import { internetRanges } from "../address-range.ts";
import type { AddressRange, Interface, Subnet, Traffic } from "../network-model.ts";
import type { NetworkRule } from "../network-rule.ts";
import { allowedByAcl, type PacketBox, subtractBox, tcp } from "../packet-box.ts";
import type { NetworkModel } from "../read-network.ts";
import { type Way, waysOf } from "../routing.ts";

export const waysOutLeadOut: NetworkRule = {
  id: "network/ways-out-lead-out",
  why: "tasks whose way out leads nowhere pull no image and call no service, and somebody gives them a public address instead",
  fix: "lead the default route of private subnets to a NAT gateway in a public subnet, whose own leads to the internet gateway",
  judge: ({ network }) => {
    const { definition } = network;
    if (definition.network.natGateways === "none") {
      return [
        notApplicable(
          definition.name,
          "the definition has no NAT gateways, so private subnets have no way out",
        ),
      ];
    }
    const callers = network.interfaces.filter(
      ({ kind, name }) => kind === "tasks" && definition.services[name ?? ""]?.egress === "all",
    );
    const subnets = new Set(callers.flatMap((one) => one.subnets));
    const gateways = new Map(
      network.interfaces.flatMap((one) => (one.kind === "nat-gateway" ? [[one.key, one] as const] : [])),
    );
    return [...subnets].flatMap((id) => {
      const subnet = network.subnets.get(id);
      return subnet === undefined ? [] : judgeSubnet(network, gateways, subnet);
    });
  },
};

/** Any part of the internet will do: what is not led out as a whole is led out wrongly. */
const internet4 = internetRanges.filter(({ family }) => family === 4);

function judgeSubnet(
  network: NetworkModel,
  gateways: ReadonlyMap<string, Interface>,
  subnet: Subnet,
): readonly Finding[] {
  const own = network.vpcs.get(subnet.vpc)?.ranges ?? [];
  const range = internet4.find((one) => own.every(({ from, to }) => one.to <= from || to <= one.from));
  if (range === undefined) return [];
  const [way] = waysOf(network, subnet, range);
  if (way === undefined)
    return [refuted(subnet.where, "has no route to the internet, which its services call")];
  // Public addresses of tasks are another rule's.
  if (way.target.kind === "internet-gateway") return [];
  if (way.target.kind !== "nat") return [refuted(way.where, `leads the internet to ${targetText(way)}`)];
  const gateway = gatewayOf(gateways, way);
  const place = network.subnets.get(gateway?.subnets[0] ?? "");
  if (place === undefined)
    return [refuted(way.where, `leads to ${targetText(way)}, which no template makes`)];
  const [onward] = waysOf(network, place, range);
  if (onward?.target.kind !== "internet-gateway") {
    return [
      refuted(way.where, `leads to a NAT gateway in ${place.where}, which has no route to the internet`),
    ];
  }
  if (network.vpcs.get(place.vpc)?.internetGateways.includes(onward.target.id) !== true) {
    return [refuted(onward.where, "leads to an internet gateway that is not attached to the VPC")];
  }
  return stops(network, subnet, place, range);
}

/** The key of a resource is what its id, a mark, holds. */
const gatewayOf = (gateways: ReadonlyMap<string, Interface>, { target }: Way): Interface | undefined =>
  "id" in target ? gateways.get(target.id.replaceAll(/[⟨⟩]/gu, "")) : undefined;

const targetText = ({ target }: Way): string =>
  "id" in target ? `${target.kind} ${target.id}` : target.kind;

/** ACLs that stop HTTPS to the internet or its answers on the way through the NAT gateway. */
function stops(
  network: NetworkModel,
  from: Subnet,
  gateway: Subnet,
  internet: AddressRange,
): readonly Finding[] {
  const inside = from.ranges.filter(({ family }) => family === 4);
  const https = traffic(443, 443);
  const answers = traffic(1024, 65_535);
  const near = [
    [from, "outbound", [internet], https],
    [from, "inbound", [internet], answers],
  ] as const;
  const far = [
    [gateway, "inbound", inside, https],
    [gateway, "outbound", inside, answers],
    [gateway, "outbound", [internet], https],
    [gateway, "inbound", [internet], answers],
  ] as const;
  const hops = from.id === gateway.id ? far.slice(2) : [...near, ...far];
  return hops.flatMap(([subnet, direction, ranges, wanted]) => {
    const acl = network.acls.get(subnet.acl);
    if (acl === undefined) return [];
    const allowed = allowedByAcl(acl, direction, ranges, "certain");
    const left = allowed.reduce<readonly PacketBox[]>(
      (rest, box) => rest.flatMap((one) => subtractBox(one, box.range, box.traffic)),
      ranges.map((range) => ({ range, traffic: wanted, by: [] })),
    );
    const what = wanted === https ? "HTTPS to the internet" : "its answers";
    return left.length === 0
      ? []
      : [
          refuted(
            acl.where,
            `stops ${what} (${direction}) on the way from ${from.where} through ${gateway.where}`,
          ),
        ];
  });
}

const traffic = (first: number, last: number): Traffic => ({
  protocols: { from: tcp, to: tcp + 1 },
  ports: { from: first, to: last + 1 },
});

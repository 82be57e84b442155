import { type Finding, notApplicable, refuted, unknown } from "../../../rule.ts";
import { everywhere, formatRange, intersectRanges, subtractRange } from "../address-range.ts";
import { answers, errorMessages } from "../acl-answers.ts";
import { describeTraffic } from "../describe-traffic.ts";
import type { AddressRange, Interface, NetworkAcl, Subnet, Traffic } from "../network-model.ts";
import { entrancePorts } from "../entrance-ports.ts";
import type { NetworkRule } from "../network-rule.ts";
import {
  allowedByAcl,
  everyPort,
  intersectTraffic,
  type PacketBox,
  subtractTraffic,
  tcp,
} from "../packet-box.ts";
import type { NetworkModel } from "../read-network.ts";

export const aclsLetInWhatIsListenedFor: NetworkRule = {
  id: "network/acls-let-in-what-is-listened-for",
  why: "the ACL is what is left when a security group is wrong: one that lets everything in is none",
  fix: "associate every subnet with an ACL that lets in the ports on which something in it listens, and answers (1024-65535)",
  judge: ({ network }) => {
    if (network.definition.network.networkAcls === "open") {
      return [
        notApplicable(
          network.definition.name,
          "the definition leaves it to security groups (networkAcls: open)",
        ),
      ];
    }
    const bySubnet = interfacesBySubnet(network);
    const missing = [...network.subnets.values()].flatMap((subnet) =>
      subnet.isAclOwn
        ? []
        : [refuted(subnet.where, "has the VPC's default ACL, which lets everything through")],
    );
    const used = Map.groupBy(network.subnets.values(), ({ acl }) => acl);
    const findings = [...network.acls.values()].flatMap((acl) => {
      const subnets = used.get(acl.id) ?? [];
      const inside = subnets.flatMap(({ id }) => bySubnet.get(id) ?? []);
      const vpc = subnets.flatMap((subnet) => network.vpcs.get(subnet.vpc)?.ranges ?? []);
      const planned = subnets.flatMap((subnet) => plannedPorts(network, subnet));
      return acl.isDefault || subnets.length === 0 ? [] : judgeAcl(acl, vpc, inside, planned);
    });
    return [...missing, ...findings];
  },
};

function interfacesBySubnet({ interfaces }: NetworkModel): ReadonlyMap<string, readonly Interface[]> {
  const found = new Map<string, Interface[]>();
  for (const one of interfaces) {
    for (const subnet of one.subnets) {
      const known = found.get(subnet);
      if (known === undefined) found.set(subnet, [one]);
      else known.push(one);
    }
  }
  return found;
}

/** A region of standby is empty until it is needed; there the ports are those of what the definition will put there. */
function plannedPorts(
  { definition, interfaces, subnets, vpcs }: NetworkModel,
  subnet: Subnet,
): readonly number[] {
  const isHere = (id: string) => subnets.get(id)?.vpc === subnet.vpc;
  const stands = ({ kind }: Interface) => kind === "load-balancer" || kind === "tasks";
  if (interfaces.some((one) => stands(one) && one.subnets.some(isHere))) return [];
  const region = vpcs.get(subnet.vpc)?.region;
  const place = region === definition.recovery?.region ? definition.recovery : definition;
  if (place === null) return [];
  const cidrs = subnet.ranges.map(formatRange);
  const groups = Object.entries(place.network.subnets).flatMap(([group, list]) =>
    (list ?? []).some(({ cidr }) => cidrs.includes(cidr)) ? [group] : [],
  );
  const inside = [...Object.values(place.services), ...Object.values(place.stores)].flatMap((one) =>
    "subnets" in one && "port" in one && groups.includes(one.subnets) ? [one.port] : [],
  );
  return groups.includes("public") ? [...inside, ...entrancePorts(definition)] : inside;
}

function judgeAcl(
  acl: NetworkAcl,
  vpc: readonly AddressRange[],
  inside: readonly Interface[],
  planned: readonly number[],
): readonly Finding[] {
  const dark = acl.entries.find(({ match }) => match === null);
  if (dark !== undefined) return [unknown(dark.where, "what the entry matches")];
  // A NAT gateway takes from the VPC whatever goes to the internet, and from there only answers.
  const hasNat = inside.some(({ kind }) => kind === "nat-gateway");
  const listened = [...answers, ...errorMessages, ...listenedFor(inside, planned)];
  const findings = ([4, 6] as const).flatMap((family) =>
    allowedByAcl(acl, "inbound", [everywhere(family)], "certain").flatMap((box) => {
      const parts = hasNat ? outsideOf(box, vpc) : [box];
      return parts.flatMap((part) => beyond(part, listened));
    }),
  );
  const byEntry = new Map(findings.map((finding) => [finding.subject, finding]));
  return [...byEntry.values()];
}

/** The ports of everything in the subnets; where one is not known, of it every port. */
function listenedFor(inside: readonly Interface[], planned: readonly number[]): readonly Traffic[] {
  const isDark = ({ kind, ports }: Interface) =>
    kind === "instance" || (kind === "store" && ports.length === 0);
  const ports = new Set([...inside.flatMap((one) => one.ports), ...planned]);
  const spans = inside.some(isDark) ? [everyPort] : [...ports].map((port) => ({ from: port, to: port + 1 }));
  return spans.map((span) => ({ protocols: { from: tcp, to: tcp + 1 }, ports: span }));
}

function outsideOf(box: PacketBox, vpc: readonly AddressRange[]): readonly PacketBox[] {
  return vpc
    .reduce<readonly AddressRange[]>(
      (left, range) =>
        left.flatMap((one) => (intersectRanges(one, range) === null ? [one] : subtractRange(one, range))),
      [box.range],
    )
    .map((range) => ({ ...box, range }));
}

function beyond({ range, traffic, by }: PacketBox, listened: readonly Traffic[]): readonly Finding[] {
  const left = listened.reduce<readonly Traffic[]>(
    (rest, one) =>
      rest.flatMap((part) => (intersectTraffic(part, one) === null ? [part] : subtractTraffic(part, one))),
    [traffic],
  );
  const [first] = left;
  if (first === undefined) return [];
  const [where = ""] = by;
  return [
    refuted(where, `lets ${describeTraffic(first)} in from ${formatRange(range)}, for which nothing listens`),
  ];
}

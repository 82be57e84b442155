import { type AddressRange, addressRange, formatAddress, formatRange, representatives } from "./cidr.ts";
import { type AclRefusal, aclOfSubnet, refusalOf } from "./network-acl-rules.ts";
import type { NetworkSnapshot } from "./network-snapshot.ts";
import type { Obstacle, PathEnd } from "./obstacle.ts";
import { coversPort, describeRule, groupsAllow, portsText, rangesOf } from "./security-group-rules.ts";

export interface InnerPath {
  readonly from: PathEnd;
  readonly to: PathEnd;
  readonly port: number;
  /** Ports that the caller may answer to (https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports). */
  readonly ephemeral: AddressRange;
  readonly region: string;
}

/** Of load balancers and NAT gateways. */
export const balancerPorts: AddressRange = Object.freeze({ first: 1_024, last: 65_535 });
/** Of Linux, and so of tasks. */
export const linuxPorts: AddressRange = Object.freeze({ first: 32_768, last: 60_999 });

/** What keeps TCP connections between two places of a VPC from being made; nothing where all of them can be. */
export function innerObstacles(network: NetworkSnapshot, path: InnerPath): readonly Obstacle[] {
  return [...groupObstacles(network, path), ...aclObstacles(network, path)];
}

function groupObstacles(network: NetworkSnapshot, path: InnerPath): readonly Obstacle[] {
  const { from, to, port } = path;
  const goesOut = passesGroups(network, from.groups, "egress", { port, other: to });
  const comesIn = passesGroups(network, to.groups, "ingress", { port, other: from });
  return [
    ...(goesOut ? [] : [missingEgress(network, path)]),
    ...(comesIn ? [] : [missingIngress(network, path)]),
  ];
}

/** Whether every address of the other side is let through; groups that are not there let nothing through. */
function passesGroups(
  network: NetworkSnapshot,
  groups: readonly string[],
  direction: "ingress" | "egress",
  { port, other }: { readonly port: number; readonly other: PathEnd },
): boolean {
  const known = rangesOf(network, groups, direction);
  const ranges = other.subnets.map((id) => addressRange(network.subnets[id]?.cidr ?? ""));
  const addresses = ranges.flatMap((range) => (range === null ? [] : representatives(range, known)));
  const peers = addresses.length === 0 ? [null] : addresses;
  return peers.every(
    (address) =>
      groupsAllow(network, groups, direction, { port, peer: { address, groups: other.groups } }) !== "no",
  );
}

function missingEgress(network: NetworkSnapshot, { from, to, port, region }: InnerPath): Obstacle {
  const [group = "none"] = from.groups;
  return {
    code: "SECURITY_GROUP_EGRESS_MISSING",
    kind: "security-group",
    id: group,
    at: "from",
    port,
    what: `${from.name} may not open connections to ${to.name} on port ${port}: no rule of its security groups lets them out`,
    because: describeGroups(network, from.groups, "egress"),
    fix: [
      `aws ec2 authorize-security-group-egress --region ${region} --group-id ${group} --ip-permissions ${permission(network, to, port)}`,
      ...carrying(network, { groups: from.groups, direction: "egress", port, other: to }),
    ],
  };
}

function missingIngress(network: NetworkSnapshot, { from, to, port, region }: InnerPath): Obstacle {
  const [group = "none"] = to.groups;
  return {
    code: "SECURITY_GROUP_INGRESS_MISSING",
    kind: "security-group",
    id: group,
    at: "to",
    port,
    what: `${to.name} takes no connections from ${from.name} on port ${port}: no rule of its security groups lets them in`,
    because: describeGroups(network, to.groups, "ingress"),
    fix: [
      `aws ec2 authorize-security-group-ingress --region ${region} --group-id ${group} --ip-permissions ${permission(network, from, port)}`,
      ...carrying(network, { groups: to.groups, direction: "ingress", port, other: from }),
    ],
  };
}

/** A rule for a peer, as the command line of AWS takes it. */
function permission({ securityGroups }: NetworkSnapshot, peer: PathEnd, port: number): string {
  const { groups, knownAs } = peer;
  const known = groups.find(
    (id) => knownAs !== undefined && securityGroups[id]?.name.toLowerCase().includes(knownAs),
  );
  const group = known ?? groups[0];
  const who = group === undefined ? "IpRanges=[{CidrIp=<range>}]" : `UserIdGroupPairs=[{GroupId=${group}}]`;
  return `IpProtocol=tcp,FromPort=${port},ToPort=${port},${who}`;
}

interface Asked {
  readonly groups: readonly string[];
  readonly direction: "ingress" | "egress";
  readonly port: number;
  readonly other: PathEnd;
}

/** The other way: a group that the rules do let through, and that the other side does not carry. */
function carrying(network: NetworkSnapshot, { groups, direction, port, other }: Asked): readonly string[] {
  const rules = groups.flatMap((id) => network.securityGroups[id]?.[direction] ?? []);
  const named = new Set(rules.filter((rule) => coversPort(rule, port)).flatMap((rule) => rule.groups));
  return [...named]
    .filter((id) => network.securityGroups[id] !== undefined)
    .map(
      (id) =>
        `or let ${other.name} carry ${id} (${network.securityGroups[id]?.name ?? ""}), which the rules do let through`,
    );
}

/** Rules that are there, so that a reader sees which one is missing. */
export function describeGroups(
  { securityGroups }: NetworkSnapshot,
  groups: readonly string[],
  direction: "ingress" | "egress",
): readonly string[] {
  if (groups.length === 0) return ["it has no security group"];
  return groups.map((id) => {
    const group = securityGroups[id];
    if (group === undefined) return `${id} is not there any more`;
    const rules = group[direction].map((rule) => describeRule(rule, direction));
    return `${id} (${group.name}): ${rules.length === 0 ? `no ${direction} rules` : rules.slice(0, 6).join("; ")}`;
  });
}

/** One refusal of each list and direction is enough to say. */
function aclObstacles(network: NetworkSnapshot, path: InnerPath): readonly Obstacle[] {
  const found = new Map<string, Obstacle>();
  for (const source of path.from.subnets) {
    for (const target of path.to.subnets) {
      // What stays in a subnet never meets its list.
      if (source === target) continue;
      for (const refusal of refusalsBetween(network, { source, target, ...path })) {
        const obstacle = refusedByAcl(refusal, path);
        found.set(`${refusal.acl} ${refusal.traffic.direction} ${refusal.traffic.ports.first}`, obstacle);
      }
    }
  }
  return [...found.values()];
}

function refusalsBetween(
  network: NetworkSnapshot,
  given: InnerPath & { readonly source: string; readonly target: string },
): readonly AclRefusal[] {
  const sources = addressRange(network.subnets[given.source]?.cidr ?? "");
  const targets = addressRange(network.subnets[given.target]?.cidr ?? "");
  const ofSource = aclOfSubnet(network, given.source);
  const ofTarget = aclOfSubnet(network, given.target);
  if (sources === null || targets === null) return [];
  const port: AddressRange = { first: given.port, last: given.port };
  const asked = [
    ofSource && refusalOf(ofSource, { direction: "egress", peers: targets, ports: port }),
    ofTarget && refusalOf(ofTarget, { direction: "ingress", peers: sources, ports: port }),
    ofTarget && refusalOf(ofTarget, { direction: "egress", peers: sources, ports: given.ephemeral }),
    ofSource && refusalOf(ofSource, { direction: "ingress", peers: targets, ports: given.ephemeral }),
  ];
  return asked.filter((refusal) => refusal !== null);
}

function refusedByAcl(refusal: AclRefusal, { from, to, port, region }: InnerPath): Obstacle {
  const isAnswer = refusal.traffic.ports.first !== port;
  const what = isAnswer
    ? `answers of ${to.name} to ${from.name}`
    : `connections of ${from.name} to ${to.name}`;
  return aclObstacle({ ...refusal, region, what });
}

/** What a refusal is, of whatever it refuses. */
export function aclObstacle(
  refusal: AclRefusal & { readonly region: string; readonly what: string; readonly cidr?: string },
): Obstacle {
  const { acl, traffic, address, port, entry, region, what, cidr = formatRange(traffic.peers) } = refusal;
  const { direction, ports } = traffic;
  const isIn = direction === "ingress";
  const number = entry === null ? "<free number>" : `<number below ${entry.number}>`;
  return {
    code: "NETWORK_ACL_REFUSES",
    kind: "network-acl",
    id: acl,
    at: "network",
    port: null,
    what: `the network ACL ${acl} refuses ${what}: TCP port ${port} ${isIn ? "from" : "to"} ${formatAddress(address)} does not get ${isIn ? "in" : "out"}`,
    because: [entryText(entry, direction)],
    fix: [
      `aws ec2 create-network-acl-entry --region ${region} --network-acl-id ${acl} --rule-number ${number} --${direction} --protocol tcp --port-range From=${ports.first},To=${ports.last} --cidr-block ${cidr} --rule-action allow`,
    ],
  };
}

function entryText(entry: AclRefusal["entry"], direction: "ingress" | "egress"): string {
  if (entry === null) return `no ${direction} entry matches, so the last one, *, denies`;
  const { number, cidr, fromPort, toPort } = entry;
  const ports = fromPort === null ? "all ports" : `ports ${portsText(fromPort, toPort ?? fromPort)}`;
  return `${direction} entry ${number} denies ${cidr}, ${ports}`;
}

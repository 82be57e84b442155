import { type AddressRange, addressRange, isInRange, representatives } from "./cidr.ts";
import type { NetworkAclEntry, NetworkAclSnapshot, NetworkSnapshot } from "./network-snapshot.ts";

/** What passes the edge of a subnet: TCP of a range of addresses to a range of ports. */
export interface AclTraffic {
  readonly direction: "ingress" | "egress";
  /** Where it comes from, or goes to. */
  readonly peers: AddressRange;
  /** Destination ports. */
  readonly ports: AddressRange;
}

export interface AclRefusal {
  readonly acl: string;
  readonly traffic: AclTraffic;
  /** One address and port that do not pass. */
  readonly address: number;
  readonly port: number;
  /** The entry that refuses; null where none matches, which is the final "*". */
  readonly entry: NetworkAclEntry | null;
}

/** The list of a subnet; that of the VPC's default where none is associated. */
export function aclOfSubnet(
  { acls, subnets }: Pick<NetworkSnapshot, "acls" | "subnets">,
  subnet: string,
): NetworkAclSnapshot | null {
  const vpc = subnets[subnet]?.vpc;
  return (
    acls.find((acl) => acl.subnets.includes(subnet)) ??
    acls.find((acl) => acl.vpc === vpc && acl.isDefault) ??
    null
  );
}

/** Null where all of it passes. A list has no memory: answers need entries of their own. */
export function refusalOf({ id, entries }: NetworkAclSnapshot, traffic: AclTraffic): AclRefusal | null {
  const { direction, peers, ports } = traffic;
  const ordered = entries
    .filter((entry) => entry.direction === direction)
    .toSorted((a, b) => a.number - b.number);
  const cidrs = ordered.map(({ cidr }) => addressRange(cidr)).filter((range) => range !== null);
  for (const address of representatives(peers, cidrs)) {
    for (const port of representatives(ports, ordered.map(portRange))) {
      const entry = ordered.find((one) => matches(one, address, port)) ?? null;
      if (entry?.action !== "allow") return { acl: id, traffic, address, port, entry };
    }
  }
  return null;
}

function matches(entry: NetworkAclEntry, address: number, port: number): boolean {
  if (!isInRange(address, addressRange(entry.cidr))) return false;
  if (entry.protocol === "-1") return true;
  return (entry.protocol === "6" || entry.protocol === "tcp") && isInRange(port, portRange(entry));
}

function portRange({ fromPort, toPort }: NetworkAclEntry): AddressRange {
  return { first: fromPort ?? 0, last: toPort ?? 65_535 };
}

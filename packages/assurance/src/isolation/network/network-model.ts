/*
 * The network of everything that is shipped, read once. Addresses and ports are half-open intervals, from the first to
 * the one behind the last, so that cutting and joining them is exact. Where a value could not be read, the model says
 * "unknown" and why; nothing is guessed.
 */

/** Whole numbers from `from` to before `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Addresses of one family from `from` to before `to`. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly from: bigint;
  readonly to: bigint;
}

/**
 * What a rule is about. Protocols are IANA's numbers, 0 to 255. Ports are those of the destination; of ICMP they are
 * `type * 256 + code`, of protocols without ports all of them.
 */
export interface Traffic {
  readonly protocols: Span;
  readonly ports: Span;
}

/** Lists that AWS keeps and that hold no address of a VPC. */
export type ManagedList = "cloudfront" | "s3" | "dynamodb";

/** The other side of a security group's rule. */
export type Peer =
  | { readonly kind: "range"; readonly range: AddressRange }
  | { readonly kind: "group"; readonly group: string }
  | {
      readonly kind: "managed-list";
      readonly list: ManagedList;
      readonly region: string;
      readonly id: string;
    }
  | { readonly kind: "unknown"; readonly why: string };

export interface GroupRule {
  readonly direction: "ingress" | "egress";
  readonly traffic: Traffic;
  readonly peer: Peer;
  /** The stack that holds the rule, which may be another than that of the group. */
  readonly stack: string;
  /** Stack, logical id and property. */
  readonly where: string;
}

export interface SecurityGroup {
  readonly id: string;
  readonly where: string;
  readonly stack: string;
  /** The tenant whose stack makes it. */
  readonly tenant: string | null;
  readonly vpc: string | null;
  readonly isDefault: boolean;
  readonly rules: readonly GroupRule[];
}

export interface AclEntry {
  readonly direction: "inbound" | "outbound";
  readonly number: number;
  readonly action: "allow" | "deny";
  /** Null where it could not be read: it may then match anything or nothing. */
  readonly match: { readonly range: AddressRange; readonly traffic: Traffic } | null;
  readonly where: string;
}

/** Entries are read by rising number, the first that matches decides, and what none matches is denied. */
export interface NetworkAcl {
  readonly id: string;
  readonly where: string;
  readonly isDefault: boolean;
  readonly entries: readonly AclEntry[];
}

export type RouteTargetKind =
  | "internet-gateway"
  | "egress-only"
  | "nat"
  | "peering"
  | "transit-gateway"
  | "virtual-gateway"
  | "endpoint"
  | "interface"
  | "blackhole"
  | "other"
  | "unknown";

export interface RouteTarget {
  readonly kind: RouteTargetKind;
  readonly id: string;
}

export interface Route {
  /** Null where the destination is a list that AWS keeps, or could not be read. */
  readonly destination: AddressRange | null;
  /** What was written. */
  readonly destinationText: string;
  readonly target: RouteTarget;
  readonly where: string;
}

export interface RouteTable {
  readonly id: string;
  readonly where: string;
  readonly routes: readonly Route[];
}

export interface Vpc {
  readonly id: string;
  readonly where: string;
  readonly region: string;
  readonly ranges: readonly AddressRange[];
  /** Internet gateways that are attached. */
  readonly internetGateways: readonly string[];
  readonly defaultAcl: string;
  readonly defaultGroup: string;
}

export interface Subnet {
  readonly id: string;
  readonly where: string;
  readonly vpc: string;
  readonly ranges: readonly AddressRange[];
  /** The route table: its own, or the main one of the VPC. */
  readonly routeTable: string;
  /** The network ACL: its own, or the VPC's default. */
  readonly acl: string;
  readonly isAclOwn: boolean;
  readonly mapsPublicAddress: boolean;
}

export interface Peering {
  readonly id: string;
  readonly where: string;
  readonly vpc: string;
  readonly peerVpc: string;
}

export type InterfaceKind =
  | "load-balancer"
  | "tasks"
  | "store"
  | "store-proxy"
  | "function"
  | "rotation"
  | "instance"
  | "endpoint"
  | "nat-gateway"
  | "other";

/** A network interface, or all the equal ones of one resource. */
export interface Interface {
  readonly key: string;
  readonly kind: InterfaceKind;
  /** Type of the resource that has it. */
  readonly type: string;
  /** The service, function or store of the definition; null where it is none of them. */
  readonly name: string | null;
  readonly stack: string;
  readonly role: "primary" | "recovery";
  readonly tenant: string | null;
  readonly tier: string | null;
  readonly cell: number | null;
  readonly subnets: readonly string[];
  /** Null where no security group stands before it. */
  readonly groups: readonly string[] | null;
  /** The ports on which it listens, where they are known. */
  readonly ports: readonly number[];
  /** Whether it has an address that the internet reaches. */
  readonly isPublic: boolean;
  /** Whether it has an IPv6 address where its subnet has such addresses. */
  readonly hasIpv6: boolean;
  /** Of a rotation function or a proxy: the store (`key` of its interface's resource) behind it, where that is known. */
  readonly serves: string | null;
}

export interface Endpoint {
  readonly id: string;
  readonly where: string;
  readonly service: string;
  readonly vpc: string;
  readonly kind: "gateway" | "interface" | "other";
  /** Of a gateway: the route tables in which it stands. */
  readonly routeTables: readonly string[];
  /** The policy as it is written; null for AWS's own, which lets everything pass. */
  readonly policy: unknown;
}

/** What could not be read, and so is unknown. */
export interface Gap {
  readonly subject: string;
  readonly missing: string;
}

/** What AWS would refuse, or read otherwise than it was meant. */
export interface Fault {
  readonly subject: string;
  readonly witness: string;
}

/** How packets are led and let through: all that reachability is computed from. */
export interface Topology {
  readonly vpcs: ReadonlyMap<string, Vpc>;
  readonly subnets: ReadonlyMap<string, Subnet>;
  readonly routeTables: ReadonlyMap<string, RouteTable>;
  readonly acls: ReadonlyMap<string, NetworkAcl>;
  readonly groups: ReadonlyMap<string, SecurityGroup>;
  readonly peerings: ReadonlyMap<string, Peering>;
}

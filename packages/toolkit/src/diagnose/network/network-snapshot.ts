/** The networks of a region, as EC2 describes them. */
export interface NetworkSnapshot {
  readonly vpcs: Readonly<Record<string, VpcSnapshot>>;
  readonly subnets: Readonly<Record<string, SubnetSnapshot>>;
  readonly securityGroups: Readonly<Record<string, SecurityGroupSnapshot>>;
  readonly acls: readonly NetworkAclSnapshot[];
  readonly routeTables: readonly RouteTableSnapshot[];
  readonly endpoints: readonly VpcEndpointSnapshot[];
  readonly natGateways: Readonly<Record<string, { readonly state: string; readonly subnet: string }>>;
}

export interface VpcSnapshot {
  readonly id: string;
  /** Null where it could not be read. */
  readonly dnsSupport: boolean | null;
  readonly dnsHostnames: boolean | null;
}

export interface SubnetSnapshot {
  readonly id: string;
  readonly vpc: string;
  readonly cidr: string;
  readonly zone: string;
  readonly freeAddresses: number | null;
}

export interface SecurityGroupSnapshot {
  readonly id: string;
  readonly name: string;
  readonly ingress: readonly SecurityGroupRule[];
  readonly egress: readonly SecurityGroupRule[];
}

/** It allows; there are no rules that deny. */
export interface SecurityGroupRule {
  /** "tcp", "udp", "icmp", or "-1" for all. */
  readonly protocol: string;
  /** Null: all ports. */
  readonly fromPort: number | null;
  readonly toPort: number | null;
  readonly cidrs: readonly string[];
  readonly groups: readonly string[];
  /** Ids of lists that only AWS knows the addresses of. */
  readonly prefixLists: readonly string[];
}

export interface NetworkAclSnapshot {
  readonly id: string;
  readonly vpc: string;
  readonly isDefault: boolean;
  readonly subnets: readonly string[];
  readonly entries: readonly NetworkAclEntry[];
}

export interface NetworkAclEntry {
  /** The lowest number that matches decides. */
  readonly number: number;
  readonly direction: "ingress" | "egress";
  readonly action: "allow" | "deny";
  /** "-1" for all, "6" for TCP, "17" for UDP. */
  readonly protocol: string;
  readonly cidr: string;
  /** Null: all ports. */
  readonly fromPort: number | null;
  readonly toPort: number | null;
}

export interface RouteTableSnapshot {
  readonly id: string;
  readonly vpc: string;
  readonly isMain: boolean;
  readonly subnets: readonly string[];
  readonly routes: readonly {
    /** A CIDR, or the id of a prefix list. */
    readonly destination: string;
    /** Such as local, nat-…, igw-…, vpce-…, tgw-…. */
    readonly target: string;
    readonly isBlackhole: boolean;
  }[];
}

export interface VpcEndpointSnapshot {
  readonly id: string;
  readonly vpc: string;
  /** Without com.amazonaws.{region}: such as ecr.dkr. */
  readonly service: string;
  readonly kind: "Interface" | "Gateway" | "other";
  readonly state: string;
  readonly hasPrivateDns: boolean;
  readonly securityGroups: readonly string[];
  readonly subnets: readonly string[];
  readonly routeTables: readonly string[];
}

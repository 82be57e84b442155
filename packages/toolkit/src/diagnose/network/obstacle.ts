import type { SubjectKind } from "../finding.ts";

/** What keeps a connection from being made. */
export interface Obstacle {
  readonly code:
    | "SECURITY_GROUP_EGRESS_MISSING"
    | "SECURITY_GROUP_INGRESS_MISSING"
    | "NETWORK_ACL_REFUSES"
    | "ROUTE_MISSING"
    | "ROUTE_BLACKHOLE"
    | "NAT_GATEWAY_UNUSABLE"
    | "VPC_ENDPOINT_UNUSABLE"
    | "VPC_DNS_OFF";
  readonly kind: SubjectKind;
  readonly id: string;
  readonly what: string;
  readonly because: readonly string[];
  readonly fix: readonly string[];
  /** Whether it is a thing of who begins the connection, of who is called, or of the network between them. */
  readonly at: "from" | "to" | "network";
  /** What is not let through; null where it is no matter of ports. */
  readonly port: number | null;
}

/** One side of a connection in a VPC. */
export interface PathEnd {
  /** As a sentence calls it: "the load balancer". */
  readonly name: string;
  readonly groups: readonly string[];
  readonly subnets: readonly string[];
  /** A word in the name of the group by which the other side should know it; without it the first group. */
  readonly knownAs?: string;
}

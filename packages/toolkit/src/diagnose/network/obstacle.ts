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
}

/** One side of a connection in a VPC. */
export interface PathEnd {
  /** As a sentence calls it: "the load balancer". */
  readonly name: string;
  readonly groups: readonly string[];
  readonly subnets: readonly string[];
}

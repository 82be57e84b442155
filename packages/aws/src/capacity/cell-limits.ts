/** A quota of AWS that ends how many tenants a cell holds. */
export interface CellLimit {
  readonly quota: string;
  /** Code in Service Quotas; null for what AWS never raises. */
  readonly code: string | null;
  readonly value: number;
  readonly adjustable: boolean;
  /** The resource that counts, as the tenant's template makes it. */
  readonly counts: readonly string[];
  readonly source: string;
  /** When the value was read. */
  readonly asOf: string;
}

const albSource =
  "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html";
const asOf = "2026-08-14";

/** What one load balancer and one cluster hold. */
export const cellLimits: readonly CellLimit[] = Object.freeze([
  {
    quota: "Target Groups per Application Load Balancer",
    code: null,
    value: 100,
    adjustable: false,
    counts: ["AWS::ElasticLoadBalancingV2::TargetGroup"],
    source: albSource,
    asOf,
  },
  {
    quota: "Rules per Application Load Balancer",
    code: "L-7EED9B64",
    value: 100,
    adjustable: true,
    counts: ["AWS::ElasticLoadBalancingV2::ListenerRule"],
    source: albSource,
    asOf,
  },
  {
    quota: "Certificates per Application Load Balancer",
    code: "L-9365A611",
    value: 25,
    adjustable: true,
    counts: ["AWS::ElasticLoadBalancingV2::ListenerCertificate"],
    source: albSource,
    asOf,
  },
  {
    quota: "Services per namespace",
    code: "L-2D029656",
    value: 100,
    adjustable: true,
    counts: ["AWS::ECS::Service"],
    source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html",
    asOf: "2024-01-01",
  },
]);

import { quotaOf } from "@tenantry/assurance/quotas";

interface CountedResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** As much of a template as counting takes. */
interface CountedTemplate {
  readonly Resources: Readonly<Record<string, CountedResource>>;
}

/** A quota of AWS that ends how many tenants a cell holds. */
export interface CellLimit {
  readonly quota: string;
  /** Code in Service Quotas; null for what AWS never raises. */
  readonly code: string | null;
  readonly value: number;
}

/** How many tenants a limit leaves room for in one cell. */
export interface CellRoom {
  readonly limit: CellLimit;
  /** What the cell and the services that all share use of it. */
  readonly fixed: number;
  /** What the most demanding tier uses of it for each tenant. */
  readonly perTenant: number;
  readonly tenants: number;
}

const ofType =
  (type: string) =>
  ({ Type }: CountedResource): boolean =>
    Type === type;

/** What one load balancer and one cluster hold: ids of quotas, and the resource that counts. */
const cellQuotas: Readonly<Record<string, (resource: CountedResource) => boolean>> = {
  "target-groups-per-load-balancer": ofType("AWS::ElasticLoadBalancingV2::TargetGroup"),
  "rules-per-load-balancer": ofType("AWS::ElasticLoadBalancingV2::ListenerRule"),
  "certificates-per-load-balancer": ofType("AWS::ElasticLoadBalancingV2::ListenerCertificate"),
  // A service that takes no part in Service Connect is not in its namespace.
  "services-per-namespace": ({ Type, Properties }) =>
    Type === "AWS::ECS::Service" && Properties?.["ServiceConnectConfiguration"] !== undefined,
};

/**
 * How many tenants a cell holds by each limit that tenants use up, the narrowest first.
 *
 * @param shared templates whose resources stand in the first cell whether tenants come or not
 * @param perTenant the templates of the tiers
 * @param raised quotas that AWS has raised for the account, by code
 */
export function cellRooms(
  shared: readonly CountedTemplate[],
  perTenant: readonly CountedTemplate[],
  raised: Readonly<Record<string, number>>,
): readonly CellRoom[] {
  return Object.entries(cellQuotas)
    .flatMap(([id, counts]) => {
      const { name, code, value: initial } = quotaOf(id);
      const value = raised[code ?? ""] ?? initial;
      if (value === null) return [];
      const fixed = shared.reduce((sum, template) => sum + count(template, counts), 0);
      const each = Math.max(0, ...perTenant.map((template) => count(template, counts)));
      const left = Math.max(0, value - fixed);
      const tenants = each === 0 ? Number.POSITIVE_INFINITY : Math.floor(left / each);
      return [{ limit: { quota: name, code, value }, fixed, perTenant: each, tenants }];
    })
    .filter(({ tenants }) => Number.isFinite(tenants))
    .toSorted((a, b) => a.tenants - b.tenants);
}

function count({ Resources }: CountedTemplate, counts: (resource: CountedResource) => boolean): number {
  return Object.values(Resources).filter(counts).length;
}

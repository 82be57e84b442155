import { type Finding, notApplicable, refuted, type Rule, unknown } from "../../rule.ts";
import type { RoutingModel } from "./routing-model.ts";

export type RoutingRule = Rule<readonly [RoutingModel]>;

/** As many as a person reads; the same mistake may stand in ten thousand stacks. */
const listedMax = 20;

interface RoutingRuleInit extends Omit<RoutingRule, "judge"> {
  /** Types of resources without which the rule knows nothing. */
  readonly reads: readonly string[];
  /** Why there is nothing to look at; null where there is. */
  readonly idle?: (model: RoutingModel) => string | null;
  readonly judge: (model: RoutingModel) => Iterable<Finding>;
}

/** A rule that does not pass where something that it looks at could not be read. */
export function routingRule({ reads, idle, judge, ...words }: RoutingRuleInit): RoutingRule {
  return {
    ...words,
    judge: (model) => {
      const because = idle?.(model) ?? null;
      const { platform, environment } = model.shipment;
      if (because !== null) return [notApplicable(`${platform} ${environment}`, because)];
      const gaps = model.gaps.filter(({ type }) => reads.includes(type));
      return limited([...judge(model), ...gaps.map(({ key, missing }) => unknown(key, missing))]);
    },
  };
}

/** The first findings, and how many more there are. */
function limited(findings: readonly Finding[]): readonly Finding[] {
  const kinds = ["refuted", "unknown"] as const;
  return [
    ...kinds.flatMap((kind) => {
      const all = findings.filter((finding) => finding.kind === kind);
      const more = all.length - listedMax;
      if (more <= 0) return all;
      const [subject, text] = [all[listedMax]?.subject ?? "", `and so ${more} times more`];
      return [
        ...all.slice(0, listedMax),
        kind === "refuted" ? refuted(subject, text) : unknown(subject, text),
      ];
    }),
    ...findings.filter(({ kind }) => kind === "not-applicable"),
  ];
}

export const balancing = "AWS::ElasticLoadBalancingV2::";
export const ruleType = `${balancing}ListenerRule`;
export const listenerType = `${balancing}Listener`;
export const recordTypes = ["AWS::Route53::RecordSet", "AWS::Route53::RecordSetGroup"];

/** Why rules about load balancers have nothing to look at. */
export function noLoadBalancer({ shared, anyTenants }: RoutingModel): string | null {
  const stacks = [...shared, ...anyTenants.map(({ a }) => a)];
  return stacks.some(({ loadBalancers, rules }) => loadBalancers.length + rules.length > 0)
    ? null
    : "nothing of the environment stands behind a load balancer";
}

/** Why rules about tenants' own listener rules have nothing to look at. */
export function noTenantRule({ anyTenants, placed }: RoutingModel): string | null {
  return [...anyTenants.map(({ a }) => a), ...placed].some(({ rules }) => rules.length > 0)
    ? null
    : "no tenant has a service to itself: the shared services tell tenants apart by their hosts";
}

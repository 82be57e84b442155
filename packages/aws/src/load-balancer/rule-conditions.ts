import { assert } from "@tenantry/base";
import type { CfnListenerRule } from "aws-cdk-lib/aws-elasticloadbalancingv2";
import type { OriginHeader } from "./origin-header.ts";

/** Condition values that one rule may have: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html */
const valuesMax = 5;

export interface RuleConditionsProps {
  /** Hosts of which one must be asked for, with * as a wildcard: a list, or a token of one; null for any. */
  readonly hosts: readonly string[] | null;
  /** The path prefix of the service, such as "/api"; "/" takes all. */
  readonly route: string;
  readonly originHeader: OriginHeader | null;
}

/** What a request must have to be forwarded to a service. */
export function ruleConditions(props: RuleConditionsProps): CfnListenerRule.RuleConditionProperty[] {
  const { hosts, originHeader, route } = props;
  const paths = pathValues(route);
  return [
    ...(originHeader === null
      ? []
      : [
          {
            field: "http-header",
            httpHeaderConfig: { httpHeaderName: originHeader.name, values: [originHeader.value] },
          },
        ]),
    ...(hosts === null ? [] : [{ field: "host-header", hostHeaderConfig: { values: [...hosts] } }]),
    // A rule has at least one condition.
    ...(paths.length > 0 || (hosts === null && originHeader === null)
      ? [{ field: "path-pattern", pathPatternConfig: { values: paths.length > 0 ? paths : ["/*"] } }]
      : []),
  ];
}

/** How many hosts the rule of a service has room for. */
export function hostsMax(props: Pick<RuleConditionsProps, "route" | "originHeader">): number {
  const left = valuesMax - pathValues(props.route).length - (props.originHeader === null ? 0 : 1);
  assert(left > 0, `no host fits into the rule of ${props.route}`);
  return left;
}

/** The prefix itself and what is below it, so that "/api" does not take "/apiary". */
function pathValues(route: string): string[] {
  return route === "/" ? [] : [route, `${route}/*`];
}

import type { App } from "aws-cdk-lib";
import { CfnWebACLAssociation } from "aws-cdk-lib/aws-wafv2";
import { addOutOfHours } from "../alarms/add-out-of-hours.ts";
import { LoadBalancerAlarms } from "../alarms/load-balancer-alarms.ts";
import { alarmPrefixOf } from "../alarms/tenant-alarm-names.ts";
import { ShieldProtection } from "../edge/shield-protection.ts";
import { CellStack } from "../stack/cell-stack.ts";
import type { Site } from "../stack/site.ts";
import { alertTopicsOf } from "./alert-topics.ts";

/**
 * What stands before a cell and watches it: its alarms, its place behind the web ACL, Shield. Apart from the cell itself, because it
 * needs topics and web ACL, which come after the first cell.
 */
export function cellWatchStack(app: App, site: Site): CellStack {
  const { platform } = site;
  const stack = new CellStack(app, site, "cell-watch", {
    description: `Alarms and protection of one cell of ${platform.name} in ${platform.environment}.`,
  });
  const namePrefix = alarmPrefixOf(stack);
  const name = stack.fill("cell-{cell}");
  new LoadBalancerAlarms(stack, "Alarms", {
    setting: { namePrefix, topics: alertTopicsOf(stack) },
    name,
    loadBalancerFullName: stack.needOfCell("load-balancer-full-name"),
  });
  addOutOfHours(stack, `${namePrefix}-${name}`);
  const { cloudFront, shield, waf } = platform.edge;
  if (waf?.attachTo === "load-balancer") {
    new CfnWebACLAssociation(stack, "WebAcl", {
      resourceArn: stack.needOfCell("load-balancer-arn"),
      webAclArn: stack.need("edge/web-acl-arn"),
    });
  }
  const isReached = cloudFront === null && platform.routing.scheme === "internet-facing";
  if (shield === "advanced" && isReached) {
    new ShieldProtection(stack, "Shield", {
      name: `${namePrefix}-${name}`,
      resources: { LoadBalancer: stack.needOfCell("load-balancer-arn") },
    });
  }
  return stack;
}

import { type Finding, refuted } from "../../../rule.ts";
import { isBelow } from "../host-names.ts";
import type { RoutingModel } from "../routing-model.ts";
import { recordTypes, routingRule } from "../routing-rule.ts";
import { withoutPrefix } from "./records-lead-to-own-cell.ts";

const addressTypes: ReadonlySet<string> = new Set(["A", "AAAA", "CNAME"]);

export const recordsLeadToThePlatform = routingRule({
  id: "routing/records-lead-to-the-platform",
  why: "a record that leads to what is not the platform's gives whoever has that the hosts of all tenants below it",
  fix: "let every record lead to a load balancer or a distribution of the platform",
  reads: recordTypes,
  idle: ({ shared }) =>
    shared.some(({ records }) => records.length > 0) ? null : "the platform has no records",
  *judge(model) {
    for (const { records } of model.shared) {
      for (const { key, name, targets, type } of records) {
        if (!isBelow(name.replace(/^\*\./, ""), model.definition.domain.toLowerCase())) {
          yield refuted(key, `it names ${name}, which is not below ${model.definition.domain}`);
        }
        if (addressTypes.has(type)) yield* judgeTargets(model, key, targets);
      }
    }
  },
});

function* judgeTargets(model: RoutingModel, key: string, targets: readonly string[]): Iterable<Finding> {
  const names = new Set(model.shared.flatMap(({ records }) => records.map(({ name }) => name)));
  if (targets.length === 0) yield refuted(key, "it leads nowhere");
  for (const target of targets) {
    const host = withoutPrefix(target);
    const isOwn = model.loadBalancerNames.has(host) || model.distributionNames.has(host) || names.has(host);
    if (!isOwn) yield refuted(key, `it leads to ${target}, which is none of the platform's`);
  }
}

import { type Finding, refuted } from "../../../rule.ts";
import { hostName, isBelow } from "../host-names.ts";
import { tenantStacks } from "../read-routing.ts";
import type { Distribution, Origin, RoutingModel } from "../routing-model.ts";
import { routingRule } from "../routing-rule.ts";
import { allowedHosts } from "./hosts-follow-the-definition.ts";
import { noDistribution } from "./edge-caches-by-host.ts";
import { withoutPrefix } from "./records-lead-to-own-cell.ts";

export const edgeLeadsToThePlatform = routingRule({
  id: "routing/edge-leads-to-the-platform",
  why: "whatever a distribution leads to sees the requests of every tenant, and whoever can read on the way does too",
  fix: "let the distribution answer for the platform's hosts only, by HTTPS, and lead to its load balancers and buckets only",
  reads: ["AWS::CloudFront::Distribution"],
  idle: noDistribution,
  *judge(model) {
    const taken = new Map<string, string>();
    const declared = new Set(
      Object.values(model.definition.tenants).flatMap(({ hosts }) => hosts.map(hostName)),
    );
    const domain = hostName(model.definition.domain);
    const isPlatforms = (alias: string): boolean =>
      isBelow(alias.replace(/^\*\./, ""), domain) || declared.has(alias);
    for (const routes of [...model.shared, ...tenantStacks(model)]) {
      const own = routes.stack.tenant === null ? null : allowedHosts(model, routes);
      for (const distribution of routes.distributions) {
        yield* judgeAliases(distribution, own === null ? isPlatforms : (alias) => own.has(alias), taken);
        for (const origin of distribution.origins) yield* judgeOrigin(model, distribution, origin);
        yield* judgeBehaviors(distribution);
      }
    }
  },
});

function* judgeAliases(
  { aliases, key }: Distribution,
  isOwn: (alias: string) => boolean,
  taken: Map<string, string>,
): Iterable<Finding> {
  for (const alias of aliases) {
    const other = taken.get(alias);
    if (other !== undefined) yield refuted(key, `it answers for ${alias}, as ${other} does`);
    taken.set(alias, key);
    if (!isOwn(alias)) yield refuted(key, `it answers for ${alias}, which is none of its hosts`);
  }
}

function* judgeOrigin(
  { definition, loadBalancerNames, shared }: RoutingModel,
  { key }: Distribution,
  origin: Origin,
): Iterable<Finding> {
  const { host, id, protocol } = origin;
  if (protocol === null) {
    const isOwn = shared.some(({ buckets }) =>
      buckets.some((bucket) => host.startsWith(`${hostName(bucket)}.s3.`)),
    );
    if (!isOwn) yield refuted(key, `its origin ${id} is ${host}, which is no bucket of the platform`);
    return;
  }
  const isRecord = shared.some(({ records }) => records.some(({ name }) => name === host));
  if (!isRecord && !loadBalancerNames.has(withoutPrefix(host))) {
    yield refuted(key, `its origin ${id} is ${host}, which is no load balancer of the platform`);
  }
  if (definition.routing.listener === "https" && protocol !== "https-only") {
    yield refuted(key, `it calls its origin ${id} by ${protocol}`);
  }
}

function* judgeBehaviors({
  behaviors,
  key,
  oldestTls,
  originGroups,
  origins,
}: Distribution): Iterable<Finding> {
  if (!/^TLSv1\.[23]/.test(oldestTls)) yield refuted(key, `it takes ${oldestTls}`);
  for (const { origin, path, viewerProtocol } of behaviors) {
    if (!origins.some(({ id }) => id === origin) && !originGroups.includes(origin))
      yield refuted(key, `its behavior ${path} leads to ${origin}, which is no origin`);
    if (viewerProtocol !== "redirect-to-https" && viewerProtocol !== "https-only") {
      yield refuted(key, `its behavior ${path} answers by ${viewerProtocol || "any protocol"}`);
    }
  }
}

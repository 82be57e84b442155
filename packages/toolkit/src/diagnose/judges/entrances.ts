import { type Judgment, judgment } from "../finding.ts";
import {
  type HostSnapshot,
  type ListenerSnapshot,
  type LoadBalancerSnapshot,
  type RegionSnapshot,
  type RuleSnapshot,
  type Snapshot,
} from "../snapshot.ts";
import { shared, shortName, subjectOfHost, subjectOfService } from "../subjects.ts";

/** Listeners, their rules, and the names by which people come. */
export function judgeEntrances(snapshot: Snapshot): readonly Judgment[] {
  return [
    ...snapshot.regions.flatMap((region) => [...judgeLoadBalancers(region), ...judgeRules(region, snapshot)]),
    ...snapshot.hosts.flatMap(judgeHost),
  ];
}

function judgeLoadBalancers({ loadBalancers, region }: RegionSnapshot): readonly Judgment[] {
  return loadBalancers.flatMap(({ arn, state, listeners }) => {
    const subject = shared("listener", arn, region);
    const found: Judgment[] = [];
    if (state !== "active")
      found.push(
        judgment({
          severity: state === "provisioning" ? "note" : "error",
          code: "LOAD_BALANCER_NOT_ACTIVE",
          subject,
          what: `the load balancer ${shortName(arn)} is ${state}`,
          fix: [`aws elbv2 describe-load-balancers --region ${region} --load-balancer-arns ${arn}`],
        }),
      );
    if (listeners.length === 0)
      found.push(
        judgment({
          severity: "error",
          code: "LISTENER_MISSING",
          subject,
          what: `the load balancer ${shortName(arn)} has no listener: it takes no connections`,
          fix: ["tenantry plan, then tenantry deploy"],
        }),
      );
    return found;
  });
}

/** Every service behind a load balancer needs a rule that leads to it, and no earlier rule that catches its hosts. */
function judgeRules(region: RegionSnapshot, { hosts, environment }: Snapshot): readonly Judgment[] {
  const listeners = region.loadBalancers.flatMap((one) =>
    one.listeners.map((listener) => ({ one, listener })),
  );
  if (listeners.some(({ listener }) => listener.rules === null)) return [];
  return region.services.flatMap((service): readonly Judgment[] => {
    const groups = service.targets.map(({ targetGroup }) => targetGroup);
    if (groups.length === 0 || listeners.length === 0) return [];
    const own = listeners.flatMap(({ listener, one }) =>
      (listener.rules ?? [])
        .filter(({ targetGroups }) => targetGroups.some((group) => groups.includes(group)))
        .map((rule) => ({ rule, listener, loadBalancer: one })),
    );
    const affected = [subjectOfService(service, region.region)];
    const [listener] = listeners;
    if (own.length === 0) {
      const subject = {
        kind: "listener",
        id: listener?.listener.arn ?? "",
        region: region.region,
        tenant: service.tenant,
      } as const;
      return [
        judgment({
          severity: "error",
          code: "LISTENER_RULE_MISSING",
          subject,
          cause: service.tenant === null ? service.arn : service.name.replaceAll(service.tenant, "{tenant}"),
          affected,
          what: `no rule of a listener leads to ${service.name}: its hosts get ${defaultAnswer(listener?.listener)}`,
          because: groups.map((group) => `no rule forwards to ${shortName(group)} (${group})`),
          fix: [`tenantry plan ${environment}`, `tenantry deploy ${environment}`],
        }),
      ];
    }
    const hostsOfTenant = hosts.filter((one) => one.tenant !== null && one.tenant === service.tenant);
    return own.flatMap((one) =>
      judgeRule(one, { hosts: hostsOfTenant, affected, region: region.region, service: service.name }),
    );
  });
}

function defaultAnswer(listener: ListenerSnapshot | undefined): string {
  const rule = listener?.rules?.find(({ priority }) => priority === "default");
  return rule !== undefined && rule.targetGroups.length > 0
    ? "what the default action leads to"
    : "the default answer";
}

interface OwnRule {
  readonly rule: RuleSnapshot;
  readonly listener: ListenerSnapshot;
  readonly loadBalancer: LoadBalancerSnapshot;
}

interface RuleContext {
  readonly hosts: readonly HostSnapshot[];
  readonly affected: Judgment["affected"];
  readonly region: string;
  readonly service: string;
}

function judgeRule(
  { rule, listener }: OwnRule,
  { hosts, affected, region, service }: RuleContext,
): readonly Judgment[] {
  if (rule.hosts.length === 0) return [];
  return hosts.flatMap(({ host, tenant }) => {
    const subject = { kind: "listener", id: rule.arn, region, tenant } as const;
    const common = {
      severity: "error",
      subject,
      affected: [...affected, { kind: "host", id: host, region: null, tenant }],
    } as const;
    if (!rule.hosts.some((pattern) => coversHost(pattern, host)))
      return [
        judgment({
          ...common,
          code: "LISTENER_RULE_HOST",
          cause: "host",
          what: `the rule of ${service} does not take ${host}: it takes ${rule.hosts.join(", ")}`,
          fix: [
            `aws elbv2 modify-rule --region ${region} --rule-arn ${rule.arn} --conditions Field=host-header,Values=${[...rule.hosts, host].join(",")}`,
          ],
        }),
      ];
    const earlier = (listener.rules ?? []).find(
      (other) =>
        isBefore(other, rule) &&
        other.paths.length === 0 &&
        other.hosts.some((pattern) => coversHost(pattern, host)),
    );
    if (earlier === undefined || earlier.targetGroups.some((one) => rule.targetGroups.includes(one)))
      return [];
    return [
      judgment({
        ...common,
        code: "LISTENER_RULE_SHADOWED",
        cause: earlier.arn,
        what: `requests for ${host} never reach ${service}: the rule of priority ${earlier.priority} takes them before that of priority ${rule.priority}`,
        because: [`${earlier.arn} takes ${earlier.hosts.join(", ")}`],
        fix: [`aws elbv2 delete-rule --region ${region} --rule-arn ${earlier.arn}`],
      }),
    ];
  });
}

function isBefore(one: RuleSnapshot, other: RuleSnapshot): boolean {
  return one.priority !== "default" && Number(one.priority) < Number(other.priority);
}

/** Patterns of host headers: * is any text, ? one character; the host may itself be one. */
export function coversHost(pattern: string, host: string): boolean {
  if (pattern.toLowerCase() === host.toLowerCase()) return true;
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll("*", "[^.].*").replaceAll("?", ".")}$`, "i").test(host);
}

function isEntrance(expected: string, target: string): boolean {
  return expected.startsWith(".") ? target.endsWith(expected) : target === expected;
}

function judgeHost(given: HostSnapshot): readonly Judgment[] {
  const { host, zone, targets, expected, tenant } = given;
  if (targets === null || zone === null) return [];
  const subject = subjectOfHost(given);
  const common = { severity: "error", subject, cause: tenant === null ? host : "host" } as const;
  if (targets.length === 0)
    return [
      judgment({
        ...common,
        code: "HOST_HAS_NO_RECORD",
        what: `${host} does not resolve: the hosted zone ${zone} has no record for it`,
        fix: [
          "tenantry deploy, where a stack makes the record",
          `aws route53 list-resource-record-sets --hosted-zone-id ${zone}`,
        ],
      }),
    ];
  if (expected.length === 0 || targets.some((target) => expected.some((one) => isEntrance(one, target))))
    return [];
  return [
    judgment({
      ...common,
      code: "HOST_LEADS_ELSEWHERE",
      what: `${host} leads to ${targets.join(", ")}, which is no entrance of the platform`,
      because: [`entrances: ${expected.join(", ")}`],
      fix: [`correct the record of ${host} in the hosted zone ${zone}, or deploy the stack that makes it`],
    }),
  ];
}

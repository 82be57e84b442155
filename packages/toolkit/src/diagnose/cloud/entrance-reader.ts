import {
  DescribeListenerCertificatesCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  type Listener,
  type Rule,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { EntranceInspector } from "../inspector.ts";
import type { RuleSnapshot } from "../snapshot.ts";
import { caller, everyPage, orMissing, present, type Reading } from "./reading.ts";

const absent = ["LoadBalancerNotFound", "TargetGroupNotFound", "ListenerNotFound"];

export function entranceReader(reading: Reading): EntranceInspector {
  const client = new ElasticLoadBalancingV2Client(reading.config);
  const run = caller(reading, "elasticloadbalancing");
  const certificatesOf = async ({ ListenerArn, Protocol }: Listener): Promise<readonly string[]> => {
    if (Protocol !== "HTTPS" && Protocol !== "TLS") return [];
    const pages = await everyPage(
      (Marker) =>
        run("DescribeListenerCertificates", () =>
          client.send(new DescribeListenerCertificatesCommand({ ListenerArn, Marker })),
        ),
      ({ NextMarker }) => NextMarker,
    );
    return present(
      pages.flatMap(({ Certificates }) => (Certificates ?? []).map((one) => one.CertificateArn)),
    );
  };
  return {
    loadBalancer: async (arn) => {
      const ask = new DescribeLoadBalancersCommand({ LoadBalancerArns: [arn] });
      const answer = await run("DescribeLoadBalancers", () => orMissing(client.send(ask), ...absent));
      const one = answer?.LoadBalancers?.[0];
      if (one === undefined) return null;
      return {
        arn,
        dnsName: (one.DNSName ?? "").toLowerCase(),
        state: one.State?.Code ?? "active",
        securityGroups: present(one.SecurityGroups),
        subnets: present(one.AvailabilityZones?.map(({ SubnetId }) => SubnetId)),
      };
    },
    listeners: async (LoadBalancerArn) => {
      const pages = await everyPage(
        (Marker) =>
          run("DescribeListeners", () =>
            orMissing(client.send(new DescribeListenersCommand({ LoadBalancerArn, Marker })), ...absent),
          ),
        (page) => page?.NextMarker,
      );
      const listeners = pages.flatMap((page) => page?.Listeners ?? []);
      return Promise.all(
        listeners.map(async (one) => ({
          arn: one.ListenerArn ?? "",
          port: one.Port ?? 0,
          protocol: one.Protocol ?? "",
          certificates: await certificatesOf(one),
        })),
      );
    },
    rules: async (ListenerArn) => {
      const pages = await everyPage(
        (Marker) =>
          run("DescribeRules", () => client.send(new DescribeRulesCommand({ ListenerArn, Marker }))),
        ({ NextMarker }) => NextMarker,
      );
      return pages.flatMap(({ Rules }) => (Rules ?? []).map(ruleOf));
    },
    targetGroup: async (arn) => {
      const ask = new DescribeTargetGroupsCommand({ TargetGroupArns: [arn] });
      const answer = await run("DescribeTargetGroups", () => orMissing(client.send(ask), ...absent));
      const one = answer?.TargetGroups?.[0];
      if (one === undefined) return null;
      return {
        arn,
        port: one.Port ?? null,
        healthPath: one.HealthCheckPath ?? "/",
        healthPort: one.HealthCheckPort ?? "traffic-port",
        matcher: one.Matcher?.HttpCode ?? one.Matcher?.GrpcCode ?? "200",
        timeoutSeconds: one.HealthCheckTimeoutSeconds ?? 5,
        loadBalancers: present(one.LoadBalancerArns),
      };
    },
    targets: async (TargetGroupArn) => {
      const ask = new DescribeTargetHealthCommand({ TargetGroupArn });
      const answer = await run("DescribeTargetHealth", () => orMissing(client.send(ask), ...absent));
      return (answer?.TargetHealthDescriptions ?? []).map(({ Target, TargetHealth }) => ({
        id: Target?.Id ?? "",
        port: Target?.Port ?? null,
        state: TargetHealth?.State ?? "",
        reason: TargetHealth?.Reason ?? null,
        description: TargetHealth?.Description ?? null,
      }));
    },
  };
}

function ruleOf(rule: Rule): RuleSnapshot {
  const conditions = rule.Conditions ?? [];
  const valuesOf = (field: string) =>
    present(
      conditions
        .filter(({ Field }) => Field === field)
        .flatMap((one) => one.HostHeaderConfig?.Values ?? one.PathPatternConfig?.Values ?? one.Values ?? []),
    );
  const actions = rule.Actions ?? [];
  return {
    arn: rule.RuleArn ?? "",
    priority: rule.Priority ?? "",
    hosts: valuesOf("host-header"),
    paths: valuesOf("path-pattern"),
    targetGroups: [
      ...new Set(
        present(
          actions.flatMap(({ TargetGroupArn, ForwardConfig }) => [
            TargetGroupArn,
            ...(ForwardConfig?.TargetGroups ?? []).map((one) => one.TargetGroupArn),
          ]),
        ),
      ),
    ],
  };
}

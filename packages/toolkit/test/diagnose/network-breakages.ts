import { certificate, nowMs, region } from "./healthy-snapshot.ts";
import { acme, type Breakage, endpoint, unhealthy } from "./snapshot-parts.ts";

/** What can be wrong with networks, entrances, databases and readings. */
export const networkBreakages: readonly Breakage[] = [
  [
    "no way out of the load balancer",
    ({ network }) => Object.assign(network.securityGroups["sg-balancer"] ?? {}, { egress: [] }),
    "SECURITY_GROUP_EGRESS_MISSING",
    /the load balancer may not open connections .* on port 8080/,
  ],
  [
    "no way into the tasks",
    ({ network }) => Object.assign(network.securityGroups[acme.group] ?? {}, { ingress: [] }),
    "SECURITY_GROUP_INGRESS_MISSING",
    /the tasks of acme-corp_app takes? no connections from the load balancer on port 8080/,
  ],
  [
    "no way into the database",
    ({ network }) => Object.assign(network.securityGroups["sg-database"] ?? {}, { ingress: [] }),
    "SECURITY_GROUP_INGRESS_MISSING",
    /the database main takes no connections/,
  ],
  [
    "tasks that do not carry the client group",
    ({ service }) => Object.assign(service, { securityGroups: [acme.group, "sg-target"] }),
    "SECURITY_GROUP_INGRESS_MISSING",
    /the database main takes no connections from the tasks of acme-corp_app on port 5432/,
  ],
  [
    "a network ACL",
    ({ acl }) =>
      acl.entries.push({
        number: 50,
        direction: "ingress",
        action: "deny",
        protocol: "6",
        cidr: "10.0.0.0/24",
        fromPort: 8080,
        toPort: 8080,
      }),
    "NETWORK_ACL_REFUSES",
    /acl-1 refuses connections of the load balancer .* port 8080 from 10\.0\.0\.0/,
  ],
  [
    "a network ACL without answers",
    ({ acl }) =>
      acl.entries.push({
        number: 50,
        direction: "egress",
        action: "deny",
        protocol: "6",
        cidr: "10.0.0.0/24",
        fromPort: 1024,
        toPort: 65_535,
      }),
    "NETWORK_ACL_REFUSES",
    /refuses answers of the tasks/,
  ],
  [
    "no route",
    ({ network }) => Object.assign(network.routeTables[1] ?? {}, { routes: [] }),
    "ROUTE_MISSING",
    /rtb-private has no way to the internet/,
  ],
  [
    "a route to nothing",
    ({ network }) => Object.assign(network.routeTables[1]?.routes[1] ?? {}, { isBlackhole: true }),
    "ROUTE_BLACKHOLE",
    /nat-1, which does not exist/,
  ],
  [
    "a route for public addresses only",
    ({ network }) => Object.assign(network.routeTables[1]?.routes[1] ?? {}, { target: "igw-1" }),
    "ROUTE_MISSING",
    /igw-1, which only serves/,
  ],
  [
    "a NAT gateway that failed",
    ({ network }) => Object.assign(network.natGateways["nat-1"] ?? {}, { state: "failed" }),
    "NAT_GATEWAY_UNUSABLE",
    /nat-1 is failed/,
  ],
  [
    "a NAT gateway in a private subnet",
    ({ network }) => Object.assign(network.natGateways["nat-1"] ?? {}, { subnet: "subnet-private-a" }),
    "NAT_GATEWAY_UNUSABLE",
    /does not lead to an internet gateway/,
  ],
  [
    "an endpoint that lets nobody in",
    ({ network }) => endpoint(network, ["sg-database"]),
    "VPC_ENDPOINT_UNUSABLE",
    /the endpoint of secretsmanager takes no connections/,
  ],
  [
    "endpoints without DNS",
    ({ network }) => {
      endpoint(network, ["sg-endpoint"]);
      Object.assign(network.vpcs["vpc-1"] ?? {}, { dnsHostnames: false });
    },
    "VPC_DNS_OFF",
    /dns hostnames is off in vpc-1/,
  ],
  [
    "a target group that is gone",
    ({ only }) => Object.assign(only.targetGroups, { [acme.targetGroup]: { kind: "missing" } }),
    "TARGET_GROUP_MISSING",
    /does not exist/,
  ],
  [
    "targets that answer with another code",
    (parts) =>
      unhealthy(parts, "Target.ResponseCodeMismatch", "Health checks failed with these codes: [404]"),
    "HEALTH_CODE_UNEXPECTED",
    /2 of 2 targets .* GET \/healthz answers 404, and the health check takes 200-399/,
  ],
  [
    "targets that do not answer",
    (parts) => unhealthy(parts, "Target.Timeout", "Request timed out"),
    "TARGET_TIMEOUT",
    /does not answer within 5 s/,
  ],
  [
    "targets that refuse",
    (parts) => unhealthy(parts, "Target.FailedHealthChecks"),
    "TARGET_REFUSES",
    /refused or broken off/,
  ],
  [
    "tasks that are not registered",
    ({ targetGroup }) => Object.assign(targetGroup, { targets: [] }),
    "TARGETS_NOT_REGISTERED",
    /2 tasks of acme-corp_app run and none is registered/,
  ],
  [
    "a rule that is gone",
    ({ rules }) => void rules.shift(),
    "LISTENER_RULE_MISSING",
    /no rule of a listener leads to acme-corp_app: its hosts get the default answer/,
  ],
  [
    "a rule for another host",
    ({ rules }) => Object.assign(rules[0] ?? {}, { hosts: ["other.example.com"] }),
    "LISTENER_RULE_HOST",
    /does not take acme-corp\.example\.com: it takes other\.example\.com/,
  ],
  [
    "a rule before it",
    ({ rules }) =>
      rules.push({
        arn: "rule-0",
        priority: "0",
        hosts: ["acme-corp.*"],
        paths: [],
        targetGroups: ["other"],
      }),
    "LISTENER_RULE_SHADOWED",
    /priority 0 takes them before that of priority 1/,
  ],
  [
    "a load balancer without listener",
    ({ loadBalancer }) => Object.assign(loadBalancer, { listeners: [] }),
    "LISTENER_MISSING",
    /takes no connections/,
  ],
  [
    "a load balancer that failed",
    ({ loadBalancer }) => Object.assign(loadBalancer, { state: "failed" }),
    "LOAD_BALANCER_NOT_ACTIVE",
    /is failed/,
  ],
  [
    "a certificate that is gone",
    ({ only }) => Object.assign(only.certificates, { [certificate]: { kind: "missing" } }),
    "CERTIFICATE_MISSING",
    /does not exist/,
  ],
  [
    "a certificate that waits",
    ({ certificate: one }) =>
      Object.assign(one, {
        status: "PENDING_VALIDATION",
        pending: [
          {
            domain: "example.com",
            record: { name: "_x.example.com.", type: "CNAME", value: "_y.acm-validations.aws." },
          },
        ],
      }),
    "CERTIFICATE_NOT_VALIDATED",
    /waits for proof/,
  ],
  [
    "a certificate that failed",
    ({ certificate: one }) => Object.assign(one, { status: "FAILED", failure: "CAA_ERROR" }),
    "CERTIFICATE_NOT_ISSUED",
    /FAILED: CAA_ERROR/,
  ],
  [
    "a certificate that ends soon",
    ({ certificate: one }) => Object.assign(one, { expiresAtMs: nowMs + 10 * 86_400_000 }),
    "CERTIFICATE_EXPIRES",
    /expires in 10 days/,
  ],
  [
    "a certificate that ended",
    ({ certificate: one }) => Object.assign(one, { expiresAtMs: nowMs - 1 }),
    "CERTIFICATE_EXPIRED",
    /has expired/,
  ],
  [
    "a host without record",
    (_, { hosts }) => Object.assign(hosts[0] ?? {}, { targets: [] }),
    "HOST_HAS_NO_RECORD",
    /acme-corp\.example\.com does not resolve/,
  ],
  [
    "a host that leads elsewhere",
    (_, { hosts }) => Object.assign(hosts[0] ?? {}, { targets: ["old.elb.amazonaws.com"] }),
    "HOST_LEADS_ELSEWHERE",
    /leads to old\.elb/,
  ],
  [
    "a database that is gone",
    ({ only }) => Object.assign(only.databases, { main: { kind: "missing" } }),
    "DATABASE_MISSING",
    /main was made by its stack/,
  ],
  [
    "a database that stopped",
    ({ database }) => Object.assign(database, { status: "stopped" }),
    "DATABASE_NOT_AVAILABLE",
    /main \(aurora-postgresql\) is stopped/,
  ],
  [
    "a database without storage",
    ({ database }) => Object.assign(database, { status: "storage-full" }),
    "DATABASE_STORAGE_FULL",
    /storage-full/,
  ],
  [
    "a database without endpoint",
    ({ database }) => Object.assign(database, { endpoint: null }),
    "DATABASE_NO_ENDPOINT",
    /no endpoint/,
  ],
  [
    "an administrator's secret that is impaired",
    ({ database }) => Object.assign(database.masterSecret ?? {}, { status: "impaired" }),
    "DATABASE_SECRET_IMPAIRED",
    /impaired/,
  ],
  [
    "an alarm",
    ({ only }) =>
      only.alarms.push({
        name: "shop-production-main-connections",
        tenant: null,
        logicalId: "MainConnections",
        description: "Too many connections.",
        reason: "90 > 80",
      }),
    "ALARM_RINGS",
    /Too many connections/,
  ],
  [
    "something that is denied",
    (_, { unread }) => unread.push({ action: "iam:GetPolicy", region: null, isDenied: true, detail: "no" }),
    "READING_DENIED",
    /iam:GetPolicy is denied/,
  ],
  [
    "something that does not answer",
    (_, { unread }) => unread.push({ action: "ecs:ListTasks", region, isDenied: false, detail: "no" }),
    "READING_FAILED",
    /incomplete/,
  ],
];

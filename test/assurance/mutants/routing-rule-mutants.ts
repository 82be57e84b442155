import { assert } from "@tenantry/base";
import { editJson, editTemplate } from "./edit.ts";
import type { Mutant } from "./mutant.ts";
import {
  collector,
  silos,
  starter,
  withSilos,
  encrypted,
  shared,
  everywhere,
  change,
  ofTenant,
  ofCell,
  insert,
  place,
  manifest,
  rule,
  group,
  foreignGroup,
  hostCondition,
} from "./routing-edits.ts";

const { add, mutants } = collector();

// Priorities.
add(
  "one priority for all tenants",
  "rule-priorities-apart",
  withSilos,
  ofTenant(rule, (it) => {
    it["Priority"] = 7;
  }),
);
add("the next tenant's place for a second rule", "rule-priorities-apart", silos, (files) =>
  manifest((parameters) => {
    parameters["PriorityAdmin"] = { kind: "priority", index: 1, count: 1 };
  })(
    editTemplate(files, "tenant-silo", ({ Parameters, Resources }) => {
      const second = structuredClone(Resources[rule]);
      assert(second !== undefined && Parameters !== undefined, "there is no rule to copy");
      Parameters["PriorityAdmin"] = { Type: "Number" };
      second.Properties["Priority"] = { Ref: "PriorityAdmin" };
      Resources["SecondRule"] = second;
    }),
  ),
);
add(
  "a shared rule on a tenant's place",
  "rule-priorities-apart",
  shared,
  change("services", rule, (it) => {
    it["Priority"] = 5;
  }),
);
add(
  "two tenants with one priority",
  "rule-priorities-apart",
  silos,
  place(({ parameters }) => {
    parameters["PriorityApp"] = "1";
  }),
);
add(
  "a priority that AWS does not take",
  "rule-priorities-apart",
  shared,
  change("services", rule, (it) => {
    it["Priority"] = 60_000;
  }),
);
add(
  "a shared rule before those of tenants",
  "no-rule-takes-anothers-hosts",
  shared,
  change("services", rule, (it) => {
    it["Priority"] = 0;
  }),
);
add(
  "a shared rule for one path before those of tenants",
  "no-rule-takes-anothers-hosts",
  shared,
  change("services", rule, (it) => {
    it["Priority"] = 1;
    it["Conditions"].push({ Field: "path-pattern", PathPatternConfig: { Values: ["/login"] } });
  }),
);
add(
  "a shared rule that asks for no host before tenants",
  "no-rule-takes-anothers-hosts",
  shared,
  change("services", rule, (it) => {
    it["Priority"] = 1;
    it["Conditions"] = [{ Field: "http-request-method", HttpRequestMethodConfig: { Values: ["POST"] } }];
  }),
);

// Where rules stand and lead.
add(
  "a rule in a literal listener",
  "rules-on-own-cell",
  withSilos,
  ofTenant(rule, (it) => {
    it["ListenerArn"] = "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/x/1/2";
  }),
);
add(
  "a certificate on another listener",
  "rules-on-own-cell",
  silos,
  ofTenant("CertificateOnListener", (it) => {
    it["ListenerArn"] = "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/x/1/2";
  }),
);
add("rules on the listener that leads to HTTPS", "rules-on-own-cell", [...silos, ...starter], (files) =>
  editTemplate(files, "cell", ({ Resources }) => {
    const value = Object.values(Resources).find(({ Properties }) =>
      JSON.stringify(Properties["Name"] ?? "").includes("/listener-arn"),
    );
    assert(value !== undefined, "the cell does not say its listener");
    value.Properties["Value"] = { Ref: "ListenersRedirect" };
  }),
);
add(
  "a port of the tenant's own on the shared load balancer",
  "rules-on-own-cell",
  withSilos,
  insert("tenant-silo", "Door", "AWS::ElasticLoadBalancingV2::Listener", {
    LoadBalancerArn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/x/1",
    Port: 8443,
    Protocol: "HTTPS",
    DefaultActions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "404" } }],
  }),
);
add(
  "a target group of another stack",
  "rules-forward-to-own-targets",
  withSilos,
  ofTenant(rule, (it) => {
    it["Actions"][0]["TargetGroupArn"] = foreignGroup;
  }),
);
add(
  "a second target group with a little weight",
  "rules-forward-to-own-targets",
  withSilos,
  ofTenant(rule, (it) => {
    const own = it["Actions"][0]["TargetGroupArn"];
    it["Actions"] = [
      {
        Type: "forward",
        ForwardConfig: {
          TargetGroups: [
            { TargetGroupArn: own, Weight: 99 },
            { TargetGroupArn: foreignGroup, Weight: 1 },
          ],
        },
      },
    ];
  }),
);
add(
  "people sent to another tenant",
  "rules-forward-to-own-targets",
  silos,
  ofTenant(rule, (it) => {
    it["Actions"] = [
      { Type: "redirect", RedirectConfig: { Host: "acme-corp.example.com", StatusCode: "HTTP_302" } },
    ];
  }),
);
add(
  "a shared rule that leads elsewhere",
  "rules-forward-to-own-targets",
  shared,
  change("services", rule, (it) => {
    it["Actions"][0]["TargetGroupArn"] = foreignGroup;
  }),
);
add(
  "a default that forwards",
  "default-actions-answer-nobody",
  [...silos, ...starter],
  ofCell("ListenersHttps", (it) => {
    it["DefaultActions"] = [{ Type: "forward", TargetGroupArn: foreignGroup }];
  }),
);
add(
  "a default that leads to somebody",
  "default-actions-answer-nobody",
  encrypted,
  ofCell("ListenersHttps", (it) => {
    it["DefaultActions"] = [
      {
        Type: "redirect",
        RedirectConfig: { Protocol: "HTTPS", Host: "acme-corp.example.com", StatusCode: "HTTP_302" },
      },
    ];
  }),
);
add(
  "a default that leads to HTTP",
  "default-actions-answer-nobody",
  [...silos, ...starter],
  ofCell("ListenersRedirect", (it) => {
    it["DefaultActions"][0]["RedirectConfig"]["Protocol"] = "HTTP";
  }),
);

add("no rule at all", "silo-hosts-have-rules", withSilos, (files) =>
  editTemplate(files, "tenant-silo", ({ Resources }) => {
    delete Resources[rule];
  }),
);
add(
  "a rule for one host too few",
  "silo-hosts-have-rules",
  silos,
  ofTenant(rule, (it) => {
    it["Conditions"] = hostCondition([{ "Fn::Join": ["", [{ Ref: "TenantId" }, ".example.com"]] }]);
  }),
);
add("a tier without its template", "silo-hosts-have-rules", starter, (files) =>
  editJson<{ tenantTemplates: { tier: string }[] }>(files, "cloudformation/manifest.json", (it) => {
    it.tenantTemplates = it.tenantTemplates.filter(({ tier }) => tier !== "silo");
  }),
);

// Targets.
add(
  "tasks in another's target group",
  "targets-fed-by-own-service",
  withSilos,
  ofTenant("AppService", (it) => {
    it["LoadBalancers"].push({ ContainerName: "app", ContainerPort: 80, TargetGroupArn: foreignGroup });
  }),
);
add(
  "an address in the template",
  "targets-fed-by-own-service",
  withSilos,
  ofTenant(group, (it) => {
    it["Targets"] = [{ Id: "10.0.48.17", Port: 80 }];
  }),
);
add(
  "a target group that nobody feeds",
  "targets-fed-by-own-service",
  withSilos,
  ofTenant("AppService", (it) => {
    it["LoadBalancers"] = [];
  }),
);
add(
  "deployments that shift another's rule",
  "targets-fed-by-own-service",
  [["saas-management", "production"]],
  change("services", "ApiService", (it) => {
    it["LoadBalancers"][0]["AdvancedConfiguration"]["ProductionListenerRule"] =
      "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener-rule/app/x/1/2/3";
  }),
);
add("machines as targets", "targets-match-containers", everywhere, (files) =>
  files["cloudformation/tenant-silo.template.json"] === undefined
    ? change("services", "ApiServiceTargetsTargetGroup", (it) => {
        it["TargetType"] = "instance";
      })(files)
    : ofTenant(group, (it) => {
        it["TargetType"] = "instance";
      })(files),
);
add(
  "another port",
  "targets-match-containers",
  withSilos,
  ofTenant(group, (it) => {
    it["Port"] = 9000;
  }),
);
add(
  "a port that the container does not open",
  "targets-match-containers",
  withSilos,
  ofTenant("AppService", (it) => {
    it["LoadBalancers"][0]["ContainerPort"] = 9000;
  }),
);
add(
  "a container of another name",
  "targets-match-containers",
  withSilos,
  ofTenant("AppService", (it) => {
    it["LoadBalancers"][0]["ContainerName"] = "sidecar";
  }),
);
add(
  "tasks of another definition",
  "targets-match-containers",
  withSilos,
  ofTenant("AppService", (it) => {
    it["TaskDefinition"] = "saas-platform-production-acme-corp_app:7";
  }),
);
add(
  "the health of another port",
  "targets-match-containers",
  withSilos,
  ofTenant(group, (it) => {
    it["HealthCheckPort"] = "9100";
  }),
);

export const routingRuleMutants: readonly Mutant[] = mutants;

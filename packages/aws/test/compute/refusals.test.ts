// Goal: what AWS would refuse at a deployment is refused here, with what to write instead.
import { isCodedError } from "@tenantry/base";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hostsMax, ruleConditions } from "../../src/load-balancer/rule-conditions.ts";
import { sharedRulePriorities } from "../../src/load-balancer/shared-rule-priorities.ts";
import { versionOf } from "../../src/service/container-image.ts";
import { platformWith } from "../test-stack.ts";
import { computeTemplates } from "./compute-templates.ts";

const app = { image: "nginx:1.29", route: "/" };
const silo = { services: { app: "silo" } };

function refusal(settings: object, environment: object = {}): string {
  const platform = platformWith(settings, environment);
  try {
    computeTemplates(platform);
  } catch (error) {
    if (error instanceof Error && isCodedError(error)) return `${error.code}: ${error.message}; ${error.fix}`;
    throw error;
  }
  return "nothing";
}

test("more hosts than a rule takes", () => {
  const tenants = (count: number) => ({
    services: { app, api: { image: "api:1", route: "/api" } },
    routing: { listener: "http" },
    tiers: { silo: { services: { app: "silo", api: "silo" } } },
    tenants: {
      acme: { tier: "silo", domains: Array.from({ length: count }, (_, index) => `d${index}.acme.test`) },
    },
  });
  expect(refusal(tenants(1))).toBe("nothing");
  expect(refusal(tenants(2))).toMatchInlineSnapshot(
    `"AWS_TENANT_HOSTS: the tenant acme has 4 hosts, and the load balancer's rule for api has room for 3; leave at most 3 hosts: fewer domains of the tenant's own, or fewer patterns in routing.tenantHosts; AWS does not raise this limit"`,
  );
});

test("a domain of a tenant's own without anybody who has a certificate for it", () => {
  const settings = {
    services: { app },
    tiers: { silo },
    tenants: { acme: { tier: "silo", domains: ["acme.test"] } },
  };
  expect(refusal(settings)).toMatchInlineSnapshot(
    `"AWS_TENANT_DOMAIN: the tenant acme has the domain acme.test, for which the load balancer has no certificate; put CloudFront before it with edge.cloudFront.customDomains, or leave the domain away: ACM proves only domains in the platform's own hosted zone without help"`,
  );
  expect(refusal({ ...settings, edge: { cloudFront: { customDomains: true } } })).toBe("nothing");
  expect(refusal({ ...settings, routing: { listener: "http" } })).toBe("nothing");
  // Who shares everything needs a certificate as well.
  expect(refusal({ ...settings, tiers: { silo: {} } })).toContain("AWS_TENANT_DOMAIN");
});

test("a tenant whose hosts lead to another cell than its services", () => {
  const settings = {
    services: { app, api: { image: "api:1", route: "/api" } },
    tiers: { silo },
    tenants: { acme: "silo", globex: "silo" },
  };
  expect(refusal(settings)).toBe("nothing");
  const full = { ...settings, cells: { capacity: 1 } };
  expect(refusal(full)).toMatchInlineSnapshot(
    `"AWS_CELL_UNREACHABLE: the tenant globex has its hosts in cell 2, and api, which it shares, is behind the load balancer of cell 1 alone; raise cells.capacity so that the tenants of this tier fit into one cell, or make api silo in the tier"`,
  );
  expect(refusal({ ...full, services: { app } })).toBe("nothing");
});

test("a certificate for localhost", () => {
  expect(refusal({ domain: "localhost", services: { app } })).toMatchInlineSnapshot(
    `"AWS_DOMAIN_LOCAL: nobody can give the environment production a certificate for the domain localhost; give the environment a domain of its own, or set routing.listener to "http""`,
  );
});

test("more security groups than ECS takes for a task", () => {
  const stores = Object.fromEntries(["a", "b", "c", "d"].map((name) => [name, { kind: "redis" }]));
  const uses = Object.keys(stores);
  expect(refusal({ services: { app: { ...app, uses } }, stores })).toMatchInlineSnapshot(
    `"AWS_SECURITY_GROUPS: a task of app, which uses a, b, c, d, would carry 6 security groups, and ECS takes 5; let the service use fewer stores, or divide it into two services"`,
  );
  expect(refusal({ services: { app: { ...app, uses: uses.slice(1) } }, stores })).toBe("nothing");
});

test("a service that has no image", () => {
  const local = { command: ["node", "app.ts"] };
  expect(refusal({ services: { app: { local } } })).toMatchInlineSnapshot(
    `"AWS_IMAGE_MISSING: the service app has no image that ECS could run; name one, such as image: "{registry}/app:1.0.0", or say with build how it is made"`,
  );
});

test("steps of a canary that ECS does not have", () => {
  const steps = [5, 30].map((percent) => ({ percent, pauseMinutes: 5 }));
  expect(
    refusal({ services: { app: { ...app, deployment: { strategy: "canary", steps } } } }),
  ).toMatchInlineSnapshot(
    `"AWS_CANARY_STEPS: ECS cannot shift the traffic of app in the steps 5, 30; write one step (a canary), or steps of the same size and pause from 3 percent on, such as 25, 50, 75"`,
  );
});

test("gRPC behind a listener that speaks HTTP", () => {
  const services = { app: { ...app, protocol: "grpc" } };
  expect(refusal({ services, routing: { listener: "http" } })).toMatchInlineSnapshot(
    `"AWS_GRPC_LISTENER: the load balancer forwards gRPC to app only from an HTTPS listener; set routing.listener to "https", or the protocol of the service to "http""`,
  );
  expect(refusal({ services })).toBe("nothing");
});

test("no egress in a region whose list of S3 is not known", () => {
  const settings = {
    network: { endpoints: ["s3", "ecr.api", "ecr.dkr", "logs"] },
    services: { app: { ...app, egress: "none" } },
  };
  expect(refusal(settings, { region: "eu-south-2" })).toContain("AWS_PREFIX_LIST");
  expect(refusal(settings)).toBe("nothing");
});

test("a secret of a tenant in a service that all share", () => {
  const services = { app: { ...app, secrets: { KEY: "keys/{tenant}" } } };
  expect(refusal({ services, tiers: { pool: {} } })).toMatchInlineSnapshot(
    `"AWS_SHARED_SECRET: the variable KEY of app is the secret keys/{tenant}, but tenants share the service; name a secret without {tenant}, or make the service silo in every tier"`,
  );
  expect(refusal({ services, tiers: { silo } })).toBe("nothing");
});

describe("rules of the listener", () => {
  test("ask for a whole part of the path, and always for something", () => {
    expect(ruleConditions({ hosts: null, route: "/", originHeader: null })).toEqual([
      { field: "path-pattern", pathPatternConfig: { values: ["/*"] } },
    ]);
    expect(ruleConditions({ hosts: ["a.test"], route: "/api", originHeader: null })).toEqual([
      { field: "host-header", hostHeaderConfig: { values: ["a.test"] } },
      { field: "path-pattern", pathPatternConfig: { values: ["/api", "/api/*"] } },
    ]);
  });

  test("have five values at most, whatever they ask for", () => {
    const originHeader = { name: "x", value: "y" };
    expect(hostsMax({ route: "/", originHeader: null })).toBe(5);
    expect(hostsMax({ route: "/api", originHeader: null })).toBe(3);
    expect(hostsMax({ route: "/api", originHeader })).toBe(2);
  });

  const part = fc.stringMatching(/^[a-z]{1,6}$/);
  const route = fc.array(part, { maxLength: 4 }).map((parts) => `/${parts.join("/")}`);
  const routes = fc.uniqueArray(route, { minLength: 1, maxLength: 30 });

  test("a longer path is asked before a shorter one, each in a place of its own above the tenants'", () => {
    fc.assert(
      fc.property(routes, (list) => {
        const priorities = sharedRulePriorities(list);
        const values = [...priorities.values()];
        expect(new Set(values).size).toBe(list.length);
        expect(Math.min(...values)).toBeGreaterThan(40_000);
        expect(Math.max(...values)).toBeLessThanOrEqual(50_000);
        for (const outer of list) {
          for (const inner of list.filter(
            (one) => one !== outer && one.startsWith(outer === "/" ? "/" : `${outer}/`),
          )) {
            expect(priorities.get(inner)).toBeLessThan(priorities.get(outer) ?? 0);
          }
        }
      }),
    );
  });

  test("the places of routes do not depend on their order", () => {
    fc.assert(
      fc.property(routes, (list) => {
        expect([...sharedRulePriorities(list.toReversed())]).toEqual([...sharedRulePriorities(list)]);
      }),
    );
  });

  test("another route leaves the others where they are", () => {
    const before = sharedRulePriorities(["/", "/api", "/reports"]);
    const after = sharedRulePriorities(["/", "/admin", "/api", "/api/v3", "/reports"]);
    for (const [one, priority] of before) expect(after.get(one)).toBe(priority);
  });
});

test.each([
  ["{registry}/web:1.0.1", ":1.0.1"],
  ["{registry}/team/web", ""],
  [`{registry}/web:1@sha256:${"a".repeat(64)}`, `:1@sha256:${"a".repeat(64)}`],
])("the version of %s is what stands behind its name", (image, version) => {
  expect(versionOf(image)).toBe(version);
});

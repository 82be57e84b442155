/** A definition without mistakes that uses most fields, as plain data that tests may break. */
export function validDefinition() {
  return {
    name: "shop",
    domain: "shop.example.com",
    compute: "fargate",
    network: {
      cidr: "10.0.0.0/16",
      zones: 2,
      subnets: { public: ["10.0.1.0/24", "10.0.2.0/24"], private: "auto" },
      natGateways: "per-zone",
      endpoints: ["s3", "logs"],
    },
    edge: { cloudFront: { customDomains: true }, waf: { rateRules: [{ name: "all", requests: 1000 }] } },
    cluster: { version: "1.33", nodeGroups: { general: { instances: ["m6i.large"] } } },
    services: {
      web: { image: "nginx:1.29", route: "/", uses: ["main", "files"], scaling: { min: 2, max: 8 } },
      api: {
        image: "{registry}/api:1.0.0",
        route: "/api",
        allowFrom: ["load-balancer", "web"],
        deployment: { strategy: "canary", steps: [{ percent: 10, pauseMinutes: 5 }] },
        local: { command: ["node", "server.ts"], env: { LEVEL: "info" } },
      },
    },
    functions: { resize: { code: "resize", triggers: [{ kind: "queue", queue: "jobs" }], uses: ["files"] } },
    stores: {
      main: { kind: "postgres", version: "16.4", instance: "r6g.large", instances: 2 },
      cache: { kind: "redis", nodes: 2, clusterMode: true },
      files: { kind: "bucket", name: "shop-{tenant}-files-{environment}" },
      assets: { kind: "bucket", lifecycle: [{ afterDays: 30, to: "glacier" }] },
      jobs: { kind: "queue" },
      events: { kind: "topic", subscribers: ["jobs", "resize"] },
    },
    tiers: {
      silo: {
        services: { web: "silo" },
        stores: { main: "bridge", files: "silo" },
        limits: { requestsPerMinute: 60 },
      },
    },
    tenants: { "acme-corp": "silo", "globex-inc": { tier: "silo", domains: ["shop.globex.example"] } },
    observability: {
      dashboards: [{ title: "Operations", shows: ["services"] }],
      alerts: {
        destinations: { mail: { kind: "email", address: "on-call@example.com" } },
        routes: { critical: { to: ["mail"] } },
      },
      slos: { web: { service: "web", objectivePercent: 99.9 } },
    },
    delivery: { pipeline: { gates: ["lint", "deploy"] } },
    identity: { deployment: { repository: "shop/platform" } },
    backups: { plans: { daily: { stores: ["main"], schedule: "rate(1 day)" } } },
    cost: { budget: { monthlyUsd: 100, alertPercents: [80, 100], notify: ["mail"] } },
    tags: { Team: "shop" },
    environments: {
      staging: { region: "eu-west-1", services: { web: { scaling: { max: 3 } } } },
      production: {
        region: "us-east-1",
        recovery: { region: "us-west-2", stores: { main: { instances: 1 } } },
      },
    },
  };
}

/** The definition with one value set (or taken away with `undefined`) at a path such as "services.web.port". */
export function withChange(path: string, value: unknown): Record<string, unknown> {
  return withChanges([[path, value]]);
}

export function withChanges(
  changes: readonly (readonly [path: string, value: unknown])[],
): Record<string, unknown> {
  const definition = validDefinition() as Record<string, unknown>;
  for (const [path, value] of changes) change(definition, path, value);
  return definition;
}

function change(definition: Record<string, unknown>, path: string, value: unknown): void {
  const steps = path.split("/");
  let at = definition;
  for (const step of steps.slice(0, -1)) {
    if (typeof at[step] !== "object" || at[step] === null) at[step] = {};
    at = at[step] as Record<string, unknown>;
  }
  const last = steps.at(-1) ?? "";
  if (value === undefined) delete at[last];
  else at[last] = value;
}

import {
  bucket,
  definePlatform,
  postgres,
  redis,
  service,
  type ServiceSettings,
  tier,
} from "@tenantry/model";

/** Blue/green with the traffic shifted in steps, watched by its objectives (Argo Rollouts). */
const shifted: NonNullable<ServiceSettings["deployment"]> = {
  strategy: "blue-green-canary",
  rollback: "automatic",
  steps: [
    { percent: 5, pauseMinutes: 5 },
    { percent: 25, pauseMinutes: 10 },
    { percent: 50, pauseMinutes: 10 },
  ],
  analysis: { successRatePercentMin: 99, errorRatePercentMax: 1, latencyP99MsMax: 500, intervalSeconds: 60 },
};

export default definePlatform({
  name: "multitenant",
  description: "Multi-tenant SaaS platform on EKS: GitOps, canary releases, an API in two versions",
  domain: "multitenant.example.com",
  compute: "eks",

  network: {
    cidr: "10.0.0.0/16",
    zones: 3,
    subnets: { public: "auto", private: "auto", database: "auto" },
    endpoints: ["s3", "ecr.api", "ecr.dkr", "sts", "secretsmanager", "logs"],
  },
  routing: { listener: "https", tlsMinimum: "1.3", ingress: "load-balancer-controller" },
  edge: {
    cloudFront: { tlsMinimum: "1.3" },
    waf: {
      attachTo: "cloudfront",
      managedRules: ["common", "known-bad-inputs", "sql-injection", "ip-reputation"],
      rateRules: [{ name: "requests-per-address", requests: 5000 }],
    },
  },

  cluster: {
    version: "1.33",
    nodeGroups: {
      "on-demand": { capacity: "on-demand", instances: ["m6i.large"], min: 3, max: 9 },
      spot: {
        capacity: "spot",
        instances: ["m6i.large", "m5.large", "m5a.large"],
        min: 0,
        max: 30,
        labels: { capacity: "spot" },
      },
    },
    autoscaler: "cluster-autoscaler",
    spotInterruption: "drain",
    workloadIdentity: "irsa",
    secrets: "external-secrets",
    networkPolicies: "default-deny",
    podSecurity: "restricted",
    namespaces: {
      platform: {
        quota: { cpuUnits: 16_384, memoryMiB: 32_768, pods: 60 },
        containerDefaults: { cpuUnits: 256, memoryMiB: 256 },
      },
      api: {
        quota: { cpuUnits: 65_536, memoryMiB: 131_072, pods: 200 },
        containerDefaults: { cpuUnits: 256, memoryMiB: 512 },
      },
    },
    costJob: { schedule: "cron(0 6 * * ? *)" },
  },

  services: {
    gateway: service({
      image: "{registry}/gateway:1.0.0",
      namespace: "platform",
      cpuUnits: 512,
      memoryMiB: 512,
      scaling: { min: 3, max: 12, targetCpuPercent: 65 },
      allowFrom: ["load-balancer"],
      uses: ["sessions"],
      secrets: { TOKEN_SIGNING_KEY: "{platform}/{environment}/token-signing-key" },
      availableMin: 2,
      verticalScaling: "recommend",
      deployment: shifted,
      route: "/",
    }),
    "rate-limiting": service({
      image: "{registry}/rate-limiting:1.0.0",
      namespace: "platform",
      protocol: "grpc",
      port: 8081,
      allowFrom: ["gateway"],
      uses: ["sessions"],
      scaling: { min: 2, max: 8 },
      verticalScaling: "recommend",
      deployment: shifted,
    }),
    "api-v1": service({
      image: "{registry}/api:1.9.0",
      namespace: "api",
      cpuUnits: 1024,
      memoryMiB: 1024,
      scaling: { min: 3, max: 30, targetCpuPercent: 70 },
      allowFrom: ["gateway", "rate-limiting"],
      uses: ["main", "sessions"],
      availableMin: 2,
      verticalScaling: "recommend",
      deployment: shifted,
    }),
    "api-v2": service({
      image: "{registry}/api:2.3.0",
      namespace: "api",
      cpuUnits: 1024,
      memoryMiB: 1024,
      scaling: { min: 3, max: 30, targetCpuPercent: 70 },
      allowFrom: ["gateway", "rate-limiting"],
      uses: ["main", "sessions"],
      availableMin: 2,
      verticalScaling: "recommend",
      deployment: shifted,
    }),
  },

  stores: {
    main: postgres({
      engine: "rds",
      version: "16",
      instance: "r6g.xlarge",
      instances: 3,
      multiAz: true,
      database: "multitenant",
      reads: "replicas-where-stale-is-fine",
      alarms: {},
    }),
    sessions: redis({ version: "7", instance: "r6g.large", nodes: 2, purposes: ["sessions", "rate-limits"] }),
    "loki-logs": bucket({
      purpose: "Logs that Loki keeps",
      lifecycle: [
        { afterDays: 30, to: "standard-ia" },
        { afterDays: 365, to: "delete" },
      ],
    }),
  },

  tiers: {
    standard: tier({ description: "Rows kept apart by tenant_id", limits: { requestsPerMinute: 600 } }),
    premium: tier({ description: "The same, with more room", limits: { requestsPerMinute: 6000 } }),
  },
  defaultTier: "standard",

  identity: {
    people: { mfa: "required" },
    serviceRoles: "least-privilege",
    deployment: { repository: "multitenant/platform" },
  },
  encryption: { keys: "customer-managed", tlsMinimum: "1.3" },

  observability: {
    prometheus: { retentionDays: 15, scrapeIntervalSeconds: 15, alertmanager: true },
    grafana: true,
    dashboards: [
      {
        title: "API",
        shows: ["application", "tenants"],
        purpose: "Rate, errors and duration by route and tenant",
      },
      { title: "Cluster", shows: ["cluster", "infrastructure"] },
      { title: "Data", shows: ["database", "cache"] },
      { title: "Cost", shows: ["cost"] },
    ],
    logs: { loki: { bucket: "loki-logs", retentionDays: 365 }, format: "json" },
    tracing: {
      backend: "opentelemetry",
      samplePercent: 5,
      highVolumeSamplePercent: 1,
      highVolumeRequestsPerSecond: 100,
      keepErrors: true,
    },
    redMetrics: true,
    alerts: {
      destinations: {
        "on-call": { kind: "pagerduty", secret: "multitenant/pagerduty" },
        releases: { kind: "slack", channel: "#releases", secret: "multitenant/slack" },
      },
      routes: {
        critical: { to: ["on-call"] },
        high: { to: ["on-call", "releases"] },
        medium: { to: ["releases"], hours: "business" },
      },
    },
    slos: {
      "api-v1-availability": { service: "api-v1", objectivePercent: 99.9 },
      "api-v2-availability": { service: "api-v2", objectivePercent: 99.9 },
      "api-v2-latency": { service: "api-v2", indicator: "latency", latencyMs: 300, objectivePercent: 99 },
    },
  },

  delivery: {
    pipeline: {
      provider: "github-actions",
      gates: ["lint", "unit-tests", "integration-tests", "image-build", "image-scan", "push", "deploy"],
      scanner: "trivy",
      failOn: "critical",
    },
    registry: { immutableTags: true },
    gitOps: {
      tool: "argo-cd",
      pattern: "app-of-apps",
      path: "deploy/{environment}",
      branch: "main",
      automatedSync: true,
      promotion: ["development", "staging", "production"],
      rollouts: true,
    },
  },
  cost: { allocationTags: ["tenant_id", "cost_center", "Environment", "Team"] },
  runbooks: [
    "deployment",
    "scaling",
    "backup-and-restore",
    "failover",
    "tenant-onboarding",
    "troubleshooting",
  ],
  tags: { Team: "platform", Repository: "{repository}" },

  environments: {
    development: {
      purpose: "First stop of every change",
      region: "us-east-1",
      zones: 2,
      dataProtection: "disposable",
      domain: "dev.multitenant.example.com",
      network: { natGateways: "single" },
      cluster: { nodeGroups: { "on-demand": { min: 1, max: 3 } } },
      stores: {
        main: { instance: "t4g.medium", instances: 1, multiAz: false },
        sessions: { nodes: 1, instance: "t4g.small" },
      },
      cost: { budget: { monthlyUsd: 800, alertPercents: [80, 100], notify: ["releases"] } },
    },
    staging: {
      purpose: "Rehearsal with production's shape",
      region: "us-east-1",
      domain: "staging.multitenant.example.com",
      stores: { main: { instance: "r6g.large", instances: 2 } },
      cost: { budget: { monthlyUsd: 2500, alertPercents: [80, 100], notify: ["releases"] } },
    },
    production: {
      purpose: "Live",
      region: "us-east-1",
      cost: { budget: { monthlyUsd: 12_000, alertPercents: [50, 80, 100], notify: ["on-call", "releases"] } },
      delivery: { approvals: { required: 1, by: ["platform"] } },
    },
  },
});

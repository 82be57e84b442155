import { bucket, definePlatform, postgres, service, tier } from "@tenantry/model";

export default definePlatform({
  name: "saas-platform",
  description:
    "Every tenant has a service, a bucket, a role and a secret of its own behind one load balancer",
  domain: "example.com",
  compute: "fargate",

  network: {
    cidr: "10.0.0.0/16",
    zones: 3,
    subnets: {
      public: ["10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24"],
      private: ["10.0.11.0/24", "10.0.12.0/24", "10.0.13.0/24"],
    },
    natGateways: "per-zone",
    dnsSupport: true,
    dnsHostnames: true,
  },
  routing: {
    tenantHosts: ["{tenant}.{domain}", "*.{tenant}.{domain}"],
    unknownHost: { status: 404, body: "Invalid tenant" },
  },

  services: {
    app: service({
      image: "nginx:latest",
      port: 80,
      cpuUnits: 1024,
      memoryMiB: 2048,
      scaling: { min: 2, max: 8, targetCpuPercent: 70 },
      health: { path: "/", successCodes: "200-399" },
      allowFrom: ["load-balancer"],
      egress: "all",
      uses: ["main", "data"],
      logs: { group: "/ecs/tenant/{tenant}/{environment}", retentionDays: 30 },
      // The placeholder image listens on port 80 as root and writes to its own file system.
      container: { userId: 0, readOnlyRoot: false },
      route: "/",
    }),
  },

  stores: {
    main: postgres({
      engine: "aurora",
      version: "15.8",
      instance: "t3.medium",
      instances: 1,
      database: "saasdb",
      port: 5432,
      preloadLibraries: ["pg_stat_statements"],
      credentials: { tenantSecret: "rds/tenant/{tenant}/{environment}/password" },
    }),
    data: bucket({ name: "saas-platform-{tenant}-data-{environment}", purpose: "Files of one tenant" }),
  },

  tiers: {
    silo: tier({
      description: "Service, bucket, role and secret of its own; a schema of its own in the shared cluster",
      services: { app: "silo" },
      stores: { main: "bridge", data: "silo" },
      limits: { requestsPerMinute: 6000 },
      monthlyPriceUsd: 900,
    }),
  },
  tenants: { "acme-corp": "silo", "globex-inc": "silo", "initech-llc": "silo" },

  tags: {
    Repository: "{repository}",
    Author: "{author}",
    PRNumber: "{pullRequest}",
    Team: "platform",
    CreatedAt: "{createdAt}",
  },
  observability: {
    containerInsights: true,
    dashboards: [
      {
        title: "Tenants",
        purpose: "Tasks, requests, response times and errors of each tenant; the shared cluster beside them",
        shows: ["tenants", "services", "database"],
      },
    ],
  },
  cost: { allocationTags: ["tenant_id", "cost_center", "Environment"] },

  environments: {
    development: {
      purpose: "As small as the document draws it, and as easy to remove",
      region: "us-east-1",
      dataProtection: "disposable",
      // What records the account is production's: there is one of each in an account and region.
      audit: { cloudTrail: false, config: false, guardDuty: false },
      routing: { listener: "http" },
      stores: { main: { credentials: { rotationDays: null } } },
    },
    production: {
      purpose: "With everything that the document recommends for production",
      region: "us-east-1",
      network: { endpoints: ["s3", "ecr.api", "ecr.dkr", "logs", "secretsmanager", "kms"] },
      edge: { waf: { attachTo: "load-balancer" } },
      // Every tenant's "*.{tenant}.example.com" is a certificate of its own, and a load balancer takes 25.
      cells: { capacity: 25 },
      services: { app: { scaling: { min: 3 } } },
      stores: {
        main: {
          instances: 2,
          tls: "required",
          monitoringSeconds: 60,
          backups: { copyToRecovery: true },
          alarms: {},
        },
        data: { lifecycle: [{ afterDays: 90, to: "standard-ia" }] },
      },
      observability: {
        tracing: { backend: "x-ray" },
        alerts: {
          destinations: { "on-call": { kind: "email", address: "on-call@example.com" } },
          routes: { critical: { to: ["on-call"] }, high: { to: ["on-call"] } },
        },
      },
      cost: { reserved: { termYears: 1 } },
      recovery: { region: "us-west-2", strategy: "backup-and-restore", rtoMinutes: 240, rpoSeconds: 3600 },
    },
  },
});

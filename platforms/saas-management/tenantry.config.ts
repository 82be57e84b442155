import { bucket, definePlatform, documentdb, postgres, redis, service } from "@tenantry/model";

export default definePlatform({
  name: "saas-platform",
  description: "SaaS management platform on ECS Fargate over three zones, with a recovery region",
  domain: "saasplatform.com",
  compute: "fargate",

  network: {
    cidr: "10.0.0.0/16",
    zones: 3,
    subnets: { public: "auto", private: "auto" },
    natGateways: "per-zone",
    flowLogs: { traffic: "all", retentionDays: 90 },
    networkAcls: "named-flows",
    endpoints: ["s3", "ecr.api", "ecr.dkr", "logs", "secretsmanager", "kms"],
  },
  routing: { listener: "https", tlsMinimum: "1.3" },
  edge: {
    cloudFront: { tlsMinimum: "1.2" },
    waf: {
      attachTo: "cloudfront",
      managedRules: ["common", "known-bad-inputs", "sql-injection", "ip-reputation", "anonymous-ip"],
      rateRules: [{ name: "requests-per-address", requests: 2000, windowSeconds: 300 }],
    },
    shield: "advanced",
    dns: { healthCheck: { path: "/healthz", intervalSeconds: 30, failures: 3 } },
  },

  services: {
    web: service({
      image: "{registry}/web:1.0.1",
      build: { context: "services/web" },
      port: 8080,
      cpuUnits: 512,
      memoryMiB: 1024,
      scaling: { min: 2, max: 10, targetCpuPercent: 70 },
      deployment: { strategy: "blue-green", rollback: "automatic", bakeMinutes: 10 },
      discovery: "service-connect",
      route: "/",
    }),
    api: service({
      image: "{registry}/api:1.0.1",
      build: { context: "services/api" },
      port: 8080,
      cpuUnits: 1024,
      memoryMiB: 2048,
      scaling: { min: 2, max: 20, targetCpuPercent: 70, targetMemoryPercent: 80 },
      deployment: { strategy: "blue-green", rollback: "automatic", bakeMinutes: 10 },
      discovery: "service-connect",
      allowFrom: ["load-balancer", "web"],
      uses: ["main", "documents", "cache", "files"],
      route: "/api",
    }),
  },

  stores: {
    main: postgres({
      engine: "rds",
      version: "15",
      instance: "r5.2xlarge",
      instances: 2,
      multiAz: true,
      database: "saas",
      backups: { retentionDays: 30 },
      performanceInsights: { retentionDays: 7 },
      credentials: { rotationDays: 30 },
      alarms: {},
    }),
    documents: documentdb({ version: "5.0", instance: "r5.large", instances: 2 }),
    cache: redis({
      version: "7",
      instance: "r5.large",
      nodes: 3,
      clusterMode: true,
      shards: 1,
      multiAz: true,
      tls: true,
    }),
    files: bucket({ purpose: "Files of users", versioning: true }),
  },

  identity: {
    people: { mfa: "required" },
    credentialRotationDays: 90,
    serviceRoles: "least-privilege",
    deployment: {
      permissions: "least-privilege",
      permissionsBoundary: true,
      repository: "saasplatform/infrastructure",
    },
  },
  audit: { cloudTrail: true, config: true, guardDuty: true },
  organization: {
    // The document names no account; AWS's own example stands for it.
    managementAccount: "111122223333",
    consolidatedBilling: true,
    serviceControlPolicies: [
      "deny-leaving-organization",
      "deny-root-user",
      "deny-disabling-audit",
      "deny-unused-regions",
      "require-mfa",
    ],
    crossAccountRoles: {
      deploy: { purpose: "Deployments from the tools account", access: "deployment" },
      audit: { purpose: "Security reviews", access: "security-audit" },
    },
  },
  encryption: { keys: "customer-managed", scope: "per-store", rotationDays: 365, tlsMinimum: "1.3" },

  observability: {
    containerInsights: true,
    prometheus: {
      retentionDays: 15,
      scrapeIntervalSeconds: 15,
      alertmanager: true,
      recordingRules: {
        "service:request_errors:ratio_rate5m":
          'sum by (service) (rate(http_requests_total{status=~"5.."}[5m])) / sum by (service) (rate(http_requests_total[5m]))',
        "service:request_duration_seconds:p99_5m":
          "histogram_quantile(0.99, sum by (service, le) (rate(http_request_duration_seconds_bucket[5m])))",
      },
    },
    grafana: true,
    dashboards: [
      { title: "Infrastructure Overview", shows: ["infrastructure", "services"] },
      { title: "ECS Cluster Metrics", shows: ["cluster", "services"] },
      { title: "RDS Performance", shows: ["database"] },
      { title: "Redis Metrics", shows: ["cache"] },
      { title: "Application Metrics", shows: ["application"] },
    ],
    logs: { format: "json", retentionDays: 90 },
    tracing: { backend: "x-ray", samplePercent: 5 },
    alerts: {
      destinations: {
        pagerduty: { kind: "pagerduty", secret: "saas-platform/pagerduty" },
        devops: { kind: "email", address: "devops@saasplatform.com" },
      },
      routes: {
        critical: { to: ["pagerduty", "devops"] },
        high: { to: ["pagerduty"] },
        medium: { to: ["devops"], hours: "business" },
      },
    },
    slos: {
      "api-availability": { service: "api", objectivePercent: 99.9 },
    },
  },

  delivery: {
    pipeline: {
      provider: "github-actions",
      gates: [
        "lint",
        "unit-tests",
        "image-build",
        "image-scan",
        "push",
        "plan",
        "approval",
        "deploy",
        "validate",
      ],
    },
    registry: { immutableTags: true, scanOnPush: true },
    approvals: { required: 1, by: ["security"] },
  },
  backups: {
    plans: { daily: { schedule: "cron(0 5 * * ? *)", retentionDays: 35 } },
    restoreTest: { schedule: "rate(7 days)", stores: ["main", "documents"] },
    configuration: "version-control-and-bucket",
  },
  runbooks: ["deployment", "backup-and-restore", "failover", "switch-traffic", "troubleshooting"],
  tags: { Team: "devops", Repository: "{repository}" },

  environments: {
    production: {
      purpose: "Live, with a recovery region",
      region: "us-east-1",
      zones: ["us-east-1a", "us-east-1b", "us-east-1c"],
      edge: { dns: { failover: true } },
      stores: {
        main: { replication: "replica", backups: { copyToRecovery: true } },
        documents: { replication: "global-cluster", backups: { copyToRecovery: true } },
        files: { replication: { to: "recovery", deletions: false } },
      },
      backups: { plans: { daily: { copyToRecovery: true } } },
      recovery: {
        region: "us-west-2",
        zones: ["us-west-2a", "us-west-2b"],
        strategy: "warm-standby",
        rtoMinutes: 30,
        // What S3 answers for when it replicates with a time control; the databases lose seconds.
        rpoSeconds: 900,
        drill: { schedule: "rate(30 days)" },
        stores: {
          main: { instance: "r5.xlarge", instances: 1 },
          cache: { nodes: 2 },
          documents: { instances: 1 },
        },
        services: { web: { scaling: { min: 1 } }, api: { scaling: { min: 1 } } },
      },
    },
    staging: {
      purpose: "Rehearsal of what goes to production",
      region: "us-east-2",
      zones: ["us-east-2a", "us-east-2b"],
      domain: "staging.saasplatform.com",
      edge: { shield: "standard" },
      delivery: {
        pipeline: {
          gates: ["lint", "unit-tests", "image-build", "image-scan", "push", "plan", "deploy", "validate"],
        },
        approvals: null,
      },
      stores: {
        main: { instance: "r5.large", instances: 1 },
        documents: { instances: 1 },
        // CloudFormation cannot change a cluster without a replica, so one node is no cluster.
        cache: { nodes: 1, clusterMode: false, multiAz: false },
      },
    },
  },
});

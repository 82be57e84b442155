import { bucket, definePlatform, lambda, postgres, queue, redis, service } from "@tenantry/model";

export default definePlatform({
  name: "indivillage",
  description: "A company's website in four tiers on EC2, over two regions",
  domain: "indivillage.com",
  compute: "ec2",

  network: {
    cidr: "10.0.0.0/16",
    zones: 3,
    subnets: { public: "auto", web: "auto", app: "auto", database: "auto" },
    natGateways: "per-zone",
    flowLogs: { traffic: "all", retentionDays: 90 },
    networkAcls: "named-flows",
    endpoints: [
      "s3",
      "ssm",
      "ssmmessages",
      "ec2messages",
      "logs",
      "monitoring",
      "secretsmanager",
      "kms",
      "sqs",
    ],
    bastion: { allowedCidrs: ["203.0.113.0/24"], uses: ["main"] },
  },
  routing: { listener: "https", tlsMinimum: "1.3" },
  edge: {
    cloudFront: { priceClass: "all", tlsMinimum: "1.3" },
    waf: {
      attachTo: "cloudfront",
      managedRules: ["common", "known-bad-inputs", "sql-injection", "ip-reputation", "linux"],
      rateRules: [{ name: "forms", requests: 100, windowSeconds: 300, path: "/api/forms" }],
    },
    shield: "standard",
    dns: { healthCheck: { path: "/healthz", intervalSeconds: 30, failures: 3 } },
  },
  machines: { image: "hardened", systemsManager: true, hostFirewall: true, metadataTokens: true },

  services: {
    web: service({
      image: "{registry}/web:1.0.0",
      port: 3000,
      subnets: "web",
      instance: { type: "t3.medium", volumeGiB: 30, volumeType: "gp3" },
      cpuUnits: 1024,
      memoryMiB: 2048,
      scaling: { min: 2, max: 6, targetCpuPercent: 70 },
      allowFrom: ["load-balancer", "bastion"],
      route: "/",
    }),
    app: service({
      image: "{registry}/app:1.0.0",
      port: 4000,
      subnets: "app",
      instance: { type: "t3.medium", volumeGiB: 50, volumeType: "gp3" },
      cpuUnits: 1024,
      memoryMiB: 2048,
      scaling: { min: 2, max: 6, targetCpuPercent: 70 },
      allowFrom: ["web", "bastion"],
      uses: ["main", "cache", "uploads", "processed", "file-jobs"],
    }),
    renderer: service({
      compute: "fargate",
      image: "{registry}/renderer:1.0.0",
      port: 5000,
      subnets: "app",
      cpuUnits: 512,
      memoryMiB: 1024,
      scaling: { min: 1, max: 4 },
      allowFrom: ["app"],
      uses: ["processed"],
    }),
  },

  functions: {
    "scan-upload": lambda({
      purpose: "Checks each upload before anybody can read it",
      code: "functions/scan-upload",
      timeoutSeconds: 60,
      triggers: [{ kind: "bucket", bucket: "uploads", events: ["created"] }],
      uses: ["uploads", "file-jobs"],
    }),
    "process-file": lambda({
      purpose: "Turns a checked upload into its published form",
      code: "functions/process-file",
      memoryMiB: 2048,
      timeoutSeconds: 300,
      triggers: [{ kind: "queue", queue: "file-jobs", batchSize: 5 }],
      uses: ["uploads", "processed"],
    }),
  },

  stores: {
    main: postgres({
      engine: "rds",
      version: "15",
      instance: "t3.medium",
      database: "indivillage",
      storage: { sizeGiB: 50, sizeGiBMax: 500 },
      backups: { retentionDays: 14 },
      alarms: {},
    }),
    cache: redis({ version: "7", instance: "t3.small", nodes: 1 }),
    uploads: bucket({
      purpose: "Files that users uploaded",
      lifecycle: [
        { afterDays: 30, to: "standard-ia" },
        { afterDays: 90, to: "glacier" },
      ],
    }),
    processed: bucket({ purpose: "Processed files", lifecycle: [{ afterDays: 90, to: "standard-ia" }] }),
    assets: bucket({ purpose: "Static assets", servedByCloudFront: true }),
    "cms-exports": bucket({
      purpose: "Daily exports of the content",
      lifecycle: [{ afterDays: 90, to: "delete" }],
    }),
    "file-jobs": queue({ visibilityTimeoutSeconds: 1800, deadLetter: { receivesMax: 5 } }),
  },

  identity: {
    people: {
      mfa: "required",
      singleSignOn: { provider: "identity-center" },
      access: ["development-team"],
    },
    deployment: { permissions: "least-privilege", repository: "indivillage/indivillage-website" },
  },
  audit: { cloudTrail: true, config: true, guardDuty: true, securityHub: true },
  compliance: ["gdpr", "soc-2", "ccpa", "pci-dss", "internal"],
  encryption: { keys: "customer-managed", rotationDays: 365, tlsMinimum: "1.3" },

  observability: {
    dashboards: [
      {
        title: "Executive",
        purpose: "Health of the system and of the business",
        shows: ["business", "application"],
      },
      {
        title: "Operations",
        purpose: "Infrastructure and application in detail",
        shows: ["infrastructure", "application", "database", "cache"],
      },
      { title: "Security", purpose: "Posture and signs of threats", shows: ["security"] },
      { title: "Cost", purpose: "Use of resources and what it costs", shows: ["cost"] },
    ],
    alerts: {
      destinations: {
        "on-call": { kind: "pagerduty", secret: "indivillage/pagerduty" },
        slack: { kind: "slack", channel: "#alerts", secret: "indivillage/slack" },
        email: { kind: "email", address: "operations@indivillage.com" },
        screen: { kind: "dashboard", dashboard: "Operations" },
      },
      routes: {
        critical: { to: ["on-call"], hours: "always" },
        high: { to: ["slack", "email"], hours: "business" },
        medium: { to: ["slack"], hours: "business" },
        low: { to: ["screen"] },
      },
      businessHours: { timeZone: "America/New_York", from: "09:00", to: "18:00" },
    },
    slos: { "website-availability": { service: "web", objectivePercent: 99.9 } },
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
      planOnPullRequest: true,
    },
    approvals: { required: 1, by: ["infrastructure-team"] },
    validateAfter: true,
  },
  backups: {
    plans: { daily: { stores: ["main"], schedule: "cron(0 2 * * ? *)", retentionDays: 35 } },
    restoreTest: { schedule: "rate(30 days)", stores: ["main"] },
    exports: {
      contentful: {
        kind: "contentful",
        secret: "indivillage/contentful",
        schedule: "rate(1 day)",
        to: "cms-exports",
      },
    },
    configuration: "version-control",
  },
  cost: { allocationTags: ["Environment", "Team", "Repository"], anomalyDetection: true },
  parameters: { "app/log-level": "info", "app/contentful/space": "website" },
  patching: { schedule: "cron(0 4 ? * SUN *)", securityUpdates: "immediately", criticalDaysMax: 2 },
  incidents: {
    acknowledgeMinutes: { critical: 15, high: 60, medium: 480, low: 2880 },
    escalation: ["on-call engineer", "operations lead", "head of engineering"],
    reviewDays: 5,
  },
  runbooks: ["scaling", "backup-and-restore", "failover", "security-incident"],
  tags: { Team: "infrastructure", Repository: "{repository}" },

  environments: {
    development: {
      purpose: "Development and feature testing",
      region: "us-east-1",
      domain: "dev.indivillage.com",
      dataProtection: "disposable",
      network: { natGateways: "single" },
      services: {
        web: { spotPercent: 100, scaling: { min: 1, max: 2 } },
        app: { spotPercent: 100, scaling: { min: 1, max: 2 } },
      },
      stores: { main: { multiAz: false } },
      delivery: {
        pipeline: {
          gates: ["lint", "unit-tests", "image-build", "image-scan", "push", "plan", "deploy", "validate"],
        },
        release: { trigger: "merge", branch: "develop" },
        approvals: null,
      },
      cost: { budget: { monthlyUsd: 500, notify: ["email"] } },
    },
    staging: {
      purpose: "Validation before production",
      region: "us-east-1",
      domain: "staging.indivillage.com",
      identity: { people: { access: ["development-team", "qa", "project-managers"] } },
      services: {
        web: { spotPercent: 50, instance: { type: "t3.large" } },
        app: { spotPercent: 50, instance: { type: "t3.large" } },
      },
      stores: { main: { instance: "t3.large", multiAz: true }, cache: { nodes: 2 } },
      delivery: { release: { trigger: "schedule", schedule: "cron(0 14 ? * MON,WED,FRI *)" } },
      cost: { budget: { monthlyUsd: 1500, notify: ["email"] } },
    },
    production: {
      purpose: "Live for everybody",
      region: "us-east-1",
      network: { transitGateway: {} },
      edge: { dns: { failover: true } },
      identity: { people: { access: ["operations-team"] } },
      services: {
        web: { instance: { type: "m5.large" }, scaling: { min: 3, max: 12 } },
        app: { instance: { type: "m5.large" }, scaling: { min: 3, max: 12 } },
      },
      stores: {
        main: {
          instance: "m5.large",
          instances: 3,
          multiAz: true,
          backups: { retentionDays: 35, copyToRecovery: true },
        },
        cache: { instance: "m5.large", nodes: 3 },
        uploads: { replication: {} },
        processed: { replication: {} },
        assets: { replication: {} },
      },
      observability: { prometheus: {}, grafana: true },
      delivery: { release: { trigger: "schedule", schedule: "cron(0 14 ? * TUE *)" } },
      backups: { plans: { daily: { copyToRecovery: true } } },
      cost: {
        budget: { monthlyUsd: 6000, alertPercents: [50, 80, 100], notify: ["email", "slack"] },
        reserved: { termYears: 1 },
      },
      recovery: {
        region: "us-west-2",
        strategy: "warm-standby",
        rtoMinutes: 60,
        rpoSeconds: 300,
        drill: { schedule: "rate(90 days)" },
        services: { web: { scaling: { min: 1 } }, app: { scaling: { min: 1 } } },
        stores: { main: { instances: 1 }, cache: { nodes: 2 } },
      },
    },
  },
});

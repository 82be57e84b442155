import { broker, bucket, definePlatform, documentdb, postgres, queue, service, topic } from "@tenantry/model";

export default definePlatform({
  name: "modular",
  description: "One set of parts on Kubernetes for staging and production, each with its own sizes",
  domain: "modular.example.com",
  compute: "eks",

  network: {
    cidr: "10.0.0.0/16",
    zones: 3,
    subnets: { public: "auto", private: "auto", database: "auto" },
  },
  cluster: {
    version: "1.33",
    nodeGroups: { general: { instances: ["m6i.large"], min: 3, max: 12 } },
    secrets: "external-secrets",
  },

  services: {
    api: service({
      image: "{registry}/api:1.0.0",
      cpuUnits: 512,
      memoryMiB: 1024,
      scaling: { min: 3, max: 12 },
      uses: ["main", "documents", "files", "messages", "jobs", "events"],
      route: "/",
    }),
    worker: service({
      image: "{registry}/worker:1.0.0",
      cpuUnits: 512,
      memoryMiB: 1024,
      scaling: { min: 2, max: 12 },
      allowFrom: [],
      uses: ["main", "documents", "files", "messages", "jobs"],
    }),
  },

  stores: {
    main: postgres({
      engine: "rds",
      version: "16",
      instance: "r6g.large",
      instances: 2,
      database: "modular",
    }),
    documents: documentdb({ version: "5.0", instance: "r6g.large", instances: 2 }),
    files: bucket({ purpose: "Blobs of the application" }),
    messages: broker({ engine: "rabbitmq", version: "3.13", instance: "m5.large", mode: "cluster" }),
    jobs: queue({ visibilityTimeoutSeconds: 120 }),
    events: topic({ subscribers: ["jobs"] }),
  },

  delivery: {
    pipeline: {
      provider: "github-actions",
      gates: ["lint", "unit-tests", "image-build", "image-scan", "push", "plan", "deploy", "validate"],
      planOnPullRequest: true,
    },
    registry: { immutableTags: true, scanOnPush: true },
  },
  identity: { deployment: { permissions: "least-privilege", repository: "modular/infrastructure" } },
  runbooks: ["deployment", "backup-and-restore", "troubleshooting"],
  tags: { Team: "platform", Repository: "{repository}" },

  environments: {
    staging: {
      purpose: "Staging and testing",
      region: "us-east-1",
      zones: 2,
      domain: "staging.modular.example.com",
      network: { natGateways: "single" },
      cluster: { nodeGroups: { general: { instances: ["t3.large"], min: 2, max: 4 } } },
      services: { api: { scaling: { min: 1, max: 3 } }, worker: { scaling: { min: 1, max: 3 } } },
      stores: {
        main: { instance: "t4g.medium", instances: 1 },
        documents: { instance: "t4g.medium", instances: 1 },
        messages: { mode: "single", instance: "t3.micro" },
      },
    },
    production: {
      purpose: "Production",
      region: "us-east-1",
      domain: "modular.example.com",
      delivery: {
        pipeline: {
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
        approvals: { required: 1, by: ["infrastructure"] },
      },
    },
  },
});

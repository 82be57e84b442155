import { bucket, definePlatform, postgres, service, tier } from "@tenantry/model";

export default definePlatform({
  name: "starter",
  description: "A small application for many companies: notes, shared or apart as their plan says",
  domain: "localhost",

  services: {
    app: service({
      image: "{registry}/app:1.0.0",
      build: { context: "app" },
      local: { command: ["node", "app/server.ts"], env: {} },
      route: "/",
      uses: ["main"],
    }),
  },

  stores: {
    main: postgres({ database: "starter" }),
    files: bucket(),
  },

  tiers: {
    pool: tier({
      description: "Shared tables, kept apart by the database",
      limits: { requestsPerMinute: 600 },
      monthlyPriceUsd: 29,
    }),
    bridge: tier({
      description: "A schema of its own in the shared database",
      stores: { main: "bridge", files: "bridge" },
      limits: { requestsPerMinute: 3000 },
      monthlyPriceUsd: 290,
    }),
    silo: tier({
      description: "A database, a bucket and a service of its own",
      services: { app: "silo" },
      stores: { main: "silo", files: "silo" },
      limits: { requestsPerMinute: 12_000 },
      monthlyPriceUsd: 2900,
    }),
  },
  defaultTier: "pool",

  tenants: {
    "acme-corp": "pool",
    "globex-inc": "bridge",
    "initech-llc": "silo",
  },

  environments: {
    development: {
      purpose: "This machine",
      region: "us-east-1",
      zones: 2,
      dataProtection: "disposable",
      network: { natGateways: "single" },
    },
    production: {
      purpose: "The companies that pay",
      region: "us-east-1",
      domain: "starter.example.com",
      // One certificate covers them all; "*.{tenant}.{domain}" would need one for each tenant.
      routing: { tenantHosts: ["{tenant}.{domain}"] },
      stores: { main: { instances: 2, instance: "r8g.large" } },
      recovery: { region: "us-west-2", zones: 2, strategy: "pilot-light", rtoMinutes: 30, rpoSeconds: 60 },
    },
  },
});

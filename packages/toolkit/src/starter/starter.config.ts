import { bucket, definePlatform, postgres, service, tier } from "@tenantry/model";

/**
 * The whole platform. `tenantry up` runs it on this machine; the same definition is what is
 * proved, priced and deployed. Your editor says what every field means.
 */
export default definePlatform({
  name: "my-platform",
  domain: "example.com",

  // What you sell. It runs here as soon as it names a command: the command gets PORT and listens there.
  services: {
    app: service({
      image: "nginx:1.29",
      port: 80,
      // What the tenants' hosts serve; a service without a route is reached by other services only.
      route: "/",
      health: { path: "/" },
      // local: { command: ["node", "server.js"] },
    }),
  },

  // Where tenants' data are. PostgreSQL is embedded on this machine, Aurora on AWS.
  stores: {
    main: postgres(),
    files: bucket(),
  },

  // What a tenant can buy: how much of each service and store it has to itself, and for what price.
  tiers: {
    pool: tier({
      description: "Shared tables, kept apart by row-level security",
      limits: { requestsPerMinute: 600 },
      monthlyPriceUsd: 29,
    }),
    bridge: tier({
      description: "A schema of its own in the shared database",
      stores: { main: "bridge", files: "bridge" },
      limits: { requestsPerMinute: 3_000 },
      monthlyPriceUsd: 290,
    }),
    silo: tier({
      description: "A database and a bucket of its own",
      stores: { main: "silo", files: "silo" },
      limits: { requestsPerMinute: 12_000 },
      monthlyPriceUsd: 2_900,
    }),
  },
  defaultTier: "pool",

  // Tenants that exist from the start. `tenantry tenant add <id>` adds more while it runs.
  tenants: {
    "acme-corp": "pool",
    "globex-inc": "bridge",
    "initech-llc": "silo",
  },

  // Where it runs. `tenantry up` takes development; an environment changes only what differs.
  environments: {
    development: { region: "us-east-1", dataProtection: "disposable" },
    production: { region: "us-east-1", domain: "my-platform.example.com" },
  },
});

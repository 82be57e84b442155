import { bucket, definePlatform, postgres, service, tier } from "@tenantry/model";

// Nothing here runs: the compiler is the test. Each line below an expectation must be refused.

const environments = { production: { region: "us-east-1" } };
const app = service({ image: "nginx:1.29" });

definePlatform({
  name: "illegal",
  services: { app },
  stores: { main: postgres(), files: bucket() },
  tiers: {
    good: tier({ services: { app: "silo" }, stores: { main: "bridge" } }),
    plain: { services: { app: "pool" } },
    empty: tier({}),
    // @ts-expect-error there is no service "appp"
    misnamedService: tier({ services: { appp: "silo" } }),
    // @ts-expect-error there is a service "app" but none "web"
    oneOfTwo: tier({ services: { app: "silo", web: "silo" } }),
    // @ts-expect-error there is no store "mian"
    misnamedStore: tier({ stores: { mian: "silo" } }),
    // @ts-expect-error a process has no parts of its own to give away
    bridgedService: tier({ services: { app: "bridge" } }),
    // @ts-expect-error "shared" is no isolation
    unknownIsolation: tier({ stores: { main: "shared" } }),
    // @ts-expect-error limits have no requestsPerHour
    unknownLimit: tier({ limits: { requestsPerHour: 1 } }),
  },
  environments,
});

definePlatform({
  name: "illegal",
  tiers: { silo: tier({}) },
  // @ts-expect-error there is no tier "gold"
  tenants: { "acme-corp": "gold" },
  environments,
});

definePlatform({
  name: "illegal",
  tiers: { silo: tier({}) },
  // @ts-expect-error there is no tier "gold"
  defaultTier: "gold",
  environments,
});

definePlatform({
  name: "illegal",
  stores: { main: postgres() },
  // @ts-expect-error there is no store "other"
  tenantStore: "other",
  environments,
});

// @ts-expect-error a platform has a name
definePlatform({ environments });

// @ts-expect-error a platform has environments
definePlatform({ name: "illegal" });

// @ts-expect-error there is no field "regions"
definePlatform({ name: "illegal", regions: [], environments });

// @ts-expect-error an environment has a region
definePlatform({ name: "illegal", environments: { production: {} } });

definePlatform({
  name: "illegal",
  services: { app },
  stores: { main: postgres() },
  environments: {
    production: {
      region: "us-east-1",
      services: { app: { scaling: { min: 4 } } },
      stores: { main: { instances: 2 } },
    },
    staging: {
      region: "us-east-1",
      services: {
        // @ts-expect-error there is no service "web" to override
        web: { scaling: { min: 4 } },
      },
    },
    test: {
      region: "us-east-1",
      // @ts-expect-error a postgres store has no nodes
      stores: { main: { nodes: 2 } },
    },
    preview: {
      region: "us-east-1",
      // @ts-expect-error a service's CPU is a number
      services: { app: { cpuUnits: "1024" } },
    },
  },
});

// @ts-expect-error memory is a number of MiB
service({ image: "nginx:1.29", memoryMiB: "2 GB" });
// @ts-expect-error there is no field "cpu"
service({ image: "nginx:1.29", cpu: 1024 });
// @ts-expect-error "green-blue" is no strategy
service({ image: "nginx:1.29", deployment: { strategy: "green-blue" } });
// @ts-expect-error a local command has a program
service({ local: { command: [] } });
// @ts-expect-error "mysql" is no engine of a postgres store
postgres({ engine: "mysql" });

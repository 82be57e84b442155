import { expect, test } from "vitest";
import { parseDefinition, type Platform, resolve } from "../src/index.ts";

/** A platform of what is written and nothing else. */
function platformOf(written: object, environment: object = {}): Platform {
  const definition = {
    name: "shop",
    ...written,
    environments: { production: { region: "us-east-1", ...environment } },
  };
  return resolve(parseDefinition(definition), "production");
}

const image = "nginx:1.29";

test("a service is open to the load balancer where it has a route, and to nobody where it has none", () => {
  const { services } = platformOf({ services: { web: { image, route: "/" }, worker: { image } } });
  expect(services["web"]?.allowFrom).toEqual(["load-balancer"]);
  expect(services["worker"]?.allowFrom).toEqual([]);
});

test("a disruption budget never stops the drain of a node", () => {
  const { services } = platformOf({
    services: { one: { image, scaling: { min: 1 } }, three: { image, scaling: { min: 3 } } },
  });
  expect([services["one"]?.availableMin, services["three"]?.availableMin]).toEqual([0, 1]);
});

test("logs are kept as long as the platform says, unless a service or function says otherwise", () => {
  const { services, functions } = platformOf({
    observability: { logs: { retentionDays: 90 } },
    services: { web: { image }, audit: { image, logs: { retentionDays: 365 } } },
    functions: { job: { code: "job", triggers: [{ kind: "schedule", schedule: "rate(1 day)" }] } },
  });
  expect(services["web"]?.logs.retentionDays).toBe(90);
  expect(services["audit"]?.logs.retentionDays).toBe(365);
  expect(functions["job"]?.logs.retentionDays).toBe(90);
});

test.each([
  [undefined, "none", "none", false],
  ["backup-and-restore", "backup-copy", "backup-copy", true],
  ["pilot-light", "replica", "global-cluster", false],
  ["active-active", "replica", "global-cluster", false],
])(
  "with recovery by %s a database replicates as its strategy needs",
  (strategy, postgres, documentdb, copied) => {
    const recovery = { region: "us-west-2", strategy, rtoMinutes: 240, rpoSeconds: 3600 };
    const { stores } = platformOf(
      {
        stores: {
          main: { kind: "postgres", instance: "r6g.large" },
          documents: { kind: "documentdb", instance: "r6g.large" },
        },
      },
      strategy === undefined ? {} : { recovery },
    );
    expect(stores["main"]).toMatchObject({ replication: postgres, backups: { copyToRecovery: copied } });
    expect(stores["documents"]).toMatchObject({
      replication: documentdb,
      backups: { copyToRecovery: copied },
    });
  },
);

test("a function is inside the VPC where it uses a store that is only there", () => {
  const triggers = [{ kind: "schedule", schedule: "rate(1 day)" }];
  const written = {
    stores: { main: { kind: "postgres" }, files: { kind: "bucket" } },
    functions: {
      inside: { code: "x", triggers, uses: ["main", "files"] },
      outside: { code: "x", triggers, uses: ["files"] },
    },
  };
  const { functions } = platformOf(written);
  expect([functions["inside"]?.subnets, functions["outside"]?.subnets]).toEqual(["private", null]);
  const tiered = platformOf({
    ...written,
    network: { subnets: { public: "auto", app: "auto", database: "auto" } },
  });
  expect(tiered.functions["inside"]?.subnets).toBe("app");
});

test("what is not said is safe: encrypted, closed, audited and protected", () => {
  const platform = platformOf({
    services: { web: { image } },
    stores: { main: { kind: "postgres" }, cache: { kind: "redis" }, files: { kind: "bucket" } },
  });
  expect(platform.dataProtection).toBe("protected");
  expect(platform.encryption).toMatchObject({ keys: "customer-managed", tlsMinimum: "1.3" });
  expect(platform.routing).toMatchObject({ listener: "https", tlsMinimum: "1.3" });
  expect(platform.network).toMatchObject({ networkAcls: "named-flows", bastion: null });
  expect(platform.network.flowLogs).not.toBeNull();
  expect(platform.audit).toMatchObject({ cloudTrail: true, config: true, guardDuty: true });
  expect(platform.identity).toMatchObject({
    people: { mfa: "required" },
    deployment: { permissions: "least-privilege", permissionsBoundary: true },
  });
  expect(platform.stores["main"]).toMatchObject({ tls: "required", credentials: { rotationDays: 30 } });
  expect(platform.stores["cache"]).toMatchObject({ tls: true });
  expect(platform.stores["files"]).toMatchObject({ versioning: true, servedByCloudFront: false });
  expect(platform.services["web"]?.container).toEqual({ userId: 10_001, readOnlyRoot: true });
});

test("ten thousand declared tenants have a place each, and no two share one", () => {
  const tenants = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, index) => [`tenant-${index}`, "pool"]),
  );
  const platform = platformOf({ tiers: { pool: {} }, tenants, domain: "example.com" });
  const places = Object.values(platform.tenants).map(
    ({ placement }) => `${placement.cell}/${placement.slot}`,
  );
  expect(new Set(places).size).toBe(10_000);
});

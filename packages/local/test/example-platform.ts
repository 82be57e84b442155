import type { Platform, PlatformService } from "@tenantry/model";

const server = `require("http").createServer((q, s) => s.end("from the shop")).listen(+process.env.PORT, "127.0.0.1")`;

/** A platform with a tenant of each isolation, one service that runs here and one that does not. */
export function examplePlatform(changes: Partial<Platform> = {}): Platform {
  const tier = (name: string, isolation: string) => ({
    name,
    services: { shop: "pool" },
    stores: { main: isolation },
    limits: { requestsPerMinute: 6_000 },
    monthlyPriceUsd: null,
  });
  const tenant = (id: string, tierName: string, slot: number) => ({
    id,
    name: id,
    tier: tierName,
    hosts: [`${id}.example.com`],
    username: id.replaceAll("-", "_"),
    tags: {},
    placement: { cell: 0, slot },
  });
  const platform = {
    kind: "platform",
    name: "example",
    environment: "development",
    domain: "example.com",
    tiers: { basic: tier("basic", "pool"), plus: tier("plus", "bridge"), premium: tier("premium", "silo") },
    defaultTier: "basic",
    tenants: {
      "acme-corp": tenant("acme-corp", "basic", 0),
      "globex-inc": tenant("globex-inc", "plus", 1),
      "initech-llc": tenant("initech-llc", "premium", 2),
    },
    services: { shop: exampleService("shop", server), legacy: exampleService("legacy", null) },
    tenantStore: "main",
    tags: {},
  };
  return { ...(platform as unknown as Platform), ...changes };
}

/** @param script JavaScript of the service; null for one that exists as an image only */
export function exampleService(name: string, script: string | null): PlatformService {
  return {
    name,
    protocol: "http",
    route: script === null ? null : `/${name}`,
    env: {},
    local: script === null ? null : { command: [process.execPath, "-e", script], env: {} },
    health: {
      path: "/",
      successCodes: "200-399",
      intervalSeconds: 5,
      timeoutSeconds: 2,
      unhealthyThreshold: 3,
      graceSeconds: 60,
    },
  } as unknown as PlatformService;
}

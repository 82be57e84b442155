import {
  definePlatform,
  type Platform,
  type PlatformService,
  postgres,
  resolve,
  service,
  tier,
} from "@tenantry/model";

const server = `require("http").createServer((q, s) => s.end("from the shop")).listen(+process.env.PORT, "127.0.0.1")`;

/** A platform with a tenant of each isolation, one service that runs here and one that does not. */
export function examplePlatform(changes: Partial<Platform> = {}): Platform {
  const definition = definePlatform({
    name: "example",
    domain: "example.com",
    services: {
      shop: service({ local: { command: [process.execPath, "-e", server], env: {} }, route: "/shop" }),
      legacy: service({ image: "legacy:1" }),
    },
    stores: { main: postgres({ database: "main" }) },
    tiers: {
      basic: tier({}),
      plus: tier({ stores: { main: "bridge" } }),
      premium: tier({ stores: { main: "silo" } }),
    },
    defaultTier: "basic",
    tenants: { "acme-corp": "basic", "globex-inc": "plus", "initech-llc": "premium" },
    environments: { development: { region: "us-east-1" } },
  });
  return { ...resolve(definition, "development"), ...changes };
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

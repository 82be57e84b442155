import type { ShippedFiles } from "@tenantry/assurance";
import { synthesize } from "@tenantry/aws/synthesis";
import { definePlatform, openDeployment, postgres, resolve, service, tier } from "@tenantry/model";

/** What is shipped of a small platform: three tenants with a certificate and a service of their own. */
export function shopFiles({
  name = "shop",
  quotas = {},
}: { readonly name?: string; readonly quotas?: Record<string, number> } = {}): ShippedFiles {
  const definition = definePlatform({
    name,
    domain: "example.com",
    compute: "fargate",
    network: { cidr: "10.0.0.0/16", zones: 2 },
    routing: { tenantHosts: ["{tenant}.{domain}", "*.{tenant}.{domain}"] },
    services: {
      app: service({
        image: "nginx:1.29",
        port: 8080,
        route: "/",
        scaling: { min: 1, max: 4 },
        uses: ["main"],
      }),
    },
    stores: { main: postgres({ version: "17", instance: "t4g.medium", database: "shop" }) },
    tiers: { silo: tier({ services: { app: "silo" }, stores: { main: "bridge" } }) },
    tenants: { "acme-corp": "silo", "globex-inc": "silo", "initech-llc": "silo" },
    environments: { production: { region: "us-east-1", cells: { capacity: 20, quotas } } },
  });
  return synthesize(resolve(definition, "production", { deployment: openDeployment })).files;
}

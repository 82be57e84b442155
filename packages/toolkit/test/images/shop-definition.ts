import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder with a definition of images in it. */
export interface ShopFolder extends AsyncDisposable {
  readonly folder: string;
}

/** Two services that are built, one of them for another architecture, and one that is only run. */
const shopServices = `
    web: service({ image: "{registry}/web:1.0.0", build: { context: "web" }, route: "/" }),
    api: service({ image: "{registry}/team/api:2.1.0", build: { context: "api", dockerfile: "build/Dockerfile" }, architecture: "arm64", route: "/api" }),
    proxy: service({ image: "nginx:1.29.0", route: "/proxy" }),`;

export async function shopFolder(
  options: {
    readonly name?: string;
    readonly services?: string;
    readonly settings?: string;
    readonly environment?: string;
  } = {},
): Promise<ShopFolder> {
  const folder = await mkdtemp(join(tmpdir(), "tenantry-shop-"));
  await mkdir(join(folder, "web"));
  await mkdir(join(folder, "api/build"), { recursive: true });
  await writeFile(join(folder, "web/Dockerfile"), "FROM scratch\n");
  await writeFile(join(folder, "api/build/Dockerfile"), "FROM scratch\n");
  const { name = "shop", services = shopServices, settings = "", environment = "" } = options;
  await writeFile(
    join(folder, "tenantry.config.ts"),
    `import { definePlatform, postgres, service, tier } from "@tenantry/model";

export default definePlatform({
  name: "${name}",
  domain: "example.com",
  services: {${services}
  },
  stores: { main: postgres({ database: "main" }) },
  tiers: { pool: tier({}) },
  defaultTier: "pool",
  ${settings}
  environments: { production: { region: "us-east-1", ${environment} } },
});
`,
  );
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock, systemRandom } from "@tenantry/base";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { addTenant, type RunningUp, showTenant, type ToolkitPorts, up } from "../src/index.ts";

/**
 * The lock file and a running platform's registry place tenants independently: the one for tenants
 * that are declared, the other for those that are added by command. They must never disagree.
 */
let folder: string;
let ports: ToolkitPorts;
let config: string;
const name = `placed-${Math.trunc(systemRandom.unit() * 1e9)}`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tenantry-placement-"));
  await chmod(folder, 0o711);
  ports = {
    clock: systemClock,
    random: systemRandom,
    fetch,
    cwd: folder,
    user: "ada@laptop",
    stateFolder: join(folder, "state"),
    onEvent: () => undefined,
  };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function start(...tenants: readonly string[]): Promise<RunningUp> {
  const declared = tenants.map((tenant) => `"${tenant}": "pool"`).join(", ");
  // A file of its own for each definition: Node loads a module once. Lock and data stay the same.
  config = join(folder, `with-${tenants.length}.config.ts`);
  await writeFile(
    config,
    `import { definePlatform, postgres, tier } from "@tenantry/model";
     export default definePlatform({
       name: "${name}",
       domain: "example.com",
       stores: { main: postgres({ database: "main" }) },
       tiers: { pool: tier({}) },
       tenants: { ${declared} },
       environments: { development: { region: "us-east-1" } },
     });`,
  );
  const { host, port, user, password } = inject("databaseServer");
  const databaseUrl = `postgres://${user}:${encodeURIComponent(password)}@${host}:${port}/postgres`;
  return up({ config, gatewayPort: 0, controlPort: 0, databaseUrl, fresh: false }, ports);
}

const lockOf = async () => {
  const lock = JSON.parse(await readFile(join(folder, "tenantry.lock.json"), "utf8"));
  const { "//": _, ...placements } = lock.environments.development;
  return placements;
};

describe("placement of declared tenants and of those added by command", () => {
  it("keeps every slot, whichever way and in whichever order tenants come", async () => {
    await using first = await start("globex-inc");
    expect(await lockOf()).toEqual({ "globex-inc": { cell: 1, slot: 1 } });
    const { tenant } = await addTenant({ config, tenant: "umbrella-co" }, ports);
    expect(tenant.placement).toEqual({ cell: 1, slot: 2 });
    await first.stop();

    // acme-corp comes before umbrella-co in every order but must not get its slot.
    const second = await start("acme-corp", "globex-inc");
    expect(await lockOf()).toEqual({
      "acme-corp": { cell: 1, slot: 3 },
      "globex-inc": { cell: 1, slot: 1 },
    });
    await second.stop();

    // A tenant that was added by command and is declared later keeps what it has.
    const third = await start("acme-corp", "globex-inc", "umbrella-co");
    expect((await lockOf())["umbrella-co"]).toEqual({ cell: 1, slot: 2 });
    const shown = await showTenant({ config, tenant: "umbrella-co" }, ports);
    expect(shown.tenant.placement).toEqual({ cell: 1, slot: 2 });
    expect(third.result.tenantCount).toBe(3);
    await third.stop();
  });
});

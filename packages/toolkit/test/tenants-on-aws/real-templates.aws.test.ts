import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addTenantOnAws, deploy, listTenantsOnAws, plan, removeTenantOnAws, synth } from "../../src/index.ts";
import { cloudPorts, fastSettings } from "../aws/cloud-ports.ts";
import { emulator, endpoint, platformName, temporaryFolder } from "../aws/emulator.ts";

const silos = new URL("../../../../platforms/tenant-silos/tenantry.config.ts", import.meta.url);
let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

it.skipIf(emulator === null)(
  "the templates of tenant-silos take a tenant by command, and nothing else changes",
  async () => {
    const platform = platformName();
    const config = join(folder.path, "tenantry.config.ts");
    // Names that are unique in an account must not meet those of another test.
    const text = (await readFile(silos, "utf8"))
      .replaceAll("saas-platform", platform)
      .replaceAll("/ecs/tenant/", `/ecs/${platform}/`)
      .replaceAll("rds/tenant/", `rds/${platform}/`);
    await writeFile(config, text);
    const environment = "development";
    const ports = { ...(await cloudPorts(endpoint())), cwd: folder.path };
    const request = { config, environment, settings: fastSettings };
    const synthesized = async () => (await synth({ config, environment, out: undefined }, ports)).folder;
    const stacks = async () => {
      const all = await ports.cloud.region("us-east-1").stacks.list();
      return all.filter(({ tags }) => tags["tenantry:platform"] === platform);
    };
    await deploy({ artifacts: await synthesized(), settings: fastSettings }, ports);
    const before = await stacks();

    const { tenant } = await addTenantOnAws({ ...request, tenant: "umbrella-co" }, ports);
    expect(tenant).toMatchObject({
      cell: 1,
      slot: 4,
      template: "current",
      url: "http://umbrella-co.example.com",
    });
    const name = `${platform}-development-tenant-umbrella-co`;
    const after = await stacks();
    expect(after.filter((stack) => stack.name !== name)).toEqual(before);
    const priorities = after.flatMap(({ parameters }) => parameters["PriorityApp"]?.value ?? []);
    expect(priorities.toSorted()).toEqual(["1", "2", "3", "4"]);

    const made = await plan({ artifacts: await synthesized() }, ports);
    expect([...made.stacks, ...made.tenants].filter(({ action }) => action !== "unchanged")).toEqual([]);
    expect(made.tenants).toHaveLength(4);
    expect(await removeTenantOnAws({ ...request, tenant: "umbrella-co" }, ports)).toMatchObject({
      sharedStores: ["main"],
    });
    expect(await stacks()).toEqual(before);
    expect((await listTenantsOnAws(request, ports)).tenants.map(({ id }) => id)).toEqual([
      "acme-corp",
      "globex-inc",
      "initech-llc",
    ]);
  },
);

// Goal: stacks of one template are planned each with its own values, and what one of them hands over counts as provided.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { synthesize } from "@tenantry/aws/synthesis";
import { openDeployment, parseDefinition, resolve } from "@tenantry/model";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Assembly, readAssembly } from "../../src/aws/assembly/read-assembly.ts";
import { sharedTargets } from "../../src/aws/assembly/stack-targets.ts";
import { outputsOf } from "../../src/aws/deploy/outputs.ts";
import { planDeployment } from "../../src/aws/plan/plan-deployment.ts";
import { resolveParameters, unknownDeployment } from "../../src/aws/plan/resolve-parameters.ts";
import { StoredValues } from "../../src/aws/plan/stored-values.ts";
import { memoryCloud } from "./memory-cloud.ts";

let folder: string;
let assembly: Assembly;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tenantry-cells-"));
  const definition = parseDefinition({
    name: "saas",
    domain: "example.com",
    services: { app: { image: "nginx:1.29", route: "/" } },
    tiers: { silo: { services: { app: "silo" } } },
    cells: { capacity: 1 },
    tenants: { acme: "silo", globex: "silo" },
    environments: { production: { region: "us-east-1" } },
  });
  const { files } = synthesize(resolve(definition, "production", { deployment: openDeployment }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  assembly = await readAssembly(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const targetOf = (id: string) => {
  const target = sharedTargets(assembly).find((one) => one.id === id);
  if (target === undefined) throw new Error(`no stack ${id}`);
  return target;
};

it("gives each stack of a template its own literal values, and reads what they name", async () => {
  const path = (cell: number) => `/saas/production/cells/${cell}/load-balancer-full-name`;
  const cloud = memoryCloud({ values: { [path(1)]: "app/one", [path(2)]: "app/two" } });
  const context = {
    cloud,
    values: new StoredValues(cloud),
    deployment: unknownDeployment,
    hostedZones: new Map<string, Promise<string | null>>(),
  };
  const [one, two] = await Promise.all(
    ["cell-watch-1", "cell-watch-2"].map((id) => resolveParameters(targetOf(id), null, context)),
  );
  expect(two?.given).toMatchObject({ Cell: "2", CellLoadBalancerFullName: path(2) });
  expect(two?.effective).toEqual({ Cell: "2", CellLoadBalancerFullName: "app/two" });
  expect(two?.missing).toEqual([]);
  expect(one?.digest).not.toBe(two?.digest);
});

it("plans all cells, knows what each provides, and counts their resources once", async () => {
  const cloud = memoryCloud({ hostedZones: { "example.com": "Z1" } });
  const plan = await planDeployment(assembly, cloud);
  const ofCells = plan.stacks.filter(({ id }) => id.startsWith("cell-"));
  expect(ofCells.map(({ id, action }) => [id, action])).toEqual([
    ["cell-1", "create"],
    ["cell-2", "create"],
    ["cell-watch-1", "create"],
    ["cell-watch-2", "create"],
  ]);
  expect(plan.obstacles).toEqual([]);
  expect(new Set(ofCells.map(({ change }) => change)).size).toBe(2);
  // Without the second cell's own number nobody provides what its watch needs.
  const broken = {
    ...assembly,
    manifest: {
      ...assembly.manifest,
      stacks: assembly.manifest.stacks.map((stack) =>
        stack.id === "cell-2"
          ? { ...stack, parameters: { ...stack.parameters, Cell: { kind: "literal", value: "9" } as const } }
          : stack,
      ),
    },
  };
  const { obstacles } = await planDeployment(broken, cloud);
  expect(obstacles.map(({ detail }) => detail).join("\n")).toContain("/cells/2/load-balancer-full-name");
});

it("tells the outputs of two cells apart", () => {
  const stack = { outputs: { ClusterName: "a" } } as unknown as Parameters<
    typeof outputsOf
  >[0][number]["stack"];
  const outputs = outputsOf(["cell-1", "cell-2"].map((id) => ({ target: targetOf(id), stack })));
  expect(Object.keys(outputs)).toEqual(["cluster_name", "cell_2_cluster_name"]);
});

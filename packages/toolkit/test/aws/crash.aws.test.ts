import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { seededRandom, systemClock } from "@tenantry/base";
import { describe, expect, it } from "vitest";
import { deploy } from "../../src/index.ts";
import { cloudPorts, crashSettings } from "./cloud-ports.ts";
import { deployWhenFree } from "./deploy-when-free.ts";
import { emulator, endpoint, platformName, temporaryFolder } from "./emulator.ts";
import { data, foundation, tenantTemplate, writeAssembly } from "./test-assembly.ts";

const killCount = 20;
/** A deployment of these templates takes about so long. */
const killWithinMs = 3_000;

describe.skipIf(emulator === null)("a deployment that is killed at any moment", () => {
  it("is finished by the next one, with nothing made twice and nothing left over", async () => {
    await using folder = await temporaryFolder();
    const platform = platformName();
    const random = seededRandom(20_260_101);
    const ports = await cloudPorts(endpoint());
    const { stacks, parameters } = ports.cloud.region("us-east-1");
    const write = (round: number) => {
      const tenants = Array.from({ length: 8 }, (_, index) => `t-00${index}`);
      return writeAssembly(folder.path, {
        platform,
        stacks: [
          { id: "foundation", template: foundation(platform, `r${round}`) },
          { id: "data", dependsOn: ["foundation"], template: data(platform) },
        ],
        tenantTemplate: tenantTemplate(platform, `round ${round}`),
        // One tenant comes and goes, so that removals are interrupted too.
        tenants: Object.fromEntries(
          [...tenants, ...(round % 2 === 0 ? ["t-009"] : [])].map((id) => [id, {}]),
        ),
      });
    };
    const begun = new Map<number, string>();
    let wasDone = 0;
    for (let kill = 0; kill < killCount; kill += 1) {
      // The same revision for some kills in a row, then the next one is begun where the last was not finished.
      const artifacts = await write(Math.floor(kill / 4));
      const process = await deployingProcess(endpoint(), artifacts);
      await systemClock.sleep(random.below(killWithinMs));
      if (process.exitCode !== null) wasDone += 1;
      process.kill("SIGKILL");
      if (process.exitCode === null && process.signalCode === null) await once(process, "exit");
      const states = (await stacks.list()).filter(({ name }) => name.startsWith(platform));
      begun.set(kill, states.map(({ status }) => status).join(" "));
    }
    // The kills hit something: stacks that were being worked on, and none of them was the last word.
    expect([...begun.values()].filter((one) => one.includes("IN_PROGRESS")).length).toBeGreaterThan(3);
    expect(wasDone).toBeLessThan(killCount / 2);

    const artifacts = await write(5);
    const result = await deployWhenFree(endpoint(), artifacts);
    expect(result.stacks.filter(({ outcome }) => outcome === "failed" || outcome === "not-started")).toEqual(
      [],
    );
    const again = await deploy({ artifacts, settings: crashSettings }, ports);
    expect(new Set(again.stacks.map(({ outcome }) => outcome))).toEqual(new Set(["unchanged"]));

    const left = (await stacks.list()).filter(({ name }) => name.startsWith(platform));
    const names = left.map(({ name }) => name.replace(`${platform}-production-`, "")).sort();
    expect(names).toEqual([
      "data",
      "foundation",
      ...Array.from({ length: 8 }, (_, index) => `tenant-t-00${index}`),
    ]);
    for (const { name, status } of left) {
      expect(status).toMatch(/^(CREATE|UPDATE)_COMPLETE$/);
      for (const set of await stacks.changeSets(name)) {
        const view = await stacks.describeChangeSet(name, set);
        expect([name, view?.executionStatus]).toEqual([name, "EXECUTE_COMPLETE"]);
      }
    }
    const lock = `/${platform}/production/deployment/lock`;
    const home = `/${platform}/production/tenants/t-003`;
    const values = await parameters.values([lock, home]);
    expect(values.get(lock)).toBeUndefined();
    expect(values.get(home)).toMatch(/^round 5 in vpc-.*-r5$/);
  }, 300_000);
});

async function deployingProcess(address: string, artifacts: string) {
  const program = join(import.meta.dirname, "deploying-process.ts");
  const child = spawn(process.execPath, [program, address, artifacts], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  await once(child.stdout, "data");
  return child;
}

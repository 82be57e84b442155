import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { seededRandom, systemClock } from "@tenantry/base";
import { describe, expect, it } from "vitest";
import { deploy } from "../../src/index.ts";
import { cloudPorts, crashSettings } from "./cloud-ports.ts";
import { deployWhenFree } from "./deploy-when-free.ts";
import { emulator, endpoint, platformName, temporaryFolder } from "./emulator.ts";
import { data, foundation, tenantTemplate, writeAssembly } from "./test-assembly.ts";

const killCount = 16;
const attemptsMax = 60;
/** A deployment of these templates tells about so many things. */
const eventsMax = 26;
const tenants = Array.from({ length: 8 }, (_, index) => `t-00${index}`);
const timeoutMs = 400_000;

/** Long enough that a process is killed while CloudFormation works, and that the test still sees it. */
const slowly = { Metadata: { Emulator: { DelayMs: 700 } } };

/** An assembly that is another in each round; one tenant comes and goes, so that removals are interrupted too. */
function writeRound(folder: string, platform: string, round: number): Promise<string> {
  const placed = [...tenants, ...(round % 2 === 0 ? ["t-009"] : [])];
  return writeAssembly(folder, {
    platform,
    stacks: [
      { id: "foundation", template: { ...foundation(platform, `r${round}`), ...slowly } },
      { id: "data", dependsOn: ["foundation"], template: { ...data(platform), ...slowly } },
    ],
    tenantTemplate: { ...tenantTemplate(platform, `round ${round}`), ...slowly },
    tenants: Object.fromEntries(placed.map((id) => [id, {}])),
  });
}

describe.skipIf(emulator === null)("a deployment that is killed at any moment", () => {
  it(
    "is finished by the next one, with nothing made twice and nothing left over",
    { timeout: timeoutMs },
    async () => {
      await using folder = await temporaryFolder();
      const platform = platformName();
      const random = seededRandom(20_260_101);
      const ports = await cloudPorts(endpoint());
      const { stacks, parameters } = ports.cloud.region("us-east-1");
      const ours = async () => (await stacks.list()).filter(({ name }) => name.startsWith(platform));
      const left: string[] = [];
      let round = 0;
      for (let attempt = 0; left.length < killCount && attempt < attemptsMax; attempt += 1) {
        const artifacts = await writeRound(folder.path, platform, round);
        const child = await deployingProcess(endpoint(), artifacts, random.below(eventsMax));
        await systemClock.sleep(random.below(120));
        if (child.exitCode !== null) {
          expect(child.exitCode, "what the deployment that was faster than the kill ended with").toBe(0);
          round += 1;
          continue;
        }
        const ended = once(child, "exit");
        child.kill("SIGKILL");
        await ended;
        left.push((await ours()).map(({ status }) => status).join(" "));
      }
      // The kills hit something: stacks that were being made and changed.
      expect(left).toHaveLength(killCount);
      expect(left.filter((one) => one.includes("_IN_PROGRESS")).length).toBeGreaterThan(3);

      // An odd round: without the tenant that comes and goes.
      const last = round + 1 + (round % 2);
      const artifacts = await writeRound(folder.path, platform, last);
      await deployWhenFree(endpoint(), artifacts, () => undefined);
      const again = await deploy({ artifacts, settings: crashSettings }, ports);
      expect(new Set(again.stacks.map(({ outcome }) => outcome))).toEqual(new Set(["unchanged"]));

      const now = await ours();
      const names = now.map(({ name }) => name.replace(`${platform}-production-`, "")).sort();
      expect(names).toEqual(["data", "foundation", ...tenants.map((tenant) => `tenant-${tenant}`)]);
      for (const { name, status } of now) {
        expect([name, status]).toEqual([name, expect.stringMatching(/^(CREATE|UPDATE)_COMPLETE$/)]);
        for (const set of await stacks.changeSets(name)) {
          const view = await stacks.describeChangeSet(name, set);
          expect([name, view?.executionStatus]).toEqual([name, "EXECUTE_COMPLETE"]);
        }
      }
      const lock = `/${platform}/production/deployment/lock`;
      const home = `/${platform}/production/tenants/t-003`;
      const values = await parameters.values([lock, home]);
      expect(values.get(lock)).toBeUndefined();
      expect(values.get(home)).toMatch(new RegExp(`^round ${last} in vpc-.*-r${last}$`));
    },
  );
});

/** A process that deploys, and has told about so many things, or has ended. */
async function deployingProcess(address: string, artifacts: string, lines: number): Promise<ChildProcess> {
  const program = join(import.meta.dirname, "deploying-process.ts");
  const child = spawn(process.execPath, [program, address, artifacts], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = once(child, "exit");
  let told = 0;
  const enough = new Promise<void>((resolve) => {
    if (lines === 0) resolve();
    child.stdout.on("data", (chunk: Buffer) => {
      told += chunk.toString().split("\n").length - 1;
      if (told >= lines) resolve();
    });
  });
  await Promise.race([enough, ended]);
  return child;
}

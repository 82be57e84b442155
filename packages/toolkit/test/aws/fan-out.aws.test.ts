import { isCodedError, seededRandom } from "@tenantry/base";
import { describe, expect, it } from "vitest";
import { deploy, removeTenantStacks, type StackResult, type ToolkitEvent } from "../../src/index.ts";
import { cloudPorts, fastSettings } from "./cloud-ports.ts";
import { emulator, endpoint, platformName, temporaryFolder } from "./emulator.ts";
import { faultProxy } from "./fault-proxy.ts";
import { data, foundation, tenantTemplate, writeAssembly } from "./test-assembly.ts";

const tenantsNamed = (count: number) =>
  Array.from({ length: count }, (_, index) => `t-${String(index).padStart(3, "0")}`);

const write = (folder: string, platform: string, tenants: readonly string[], text = "here") =>
  writeAssembly(folder, {
    platform,
    dataProtection: "disposable",
    stacks: [{ id: "foundation", template: foundation(platform) }],
    tenantTemplate: tenantTemplate(platform, text),
    tenants: Object.fromEntries(tenants.map((tenant) => [tenant, {}])),
  });

/** The most tenants' stacks that were worked on at once. */
function mostAtOnce(events: readonly ToolkitEvent[]): number {
  let [running, most] = [0, 0];
  for (const event of events) {
    if (event.code === "TOOLKIT_STACK_STARTED" && event.tenant !== null && event.action !== "wait")
      running += 1;
    if (event.code === "TOOLKIT_STACK_DONE" && event.tenant !== null && event.outcome !== "unchanged")
      running -= 1;
    most = Math.max(most, running);
  }
  return most;
}

async function failureOf(work: Promise<unknown>) {
  const failure = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isCodedError(failure)) throw failure ?? new Error("nothing failed");
  return { ...failure.params, code: failure.code } as {
    readonly code: string;
    readonly failures: readonly string[];
    readonly notStarted: readonly string[];
    readonly stacks: readonly StackResult[];
  };
}

describe.skipIf(emulator === null)("many tenants", () => {
  it("come in waves and with bounded concurrency, and the second time nothing is asked about each", async () => {
    await using folder = await temporaryFolder();
    const ports = await cloudPorts(endpoint());
    const artifacts = await write(folder.path, platformName(), tenantsNamed(100));
    const result = await deploy({ artifacts, settings: fastSettings }, ports);
    expect(result.stacks.filter(({ outcome }) => outcome === "created")).toHaveLength(101);
    expect(mostAtOnce(ports.events)).toBeGreaterThan(5);
    expect(mostAtOnce(ports.events)).toBeLessThanOrEqual(10);
    const waves = ports.events.flatMap((event) =>
      event.code === "TOOLKIT_WAVE_STARTED" ? [event.tenants] : [],
    );
    expect(waves).toEqual([1, 10, 89]);
    const again = await deploy({ artifacts, settings: fastSettings }, ports);
    expect(new Set(again.stacks.map(({ outcome }) => outcome))).toEqual(new Set(["unchanged"]));
    expect(again.durationMs).toBeLessThan(result.durationMs / 3);
  });

  it("stop where one fails, and go on from there when the cause is gone", async () => {
    await using folder = await temporaryFolder();
    const platform = platformName();
    const ports = await cloudPorts(endpoint());
    const settings = { ...fastSettings, tenantConcurrency: 3, waves: [2, "rest"] as const };
    const bad = ["a-tenant", "bad-tenant", ...tenantsNamed(10)];
    const artifacts = await write(folder.path, platform, bad);
    const failure = await failureOf(deploy({ artifacts, settings }, ports));
    expect(failure.failures).toEqual([
      `Home (AWS::SSM::Parameter) of ${platform}-production-tenant-bad-tenant in us-east-1 failed: told to fail`,
    ]);
    // The one that ran beside it was finished; the second wave was not begun.
    const byOutcome = Object.groupBy(failure.stacks, ({ outcome }) => outcome);
    expect(byOutcome.created?.map(({ id }) => id)).toEqual(["foundation", "tenant/a-tenant"]);
    expect(byOutcome.failed?.map(({ id }) => id)).toEqual(["tenant/bad-tenant"]);
    expect(failure.notStarted).toHaveLength(10);
    await write(
      folder.path,
      platform,
      bad.filter((tenant) => tenant !== "bad-tenant"),
    );
    const result = await deploy({ artifacts, settings }, ports);
    const outcomes = Object.groupBy(result.stacks, ({ outcome }) => outcome);
    expect(outcomes.unchanged?.map(({ id }) => id)).toEqual(["foundation", "tenant/a-tenant"]);
    expect(outcomes.created).toHaveLength(10);
    expect(outcomes.deleted?.map(({ id }) => id)).toEqual(["tenant/bad-tenant"]);
    await removeTenantStacks({ artifacts, tenant: "t-004", settings }, ports);
    const gone = removeTenantStacks({ artifacts, tenant: "t-004", settings }, ports);
    expect((await failureOf(gone)).code).toBe("TOOLKIT_TENANT_NOT_DEPLOYED");
  });
});

describe.skipIf(emulator === null)("a deployment through a bad network", () => {
  it("finishes: throttled, refused, cut off and left without answers", async () => {
    await using folder = await temporaryFolder();
    const platform = platformName();
    const faults = { throttled: 0.3, failed: 0.05, cut: 0.05, answerLost: 0.08, slow: 0.1 };
    await using proxy = await faultProxy(endpoint(), faults, seededRandom(7));
    const ports = await cloudPorts(proxy.endpoint);
    const direct = await cloudPorts(endpoint());
    const assembly = (text: string) =>
      writeAssembly(folder.path, {
        platform,
        stacks: [
          { id: "foundation", template: foundation(platform, text) },
          { id: "data", dependsOn: ["foundation"], template: data(platform) },
        ],
        tenantTemplate: tenantTemplate(platform, text),
        tenants: Object.fromEntries(tenantsNamed(15).map((tenant) => [tenant, {}])),
      });
    const settings = { ...fastSettings, lock: { leaseMs: 20_000, settleMs: 100 } };
    const artifacts = await assembly("a");
    const first = await deploy({ artifacts, settings }, ports);
    expect(first.stacks.map(({ outcome }) => outcome)).toEqual(Array(17).fill("created"));
    await assembly("b");
    const second = await deploy({ artifacts, settings }, ports);
    expect(second.stacks.map(({ outcome }) => outcome)).toEqual(Array(17).fill("updated"));
    for (const count of Object.values(proxy.done)) expect(count).toBeGreaterThan(5);
    const { stacks } = direct.cloud.region("us-east-1");
    const left = (await stacks.list()).filter(({ name }) => name.startsWith(platform));
    expect(left.map(({ status }) => status)).toEqual(Array(17).fill("UPDATE_COMPLETE"));
  });
});

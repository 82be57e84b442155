import { isCodedError, ManualClock, seededRandom, systemClock } from "@tenantry/base";
import { describe, expect, it } from "vitest";
import type { ParameterService } from "../cloud/cloud.ts";
import { DeploymentLock, lockName, readLock } from "./deployment-lock.ts";

function memoryParameters(): ParameterService & { readonly content: Map<string, string> } {
  const content = new Map<string, string>();
  return {
    content,
    values: async (names) => new Map([...content].filter(([name]) => names.includes(name))),
    create: async (name, value) => {
      if (content.has(name)) return "exists";
      content.set(name, value);
      return "created";
    },
    overwrite: async (name, value) => void content.set(name, value),
    delete: async (name) => void content.delete(name),
  };
}

const request = (holder: string, takeOver = false) => ({
  platform: "saas",
  environment: "production",
  region: "us-east-1",
  holder,
  purpose: "deploy",
  takeOver,
});
const name = lockName(request("anyone"));
const options = { leaseMs: 40_000, settleMs: 0 };
const codeOf = async (work: Promise<unknown>) => {
  const failure = await work.catch((reason: unknown) => reason);
  return isCodedError(failure) ? failure.code : "nothing failed";
};
const settle = async () => {
  for (let index = 0; index < 20; index += 1) await Promise.resolve();
};

describe("a lock of a deployment", () => {
  it("is held by one, names it to others, and is free again afterwards", async () => {
    const parameters = memoryParameters();
    const ports = { parameters, clock: new ManualClock(), random: seededRandom(1) };
    const lock = await DeploymentLock.acquire(request("ada"), options, ports);
    expect(await codeOf(DeploymentLock.acquire(request("bob"), options, ports))).toBe(
      "TOOLKIT_DEPLOYMENT_LOCKED",
    );
    expect((await readLock(parameters, name))?.holder).toBe("ada");
    await lock[Symbol.asyncDispose]();
    expect(parameters.content.size).toBe(0);
    await (await DeploymentLock.acquire(request("bob"), options, ports))[Symbol.asyncDispose]();
  });

  it("is renewed while it is held, and taken over only when that stopped", async () => {
    const parameters = memoryParameters();
    const clock = new ManualClock();
    const ports = { parameters, clock, random: seededRandom(1) };
    await using lock = await DeploymentLock.acquire(request("ada"), options, ports);
    for (let index = 0; index < 10; index += 1) {
      clock.advance(10_000);
      await settle();
    }
    expect(Date.parse((await readLock(parameters, name))?.until ?? "")).toBe(140_000);
    expect(await codeOf(DeploymentLock.acquire(request("bob"), options, ports))).toBe(
      "TOOLKIT_DEPLOYMENT_LOCKED",
    );
    expect(lock.lost.aborted).toBe(false);
    // A process that was killed renews nothing.
    const later = { parameters, clock: new ManualClock(140_000), random: seededRandom(2) };
    const taking = DeploymentLock.acquire(request("bob"), options, later);
    await settle();
    later.clock.advance(0);
    await using taken = await taking;
    expect(taken.takenFrom).toBe("ada");
    // Should it live after all, it sees that it lost the lock, and does not release that of the other.
    clock.advance(10_000);
    await settle();
    expect(lock.lost.reason).toMatchObject({ code: "TOOLKIT_DEPLOYMENT_LOCK_LOST" });
    await lock[Symbol.asyncDispose]();
    expect((await readLock(parameters, name))?.holder).toBe("bob");
  });

  it("goes to one of many who take an expired one over at once", async () => {
    const parameters = memoryParameters();
    parameters.content.set(
      name,
      JSON.stringify({ holder: "x", purpose: "", since: "", until: "2020-01-01T00:00:00Z", nonce: "" }),
    );
    const random = seededRandom(9);
    const ports = { parameters, clock: systemClock, random };
    const all = await Promise.allSettled(
      Array.from({ length: 12 }, (_, index) =>
        DeploymentLock.acquire(request(`taker-${index}`), { leaseMs: 60_000, settleMs: 30 }, ports),
      ),
    );
    const won = all.filter((one) => one.status === "fulfilled");
    expect(won).toHaveLength(1);
    for (const { value } of won) await value[Symbol.asyncDispose]();
    expect(parameters.content.size).toBe(0);
  });

  it("counts as held when its creation was carried out and the answer got lost", async () => {
    const parameters = memoryParameters();
    const forgetful = {
      ...parameters,
      create: async (...given: Parameters<ParameterService["create"]>) => {
        await parameters.create(...given);
        return "exists" as const;
      },
    };
    const ports = { parameters: forgetful, clock: new ManualClock(), random: seededRandom(1) };
    await using lock = await DeploymentLock.acquire(request("ada"), options, ports);
    expect(lock.takenFrom).toBeNull();
  });

  it("is given up to a word, and not to one that holds something unreadable", async () => {
    const parameters = memoryParameters();
    parameters.content.set(name, "by hand");
    const ports = { parameters, clock: systemClock, random: seededRandom(1) };
    expect(await codeOf(DeploymentLock.acquire(request("ada"), options, ports))).toBe(
      "TOOLKIT_DEPLOYMENT_LOCKED",
    );
    await using lock = await DeploymentLock.acquire(request("ada", true), options, ports);
    expect(lock.takenFrom).toBe("somebody unknown");
  });
});

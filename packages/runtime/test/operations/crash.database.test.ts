import { seededRandom } from "@tenantry/base";
import { expect, inject, test } from "vitest";
import { findFaults } from "./find-faults.ts";
import type { Boundary } from "./operating-process.ts";
import { type Scenario, scenarios } from "./scenarios.ts";
import { perform, setStage, type Stage } from "./stage.ts";

/*
 * The proof that operations survive crashes. A process runs operations of every kind, with every
 * isolation, to their end and back, and is killed (SIGKILL) again and again while it does. Then
 * everything there is, is held against what there should be.
 */

const server = inject("databaseServer");

test(
  "killed at every boundary of every step, each operation ends as it should, once and without leftovers",
  { timeout: 900_000 },
  async () => {
    const boundaries = await rehearse();
    const plans = scenarios.flatMap((scenario) => plansOf(scenario, boundaries.get(scenario.name) ?? []));
    const rounds = Math.max(...plans.map((plan) => plan.kills.length));
    {
      await using stage = await setStage(
        server,
        plans.map(({ scenario }) => scenario),
        "crash-everywhere",
      );
      for (let round = 0; round < rounds; round += 1) {
        await killAll(
          stage,
          new Map(plans.map(({ scenario, kills }) => [scenario.name, kills[round] ?? null])),
        );
      }
      await endUnharmed(stage);
    }
    // An operation that has ended does not come to its last boundary again, so that is met at once.
    await using stage = await setStage(server, scenarios, "crash-at-the-end");
    await killAll(stage, new Map([...boundaries].map(([name, all]) => [name, all.at(-1) ?? null])));
    await endUnharmed(stage);
  },
);

/** Finds out where the boundaries are by a run without a crash, so that a new step is among them. */
async function rehearse(): Promise<ReadonlyMap<string, readonly Boundary[]>> {
  await using stage = await setStage(server, scenarios, "crash-rehearsal");
  const { passed, complaints } = await perform(stage);
  expect(complaints).toEqual([]);
  expect(await findFaults(stage)).toEqual([]);
  const boundaries = new Map([...passed].map(([tenant, all]) => [tenant, distinct(all)]));
  expect([...boundaries.keys()].sort()).toEqual(scenarios.map(({ name }) => name).sort());
  return boundaries;
}

const nameOf = ({ step, moment }: Boundary) => `${step}/${moment}`;

/** Each boundary once. What is within a step is met by chance, below. */
function distinct(all: readonly Boundary[]): readonly Boundary[] {
  const seen = new Map(all.map((boundary) => [nameOf(boundary), boundary]));
  return [...seen.values()].filter(({ moment }) => moment !== "within");
}

const killsPerTenant = 25;

/** Where the process is killed, one after the other; several tenants share a long operation's boundaries. */
function plansOf(scenario: Scenario, boundaries: readonly Boundary[]) {
  const kills = boundaries.slice(0, -1);
  const parts = Math.ceil(kills.length / killsPerTenant);
  const each = Math.ceil(kills.length / parts);
  return Array.from({ length: parts }, (_, part) => ({
    scenario: part === 0 ? scenario : { ...scenario, name: `${scenario.name}-${part + 1}` },
    kills: kills.slice(part * each, (part + 1) * each),
  }));
}

/** Kills the process when every operation stands at its boundary. */
async function killAll(stage: Stage, killAt: ReadonlyMap<string, Boundary | null>): Promise<void> {
  const { isKilled, stopped } = await perform(stage, { killAt: ({ name }) => killAt.get(name) ?? null });
  const wanted = [...killAt].filter(([, boundary]) => boundary !== null);
  expect(stopped.toSorted()).toEqual(wanted.map(([name]) => name).toSorted());
  expect(isKilled).toBe(true);
}

async function endUnharmed(stage: Stage): Promise<void> {
  const { isKilled } = await perform(stage);
  expect(isKilled).toBe(false);
  expect(await findFaults(stage)).toEqual([]);
}

const randomKills = Number(process.env["TENANTRY_TEST_SLOW"] === undefined ? 24 : 200);

test(
  `killed ${randomKills} times at random, within steps too, each operation ends as it should`,
  { timeout: 1_800_000 },
  async () => {
    const random = seededRandom(20_260_131);
    let kills = 0;
    for (let world = 0; kills < randomKills; world += 1) {
      await using stage = await setStage(server, scenarios, `crash-random-${world}`);
      for (;;) {
        const killAfter = kills < randomKills ? 1 + random.below(90) : undefined;
        const { isKilled } = await perform(stage, killAfter === undefined ? {} : { killAfter });
        if (!isKilled) break;
        kills += 1;
      }
      expect(await findFaults(stage), `world ${world}`).toEqual([]);
    }
    expect(kills).toBe(randomKills);
  },
);

test.each([
  ["event", "events of onboard-pool"],
  ["role", "roles"],
] as const)(
  "a step that is not idempotent is found out: one that makes another %s each time",
  async (fault, found) => {
    const one = scenarios.filter(({ name }) => name === "onboard-pool");
    await using stage = await setStage(server, one, `crash-fault-${fault}`);
    const killAt = { step: "make-place", moment: "after-effect" };
    const { isKilled } = await perform(stage, { fault, killAt: () => killAt });
    expect(isKilled).toBe(true);
    await perform(stage, { fault });
    const faults = await findFaults(stage);
    expect(
      faults.some((text) => text.startsWith(found)),
      faults.join("\n"),
    ).toBe(true);
  },
);

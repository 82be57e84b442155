// Goal: no tenant reaches another, whatever a handler does or an injection runs.
// Method: every attack by an attacker of each isolation against a victim of each isolation. An
// attack holds when no secret of a victim comes back and no row of any victim has changed. The
// matrix shows for each attack and each kind of attacker the worst outcome over all victims.
import type { Isolation } from "@tenantry/model";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { TenantDatabase } from "../../src/database/tenant-database.ts";
import { type Arena, openArena } from "./probes/arena.ts";
import { doorProbes } from "./probes/door-probes.ts";
import { leftoverProbes } from "./probes/leftover-probes.ts";
import { powerProbes } from "./probes/power-probes.ts";
import type { Probe } from "./probes/probe.ts";
import { rowProbes } from "./probes/row-probes.ts";
import { type Outcome, runProbe } from "./probes/run-probe.ts";
import { createTestPlatform, isolations, shapedMigrations, type TestPlatform } from "./test-platform.ts";

const probes: readonly Probe[] = [...doorProbes, ...rowProbes, ...powerProbes, ...leftoverProbes];

let platform: TestPlatform;
let database: TenantDatabase;
let arena: Arena;

beforeAll(async () => {
  platform = await createTestPlatform(inject("databaseServer"), "probes", shapedMigrations);
  database = await platform.open();
  arena = await openArena(platform, database);
});

afterAll(async () => {
  await database?.[Symbol.asyncDispose]();
  await platform?.[Symbol.asyncDispose]();
});

describe("attacks on other tenants", () => {
  const cells = new Map<string, string>();

  test.each(isolations)("by a %s tenant do not succeed", { timeout: 180_000 }, async (isolation) => {
    const leaks: string[] = [];
    const before = await arena.fingerprint();
    for (const probe of probes) {
      const outcome = await worstOutcome(probe, isolation);
      const after = await arena.fingerprint();
      const shown =
        after === before ? outcome : ({ kind: "leak", witness: "rows of a victim changed" } as const);
      cells.set(`${probe.name} ${isolation}`, cellOf(probe, shown));
      if (shown.kind === "leak" && probe.visible === undefined)
        leaks.push(`${isolation} ${probe.name}: ${shown.witness}`);
      if (after !== before) break;
    }
    expect(leaks).toEqual([]);
  });

  test("give the matrix that the guarantees are written from", async () => {
    await expect(printMatrix(cells)).toMatchFileSnapshot("./probes.golden.txt");
  });

  test("are at least fifty-five, each with a name of its own", () => {
    expect(probes.length).toBeGreaterThanOrEqual(55);
    expect(new Set(probes.map(({ name }) => name)).size).toBe(probes.length);
  });
});

async function worstOutcome(probe: Probe, isolation: Isolation): Promise<Outcome> {
  const attacker = arena.red[isolation];
  const outcomes: Outcome[] = [];
  for (const victim of Object.values(arena.blue)) {
    outcomes.push(await runProbe(arena, probe, attacker, victim));
    if (probe.kind === "raw" || probe.kind === "door") await arena.restore(attacker);
  }
  return (
    outcomes.find(({ kind }) => kind === "leak") ??
    outcomes.find(({ kind }) => kind === "held") ?? { kind: "apart" }
  );
}

function cellOf(probe: Probe, outcome: Outcome): string {
  if (outcome.kind !== "leak") return outcome.kind;
  return probe.visible === undefined ? "LEAK" : "visible";
}

function printMatrix(cells: ReadonlyMap<string, string>): string {
  const width = Math.max(...probes.map(({ name }) => name.length));
  const line = (name: string, values: readonly string[]) =>
    `${name.padEnd(width)}  ${values.map((value) => value.padEnd(7)).join("  ")}`.trimEnd();
  const rows = probes.map(({ name }) =>
    line(
      name,
      isolations.map((isolation) => cells.get(`${name} ${isolation}`) ?? "not run"),
    ),
  );
  const visible = probes.flatMap(({ name, visible: reason }) =>
    reason === undefined ? [] : [`${name}: ${reason}`],
  );
  return [
    `${probes.length} attacks by a pool, bridge and silo tenant, each against a pool, bridge and silo tenant.`,
    "held: nothing came back, nothing changed. apart: the two never share a session. visible: see below.",
    "",
    line("", isolations),
    ...rows,
    "",
    ...visible,
    "",
  ].join("\n");
}

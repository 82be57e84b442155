import { isCodedError } from "@tenantry/base";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isTenantId, type TenantId } from "../tenant-id.ts";
import { emptyLock, formatLock, parseLock, type PlacementLock, type Placements } from "./lock.ts";
import { place, placementsOf } from "./place.ts";

const tenantId = fc
  .array(fc.stringMatching(/^[a-z][a-z0-9]{1,5}$/), { minLength: 1, maxLength: 3 })
  .map((words) => words.join("-"))
  .filter(isTenantId);
const tenantIds = fc.uniqueArray(tenantId, { maxLength: 30 });
const capacity = fc.integer({ min: 1, max: 8 });
const options = { numRuns: 500 };

const keysOf = (placements: Placements) =>
  Object.values(placements).map(({ cell, slot }) => `${cell}/${slot}`);
const placed = (lock: PlacementLock) => placementsOf(lock, "production");
const linesOf = (lock: PlacementLock) => formatLock(lock).split("\n");

/** A lock with a history: batches of tenants, each the whole of what is declared then. */
function withHistory(batches: readonly (readonly TenantId[])[], size: number): PlacementLock {
  return batches.reduce((lock, batch) => place(lock, "production", batch, { capacity: size }), emptyLock);
}

describe("place", () => {
  test("the first tenants get the first slots in the order of their ids", () => {
    const lock = place(emptyLock, "production", ["globex-inc", "acme-corp"] as TenantId[], { capacity: 90 });
    expect(placed(lock)).toEqual({ "acme-corp": { cell: 1, slot: 1 }, "globex-inc": { cell: 1, slot: 2 } });
  });

  test("a full cell is followed by the next one", () => {
    const lock = place(emptyLock, "production", ["aaa", "bbb", "ccc"] as TenantId[], { capacity: 2 });
    expect(placed(lock)["ccc"]).toEqual({ cell: 2, slot: 1 });
  });

  test("no two tenants share a slot, and cells hold no more than their capacity", () => {
    fc.assert(
      fc.property(fc.array(tenantIds, { minLength: 1, maxLength: 5 }), capacity, (batches, size) => {
        const placements = placed(withHistory(batches, size));
        const keys = keysOf(placements);
        expect(new Set(keys).size).toBe(keys.length);
        expect(Object.keys(placements)).toEqual([...(batches.at(-1) ?? [])].sort());
        for (const { slot } of Object.values(placements)) expect(slot).toBeLessThanOrEqual(size);
      }),
      options,
    );
  });

  test("adding a tenant adds its own line and changes no other", () => {
    fc.assert(
      fc.property(
        fc.array(tenantIds, { minLength: 1, maxLength: 4 }),
        tenantId,
        capacity,
        (batches, added, size) => {
          const before = withHistory(batches, size);
          fc.pre(!Object.hasOwn(placed(before), added));
          const after = place(before, "production", [...(batches.at(-1) ?? []), added], { capacity: size });
          const rest = linesOf(after).filter((line) => !line.includes(`${JSON.stringify(added)}:`));
          expect(rest).toEqual(linesOf(before));
        },
      ),
      options,
    );
  });

  test("removing a tenant removes its own line and changes no other", () => {
    fc.assert(
      fc.property(
        fc.array(
          tenantIds.filter((ids) => ids.length > 0),
          { minLength: 1, maxLength: 4 },
        ),
        fc.nat(),
        (batches, at) => {
          const before = withHistory(batches, 4);
          const last = batches.at(-1) ?? [];
          const removed = last[at % last.length];
          const after = place(
            before,
            "production",
            last.filter((id) => id !== removed),
            { capacity: 4 },
          );
          const rest = linesOf(before).filter((line) => !line.includes(`${JSON.stringify(removed)}:`));
          expect(linesOf(after)).toEqual(rest);
        },
      ),
      options,
    );
  });

  test("the order in which a batch is written makes no difference", () => {
    fc.assert(
      fc.property(
        tenantIds.chain((ids) =>
          fc.tuple(fc.constant(ids), fc.shuffledSubarray(ids, { minLength: ids.length })),
        ),
        tenantIds,
        capacity,
        ([batch, shuffled], before, size) => {
          const lock = place(emptyLock, "production", before, { capacity: size });
          expect(place(lock, "production", shuffled, { capacity: size })).toEqual(
            place(lock, "production", batch, { capacity: size }),
          );
        },
      ),
      options,
    );
  });

  test("a tenant keeps its place whatever happens to the others", () => {
    fc.assert(
      fc.property(
        tenantId,
        fc.array(tenantIds, { minLength: 1, maxLength: 6 }),
        capacity,
        (id, batches, size) => {
          let lock = place(emptyLock, "production", [id], { capacity: size });
          for (const batch of batches) {
            lock = place(lock, "production", [...batch, id], { capacity: size });
            expect(placed(lock)[id]).toEqual({ cell: 1, slot: 1 });
          }
        },
      ),
      options,
    );
  });

  test("a new tenant takes the lowest slot that is free", () => {
    fc.assert(
      fc.property(
        fc.array(tenantIds, { minLength: 1, maxLength: 4 }),
        tenantId,
        capacity,
        (batches, added, size) => {
          const before = withHistory(batches, size);
          fc.pre(!Object.hasOwn(placed(before), added));
          const after = place(before, "production", [...(batches.at(-1) ?? []), added], { capacity: size });
          const given = placed(after)[added];
          const index = ({ cell, slot }: { cell: number; slot: number }) => (cell - 1) * size + slot;
          const taken = new Set(Object.values(placed(before)).map(index));
          let lowest = 1;
          while (taken.has(lowest)) lowest += 1;
          expect(given === undefined ? null : index(given)).toBe(lowest);
        },
      ),
      options,
    );
  });

  test("what the running platform gave is never given again", () => {
    fc.assert(
      fc.property(tenantIds, tenantIds, capacity, (running, declared, size) => {
        const reserved = placed(place(emptyLock, "production", running, { capacity: size }));
        const after = placed(place(emptyLock, "production", declared, { capacity: size, reserved }));
        const foreign = new Set(
          keysOf(
            Object.fromEntries(Object.entries(reserved).filter(([id]) => !declared.includes(id as TenantId))),
          ),
        );
        for (const [id, placement] of Object.entries(after)) {
          expect(foreign.has(`${placement.cell}/${placement.slot}`)).toBe(false);
          if (Object.hasOwn(reserved, id)) expect(placement).toEqual(reserved[id]);
        }
      }),
      options,
    );
  });

  test("one environment's tenants are placed without touching another's", () => {
    const staging = place(emptyLock, "staging", ["acme-corp"] as TenantId[], { capacity: 2 });
    const both = place(staging, "production", ["globex-inc"] as TenantId[], { capacity: 2 });
    expect(placementsOf(both, "staging")).toEqual(placementsOf(staging, "staging"));
    expect(placementsOf(both, "nowhere")).toEqual({});
  });

  test("a smaller capacity moves nobody", () => {
    const wide = place(emptyLock, "production", ["aaa", "bbb", "ccc"] as TenantId[], { capacity: 3 });
    const narrow = place(wide, "production", ["aaa", "bbb", "ccc", "ddd"] as TenantId[], { capacity: 2 });
    expect(placed(narrow)).toEqual({ ...placed(wide), ddd: { cell: 2, slot: 1 } });
  });

  test("lock and running platform that disagree are refused", () => {
    const lock = place(emptyLock, "production", ["acme-corp"] as TenantId[], { capacity: 2 });
    const run = (reserved: Placements) =>
      codeOf(() => place(lock, "production", ["acme-corp"] as TenantId[], { capacity: 2, reserved }));
    expect(run({ "globex-inc": { cell: 1, slot: 1 } })).toBe("MODEL_PLACEMENT_CONFLICT");
    expect(run({ "acme-corp": { cell: 1, slot: 2 } })).toBe("MODEL_PLACEMENT_MOVED");
  });

  test("ten thousand tenants are placed in one go", () => {
    const ids = Array.from({ length: 10_000 }, (_, index) => `tenant-${index}` as TenantId);
    const lock = place(emptyLock, "production", ids, { capacity: 90 });
    expect(new Set(keysOf(placed(lock))).size).toBe(10_000);
  });
});

describe("the lock file", () => {
  test("what is written is read back, whatever is in it", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^[a-z]{3,9}$/), tenantIds, { maxKeys: 4 }),
        (environments) => {
          const lock = Object.entries(environments).reduce<PlacementLock>(
            (before, [environment, ids]) => place(before, environment, ids, { capacity: 5 }),
            emptyLock,
          );
          expect(parseLock(formatLock(lock))).toEqual(lock);
        },
      ),
      options,
    );
  });

  test("what is wrong in a lock file is said with its line and what to write", async () => {
    const good = formatLock(
      place(emptyLock, "production", ["acme-corp", "globex-inc"] as TenantId[], { capacity: 90 }),
    );
    const broken: readonly (readonly [string, string])[] = [
      ["no file content", ""],
      ["a merge left its marks", good.replace('      "globex-inc"', '<<<<<<< HEAD\n      "globex-inc"')],
      ["a comma is missing", good.replace("},\n", "}\n")],
      ["a list", "[]"],
      ["another version", good.replace('"version": 1', '"version": 2')],
      ["no environments", '{ "version": 1 }'],
      ["a stray field", good.replace('"version": 1', '"version": 1, "verson": 1')],
      ["an environment that is a list", '{ "version": 1, "environments": { "production": [] } }'],
      ["an id that is none", good.replace("acme-corp", "Acme")],
      ["a slot of zero", good.replace('"slot": 1 ', '"slot": 0 ')],
      ["a slot as text", good.replace('"slot": 1 ', '"slot": "1" ')],
      ["a cell that is missing", good.replace('"cell": 1, "slot": 1 ', '"slot": 1 ')],
      ["a placement that is a number", good.replace('{ "cell": 1, "slot": 1 }', "7")],
      ["a stray field of a placement", good.replace('"slot": 1 ', '"slot": 1, "shard": 3 ')],
      ["two tenants in one slot", good.replace('"slot": 2', '"slot": 1')],
    ];
    const report = broken.map(([title, text]) => {
      try {
        parseLock(text);
      } catch (error) {
        if (!isCodedError(error)) throw error;
        return `${title}\n  ${error.code}\n    ${error.message}\n    fix: ${error.fix}\n`;
      }
      throw new Error(`${title}: nothing was thrown`);
    });
    await expect(report.join("\n")).toMatchFileSnapshot("lock-mistakes.golden.txt");
  });

  test("a lock file with anything in it is read or refused with a code", () => {
    const good = formatLock(
      place(emptyLock, "production", ["acme-corp", "globex-inc"] as TenantId[], { capacity: 90 }),
    );
    fc.assert(
      fc.property(
        fc.nat({ max: good.length }),
        fc.nat({ max: 20 }),
        fc.string({ maxLength: 8 }),
        (at, length, inserted) => {
          codeOf(() => parseLock(good.slice(0, at) + inserted + good.slice(at + length)));
        },
      ),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(fc.json(), (text) => void codeOf(() => parseLock(text))),
      { numRuns: 1000 },
    );
  });
});

function codeOf(action: () => unknown): string | null {
  try {
    action();
    return null;
  } catch (error) {
    if (!isCodedError(error)) throw error;
    return error.code;
  }
}

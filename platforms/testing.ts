import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { stableJson } from "@tenantry/base";
import {
  type Definition,
  emptyLock,
  environmentsOf,
  formatLock,
  parseLock,
  place,
  type Platform,
  resolve,
  type TenantId,
} from "@tenantry/model";
import { describe, expect, test } from "vitest";

/** What holds for every reference platform: it resolves, as its golden files say, and its lock is complete. */
export function describePlatform(folder: URL, definition: Definition, environments: readonly string[]): void {
  const fileOf = (path: string) => fileURLToPath(new URL(path, folder));
  const lockFile = fileOf("tenantry.lock.json");
  const lock = existsSync(lockFile) ? parseLock(readFileSync(lockFile, "utf8")) : emptyLock;

  describe(`the platform ${definition.name}`, () => {
    test(`has the environments ${environments.join(", ")}`, () => {
      expect([...environmentsOf(definition)].sort()).toEqual([...environments].sort());
    });

    test.each(environments)("resolves for %s to what is expected, frozen plain data", async (environment) => {
      const platform = resolve(definition, environment, { lock });
      expect(JSON.parse(stableJson(platform))).toEqual(platform);
      expect(Object.isFrozen(platform.network.subnets)).toBe(true);
      await expect(`${stableJson(platform)}\n`).toMatchFileSnapshot(
        fileOf(`expected/platform.${environment}.json`),
      );
    });

    test("has every declared tenant in its lock", () => {
      const complete = environments.reduce((before, environment) => {
        const { tenants, cells } = resolve(definition, environment, { lock });
        const ids = Object.keys(tenants) as TenantId[];
        return ids.length === 0 ? before : place(before, environment, ids, { capacity: cells.capacity });
      }, lock);
      expect(formatLock(complete)).toBe(formatLock(lock));
    });
  });
}

/** A store of a platform, of the kind that the caller knows it to be. */
export function storeOf<Kind extends Platform["stores"][string]["kind"]>(
  stores: Platform["stores"],
  name: string,
  kind: Kind,
): Extract<Platform["stores"][string], { readonly kind: Kind }> {
  const store = stores[name];
  expect(store?.kind).toBe(kind);
  return store as Extract<Platform["stores"][string], { readonly kind: Kind }>;
}

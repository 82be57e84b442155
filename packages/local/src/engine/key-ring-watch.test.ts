import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ManualClock, systemRandom } from "@tenantry/base";
import { generateSigningKey, type RingKey, signingKeyAt } from "@tenantry/runtime";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { watchKeyRing } from "./key-ring-watch.ts";
import { openPlatformData, platformPaths } from "./platform-data.ts";
import { ensureSecrets, readSecrets, rotateSigningKey } from "./platform-secrets.ts";

const startMs = Date.parse("2026-01-01T00:00:00.000Z");
let dataDir = "";
let clock: ManualClock;
const kids = (ring: readonly RingKey[] | null) => ring?.map(({ jwk }) => jwk.kid);

beforeEach(async () => {
  clock = new ManualClock(startMs);
  dataDir = join(await mkdtemp(join(tmpdir(), "tenantry-keys-")), ".tenantry");
  await openPlatformData(dataDir);
});
afterEach(() => rm(join(dataDir, ".."), { recursive: true, force: true }));

describe("rotateSigningKey", () => {
  test("adds a key that signs later, and keeps everything else", async () => {
    const before = await ensureSecrets(dataDir, systemRandom);
    const ring = await rotateSigningKey(dataDir, { clock });
    const after = await readSecrets(dataDir);
    expect(after).toEqual({ ...before, keyRing: ring });
    expect(ring).toHaveLength(2);
    expect(kids(ring)?.[0]).toBe(before.keyRing[0]?.jwk.kid);
    expect(signingKeyAt(ring ?? [], clock.nowMs()).jwk.kid).toBe(before.keyRing[0]?.jwk.kid);
    expect(signingKeyAt(ring ?? [], clock.nowMs() + 3_600_000).jwk.kid).toBe(kids(ring)?.[1]);
    expect((await stat(platformPaths(dataDir).secrets)).mode & 0o777).toBe(0o600);
  });

  test("at once leaves only the new key", async () => {
    const before = await ensureSecrets(dataDir, systemRandom);
    const ring = await rotateSigningKey(dataDir, { clock }, "at-once");
    expect(ring).toHaveLength(1);
    expect(kids(ring)).not.toEqual(kids(before.keyRing));
    expect(await readFile(platformPaths(dataDir).secrets, "utf8")).not.toContain(before.keyRing[0]?.jwk.d);
  });

  test("says that there is nothing to rotate before the first start", async () => {
    expect(await rotateSigningKey(dataDir, { clock })).toBeNull();
  });

  test("takes the secrets of an earlier release, with one key, for a ring of one", async () => {
    const signingKey = await generateSigningKey();
    const earlier = { rolePassword: "p".repeat(43), seal: "s".repeat(43), signingKey };
    await writeFile(platformPaths(dataDir).secrets, JSON.stringify(earlier));
    expect(kids((await readSecrets(dataDir))?.keyRing ?? [])).toEqual([signingKey.kid]);
    expect(kids(await rotateSigningKey(dataDir, { clock }))?.[0]).toBe(signingKey.kid);
    expect((await readSecrets(dataDir))?.keyRing).toHaveLength(2);
  });

  test.each([{ keyRing: [] }, { keyRing: "x" }, { keyRing: [{}] }, { signingKey: {} }, {}])(
    "refuses secrets with %j for keys",
    async (keys) => {
      const text = JSON.stringify({ rolePassword: "p".repeat(43), seal: "s".repeat(43), ...keys });
      await writeFile(platformPaths(dataDir).secrets, text);
      await expect(readSecrets(dataDir)).rejects.toMatchObject({ code: "LOCAL_SECRETS_INVALID" });
    },
  );
});

test("a running platform notices a changed ring, also after a file that cannot be read and a ring that is refused", async () => {
  await ensureSecrets(dataDir, systemRandom);
  const seen: (readonly RingKey[])[] = [];
  let refusals = 0;
  const watch = watchKeyRing(dataDir, clock, (ring) => {
    if (refusals > 0) {
      refusals -= 1;
      return Promise.reject(new Error("not now"));
    }
    seen.push(ring);
    return Promise.resolve();
  });
  const file = platformPaths(dataDir).secrets;
  const waitFor = (count: number) =>
    vi.waitFor(() => {
      clock.advance(2_000);
      expect(seen).toHaveLength(count);
    });
  try {
    await waitFor(1);
    const rotated = await rotateSigningKey(dataDir, { clock });
    await waitFor(2);
    expect(kids(seen[1] ?? [])).toEqual(kids(rotated));
    const good = await readFile(file, "utf8");
    await writeFile(file, good.slice(0, 50));
    for (let count = 0; count < 5; count += 1) {
      clock.advance(2_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await rm(file);
    clock.advance(2_000);
    await writeFile(file, good);
    // Before the file changes: a look that has begun may see the change at once.
    refusals = 1;
    const atOnce = await rotateSigningKey(dataDir, { clock }, "at-once");
    await waitFor(3);
    expect(refusals).toBe(0);
    expect(kids(seen[2] ?? [])).toEqual(kids(atOnce));
  } finally {
    await watch.stop();
  }
  const before = seen.length;
  await rotateSigningKey(dataDir, { clock });
  clock.advance(10_000);
  expect(seen).toHaveLength(before);
});

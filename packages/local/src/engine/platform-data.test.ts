import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ManualClock, seededRandom, systemRandom } from "@tenantry/base";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { movedFolderName } from "../postgres/data-folder.ts";
import { openPlatformData, platformPaths, removeData } from "./platform-data.ts";
import { PlatformLock } from "./platform-lock.ts";
import { ensureSecrets, readSecrets } from "./platform-secrets.ts";
import { isPlatformRunning, readState } from "./platform-state.ts";

const ports = { clock: new ManualClock(), onEvent: () => undefined };
let scratch = "";
let dataDir = "";

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), "tenantry-data-"));
  dataDir = join(scratch, ".tenantry");
});
afterEach(() => rm(scratch, { recursive: true, force: true }));

describe("the data folder", () => {
  test("is made once, and keeps itself out of repositories", async () => {
    await openPlatformData(dataDir);
    await openPlatformData(dataDir);
    expect(await readFile(join(dataDir, ".gitignore"), "utf8")).toBe("*\n");
  });

  test("that somebody else uses is not touched", async () => {
    await mkdir(dataDir);
    await writeFile(join(dataDir, "thesis.txt"), "years of work");
    await expect(openPlatformData(dataDir)).rejects.toMatchObject({ code: "LOCAL_DATA_FOREIGN" });
    await expect(removeData(dataDir, ports)).rejects.toMatchObject({ code: "LOCAL_DATA_FOREIGN" });
    expect(await readdir(dataDir)).toEqual(["thesis.txt"]);
  });

  test("that is a file is refused", async () => {
    await writeFile(dataDir, "");
    await expect(openPlatformData(dataDir)).rejects.toMatchObject({
      code: "LOCAL_DATA_NOT_WRITABLE",
      message: expect.stringMatching(/cannot be written \([a-z ]+\)$/),
    });
    await expect(removeData(dataDir, ports)).rejects.toMatchObject({ code: "LOCAL_DATA_FOREIGN" });
  });
});

describe("removing data", () => {
  test("deletes a folder of ours, and does nothing where there is none", async () => {
    await removeData(dataDir, ports);
    await openPlatformData(dataDir);
    await ensureSecrets(dataDir, systemRandom);
    await removeData(dataDir, ports);
    expect(await readdir(scratch)).toEqual([]);
  });

  test("is refused while a platform holds the folder", async () => {
    const { lock, marker } = await openPlatformData(dataDir);
    const held = await PlatformLock.acquire(lock, dataDir, ports.onEvent);
    expect(await isPlatformRunning(dataDir)).toBe(true);
    await expect(removeData(dataDir, ports)).rejects.toMatchObject({
      code: "LOCAL_PLATFORM_RUNNING",
      params: { pid: process.pid },
    });
    expect(await readFile(marker, "utf8")).toContain("tenantry-data");
    await held[Symbol.asyncDispose]();
    expect(await isPlatformRunning(dataDir)).toBe(false);
  });

  test("deletes what was moved elsewhere, and nothing that a pointer names wrongly", async () => {
    const postgres = join(dataDir, "postgres");
    const moved = join(scratch, "shared", movedFolderName(postgres));
    const precious = join(scratch, "precious");
    for (const [dir, survives] of [
      [moved, false],
      [precious, true],
    ] as const) {
      await openPlatformData(dataDir);
      await mkdir(postgres);
      await mkdir(dir, { recursive: true });
      await writeFile(join(postgres, "moved-to"), `${dir}\n`);
      await removeData(dataDir, ports);
      expect(
        await stat(dir).then(
          () => true,
          () => false,
        ),
      ).toBe(survives);
    }
  });
});

describe("secrets", () => {
  test("are made once, and only their owner reads them", async () => {
    await openPlatformData(dataDir);
    expect(await readSecrets(dataDir)).toBeNull();
    const secrets = await ensureSecrets(dataDir, seededRandom(1));
    expect(await ensureSecrets(dataDir, seededRandom(2))).toEqual(secrets);
    expect(secrets.seal).not.toBe(secrets.rolePassword);
    expect(secrets.keyRing).toMatchObject([{ jwk: { kty: "EC", crv: "P-256" }, verifiesUntil: null }]);
    expect((await stat(platformPaths(dataDir).secrets)).mode & 0o777).toBe(0o600);
    expect((await readdir(dataDir)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test.each(["", "{", "null", "[]", '{"rolePassword":"short"}'])(
    "that read %j are refused, not replaced",
    async (text) => {
      await openPlatformData(dataDir);
      await writeFile(platformPaths(dataDir).secrets, text);
      await expect(ensureSecrets(dataDir, systemRandom)).rejects.toMatchObject({
        code: "LOCAL_SECRETS_INVALID",
      });
      expect(await readFile(platformPaths(dataDir).secrets, "utf8")).toBe(text);
    },
  );
});

test("a state of a process that is gone is no state", async () => {
  const { state } = await openPlatformData(dataDir);
  expect(await readState(dataDir)).toBeNull();
  for (const text of [
    `{"kind":"platform-state","pid":${process.pid},"startedAt":"another-boot:1"}`,
    "{",
    "null",
    "1",
  ]) {
    await writeFile(state, text);
    expect(await readState(dataDir)).toBeNull();
  }
});

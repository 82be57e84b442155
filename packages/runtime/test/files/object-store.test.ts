import { createHash, randomBytes, randomUUID } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import type { TenantId } from "@tenantry/model";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FolderObjectStore } from "../../src/files/folder-object-store.ts";
import { folderObjects, s3Objects, s3Url, type TestObjects } from "./object-stores.ts";

const acme = "acme-corp" as TenantId;
const globex = "globex-inc" as TenantId;

async function* chunks(...parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}

async function* failing(after: Uint8Array): AsyncGenerator<Uint8Array> {
  yield after;
  throw new Error("the client went away");
}

const makers: readonly (readonly [string, () => Promise<TestObjects>])[] = [
  ["a folder", folderObjects],
  ...(s3Url === undefined ? [] : [["S3", () => s3Objects(s3Url as string)] as const]),
];

test("the tests run with S3 where it is required", () => {
  expect(makers.map(([name]) => name).includes("S3") || process.env["TENANTRY_TEST_S3"] !== "required").toBe(
    true,
  );
});

describe.each(makers)("%s", (_name, make) => {
  let objects: TestObjects;
  beforeAll(async () => {
    objects = await make();
  });
  afterAll(() => objects[Symbol.asyncDispose]());

  async function read(tenant: TenantId, key: string, range?: { first: number; last: number }) {
    const stream = await objects.store.get(tenant, key, range);
    return stream === null ? null : buffer(stream);
  }
  async function keys(tenant: TenantId): Promise<readonly string[]> {
    const found: string[] = [];
    for await (const { key } of objects.store.list(tenant)) found.push(key);
    return found.sort();
  }

  test("gives back what was put in, whole or in part, and measures it on the way", async () => {
    const key = randomUUID();
    const content = randomBytes(200_000);
    const stored = await objects.store.put(
      acme,
      key,
      chunks(content.subarray(0, 70_000), content.subarray(70_000)),
    );
    expect(stored).toEqual({
      sizeBytes: 200_000,
      sha256: createHash("sha256").update(content).digest("hex"),
    });
    expect((await read(acme, key))?.equals(content)).toBe(true);
    expect(await read(acme, key, { first: 10, last: 19 })).toEqual(content.subarray(10, 20));
    expect(await read(acme, randomUUID())).toBeNull();
    await objects.store.delete(acme, key);
    await objects.store.delete(acme, key);
    expect(await read(acme, key)).toBeNull();
  });

  test("keeps nothing too", async () => {
    const key = randomUUID();
    expect(await objects.store.put(acme, key, chunks())).toMatchObject({ sizeBytes: 0 });
    expect(await read(acme, key)).toEqual(Buffer.alloc(0));
    await objects.store.delete(acme, key);
  });

  test("has a part for each tenant, where another has nothing", async () => {
    const key = randomUUID();
    await objects.store.put(acme, key, chunks(Buffer.from("acme")));
    expect(await read(globex, key)).toBeNull();
    await objects.store.delete(globex, key);
    expect(await keys(globex)).toEqual([]);
    expect(await keys(acme)).toEqual([key]);
    // One tenant's id may begin with another's.
    expect(await keys("acme" as TenantId)).toEqual([]);
  });

  test("keeps nothing of content that fails or is given up, small or in several parts", async () => {
    const before = await keys(acme);
    for (const sizeBytes of [1_000, 9_000_000]) {
      const failed = objects.store.put(acme, randomUUID(), failing(randomBytes(sizeBytes)));
      await expect(failed).rejects.toThrow("the client went away");
      const controller = new AbortController();
      const content = (async function* () {
        yield randomBytes(sizeBytes);
        controller.abort(new Error("given up"));
        yield randomBytes(sizeBytes);
      })();
      const abandoned = objects.store.put(acme, randomUUID(), content, { signal: controller.signal });
      await expect(abandoned).rejects.toThrow("given up");
    }
    expect(await keys(acme)).toEqual(before);
  });

  test("says of each object when it was kept", async () => {
    const key = randomUUID();
    await objects.store.put(globex, key, chunks(Buffer.from("x")));
    for await (const one of objects.store.list(globex)) {
      expect(one).toMatchObject({ key, sizeBytes: 1 });
      expect(Math.abs(one.modifiedMs - Date.now())).toBeLessThan(60_000);
    }
  });

  test.each(["", "..", "../acme-corp", "a/b", ".", "/etc", "ACME", "0197A5F0-3c7e-7a10-9d5b-2f6c1e8b4a37"])(
    "takes %j for no key and no tenant: that is a mistake of ours",
    async (text) => {
      const key = randomUUID();
      await expect(objects.store.put(text as TenantId, key, chunks())).rejects.toThrow(/tenant/);
      await expect(objects.store.put(acme, text, chunks())).rejects.toThrow(/key/);
      await expect(objects.store.get(acme, text)).rejects.toThrow(/key/);
      await expect(objects.store.delete(acme, `${text}/${key}`)).rejects.toThrow(/key/);
    },
  );

  test("removes what a crashed upload has left, and nothing that is under way", async () => {
    const key = randomUUID();
    const begun = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    const content = (async function* () {
      yield randomBytes(9_000_000);
      begun.resolve();
      await go.promise;
      yield randomBytes(10);
    })();
    const upload = objects.store.put(acme, key, content);
    await begun.promise;
    await objects.store.removeUnfinished(acme, Date.now() - 60_000);
    go.resolve();
    expect(await upload).toMatchObject({ sizeBytes: 9_000_010 });
    await objects.store.delete(acme, key);
  });
});

describe("a folder", () => {
  test("is read by nobody else, and holds no name but ours while something is written", async () => {
    await using objects = await folderObjects();
    const root = objects.config.kind === "folder" ? objects.config.path : "";
    const key = randomUUID();
    const names: string[][] = [];
    const content = (async function* () {
      yield Buffer.from("one");
      names.push(await readdir(join(root, acme)));
      yield Buffer.from("two");
    })();
    await objects.store.put(acme, key, content);
    expect(names).toEqual([[`${key}.part`]]);
    expect(await readdir(join(root, acme))).toEqual([key]);
    expect((await stat(join(root, acme))).mode & 0o077).toBe(0);
    expect((await stat(join(root, acme, key))).mode & 0o077).toBe(0);
  });

  test("that cannot be written is said to be unavailable", async () => {
    const store = new FolderObjectStore("/dev/null/files");
    await expect(store.put(acme, randomUUID(), chunks())).rejects.toMatchObject({
      code: "RUNTIME_OBJECTS_UNAVAILABLE",
      retriable: true,
    });
  });

  test("loses leftovers that are old enough", async () => {
    await using objects = await folderObjects();
    const root = objects.config.kind === "folder" ? objects.config.path : "";
    const { mkdir, utimes, writeFile } = await import("node:fs/promises");
    await mkdir(join(root, acme));
    for (const [name, ageMs] of [
      ["old.part", 100_000],
      ["young.part", 1_000],
    ] as const) {
      await writeFile(join(root, acme, name), "x");
      const time = new Date(Date.now() - ageMs);
      await utimes(join(root, acme, name), time, time);
    }
    await objects.store.removeUnfinished(acme, Date.now() - 50_000);
    expect(await readdir(join(root, acme))).toEqual(["young.part"]);
  });
});

test.runIf(s3Url !== undefined)(
  "S3 keeps objects encrypted, and no part of an upload that failed",
  async () => {
    await using objects = await s3Objects(s3Url ?? "");
    if (objects.config.kind !== "s3") throw new Error("not S3");
    const { bucket, region, endpoint } = objects.config;
    const { HeadObjectCommand, ListMultipartUploadsCommand, S3Client } = await import("@aws-sdk/client-s3");
    const client = new S3Client({ region, endpoint, forcePathStyle: true });
    const key = randomUUID();
    await objects.store.put(acme, key, chunks(Buffer.from("x")));
    const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: `files/acme-corp/${key}` }));
    expect(head.ServerSideEncryption).toBe("AES256");
    await expect(objects.store.put(acme, randomUUID(), failing(randomBytes(20_000_000)))).rejects.toThrow(
      "went away",
    );
    const { Uploads: uploads } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    expect(uploads ?? []).toEqual([]);
    client.destroy();
  },
);

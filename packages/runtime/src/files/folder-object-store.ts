import { type FileHandle, mkdir, open, opendir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { TenantId } from "@tenantry/model";
import { errors } from "../errors.ts";
import {
  assertObjectKey,
  assertObjectTenant,
  type ByteRange,
  ContentMeter,
  isObjectKey,
  type ListedObject,
  type ObjectContent,
  type ObjectStore,
  type StoredObject,
} from "./object-store.ts";

const unfinished = ".part";

/**
 * Objects as files, one folder per tenant. Content is written beside its place, flushed to the
 * disk, and only then given its name, so that under a key there is all of it or nothing.
 */
export class FolderObjectStore implements ObjectStore {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  async put(
    tenant: TenantId,
    key: string,
    content: ObjectContent,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<StoredObject> {
    assertObjectKey(tenant, key);
    const folder = this.#folder(tenant);
    const partPath = join(folder, `${key}${unfinished}`);
    const meter = new ContentMeter();
    const file = await available(tenant, async () => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      return open(partPath, "wx", 0o600);
    });
    try {
      await writeAll(tenant, file, meter.measure(content), options.signal);
      await available(tenant, async () => {
        await rename(partPath, join(folder, key));
        await syncFolder(folder);
      });
    } catch (error) {
      await rm(partPath, { force: true });
      throw error;
    }
    return meter.result();
  }

  async get(tenant: TenantId, key: string, range?: ByteRange): Promise<Readable | null> {
    assertObjectKey(tenant, key);
    const file = await unlessMissing(tenant, () => open(join(this.#folder(tenant), key), "r"));
    if (file === null) return null;
    return file.createReadStream(range === undefined ? {} : { start: range.first, end: range.last });
  }

  async delete(tenant: TenantId, key: string): Promise<void> {
    assertObjectKey(tenant, key);
    await available(tenant, () => rm(join(this.#folder(tenant), key), { force: true }));
  }

  async *list(tenant: TenantId): AsyncGenerator<ListedObject> {
    for await (const name of this.#names(tenant)) {
      if (!isObjectKey(name)) continue;
      // Whoever deletes at the same time takes it off the list.
      const found = await unlessMissing(tenant, () => stat(join(this.#folder(tenant), name)));
      if (found !== null) yield { key: name, sizeBytes: found.size, modifiedMs: found.mtimeMs };
    }
  }

  async removeUnfinished(tenant: TenantId, beforeMs: number): Promise<void> {
    for await (const name of this.#names(tenant)) {
      if (!name.endsWith(unfinished)) continue;
      const path = join(this.#folder(tenant), name);
      const found = await unlessMissing(tenant, () => stat(path));
      if (found !== null && found.mtimeMs < beforeMs) await rm(path, { force: true });
    }
  }

  async *#names(tenant: TenantId): AsyncGenerator<string> {
    assertObjectTenant(tenant);
    const folder = await unlessMissing(tenant, () => opendir(this.#folder(tenant)));
    if (folder === null) return;
    for await (const entry of folder) if (entry.isFile()) yield entry.name;
  }

  #folder(tenant: TenantId): string {
    return join(this.#root, tenant);
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

/** Writes until the content ends, flushes, and closes whatever happens. */
async function writeAll(
  tenant: TenantId,
  file: FileHandle,
  content: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    for await (const chunk of content) {
      signal?.throwIfAborted();
      await available(tenant, () => file.writeFile(chunk));
    }
    signal?.throwIfAborted();
    await available(tenant, () => file.sync());
  } finally {
    await file.close();
  }
}

/** A name is durable once its folder is; not every system lets a folder be flushed. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => null);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

async function available<T>(tenant: TenantId, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw errors.RUNTIME_OBJECTS_UNAVAILABLE({ tenant, reason: codeOf(error) }, error);
  }
}

async function unlessMissing<T>(tenant: TenantId, act: () => Promise<T>): Promise<T | null> {
  return available(tenant, () =>
    act().catch((error: unknown) => {
      if (codeOf(error) === "ENOENT") return null;
      throw error;
    }),
  );
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown }).code ?? "unknown");
}

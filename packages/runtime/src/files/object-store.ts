import { createHash, type Hash } from "node:crypto";
import type { Readable } from "node:stream";
import { assert } from "@tenantry/base";
import type { TenantId } from "@tenantry/model";

/** Bytes on their way in, read no faster than they can be kept. */
export type ObjectContent = AsyncIterable<Uint8Array>;

export interface StoredObject {
  readonly sizeBytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** From the first to the last byte, both included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Where the content of files is: a folder here, a bucket on AWS. Each tenant has a part of it to
 * itself. A key is a UUID that the server made; no name that somebody chose becomes part of a path.
 *
 * @throws CodedError RUNTIME_OBJECTS_UNAVAILABLE from every verb when the store does not answer
 */
export interface ObjectStore extends AsyncDisposable {
  /**
   * Resolves once the content is durable. When it rejects, whatever the reason, nothing is under
   * the key.
   */
  put(
    tenant: TenantId,
    key: string,
    content: ObjectContent,
    options?: { readonly signal?: AbortSignal },
  ): Promise<StoredObject>;
  /** The content, or a part of it; null when nothing is under the key. The stream must be read or destroyed. */
  get(tenant: TenantId, key: string, range?: ByteRange): Promise<Readable | null>;
  /** No error when nothing is there. */
  delete(tenant: TenantId, key: string): Promise<void>;
  /** What the tenant has, in no order. */
  list(tenant: TenantId): AsyncIterable<ListedObject>;
  /** Removes what uploads that began before then have left behind when their process crashed. */
  removeUnfinished(tenant: TenantId, beforeMs: number): Promise<void>;
}

export interface ListedObject {
  readonly key: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

const keyPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const tenantPattern = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Holds keys and tenants to their grammar, so that neither can lead out of the tenant's part. */
export function assertObjectKey(tenant: TenantId, key: string): void {
  assertObjectTenant(tenant);
  assert(keyPattern.test(key), "a key of the object store is not a UUID");
}

export function assertObjectTenant(tenant: TenantId): void {
  assert(
    tenantPattern.test(tenant) && tenant.length <= 32,
    "a tenant of the object store is not a tenant id",
  );
}

export function isObjectKey(text: string): boolean {
  return keyPattern.test(text);
}

/** Passes content on and measures it on the way. */
export class ContentMeter {
  readonly #hash: Hash = createHash("sha256");
  #sizeBytes = 0;

  async *measure(content: ObjectContent): AsyncGenerator<Uint8Array> {
    for await (const chunk of content) {
      this.#hash.update(chunk);
      this.#sizeBytes += chunk.byteLength;
      yield chunk;
    }
  }

  /** Once, when all has passed. */
  result(): StoredObject {
    return { sizeBytes: this.#sizeBytes, sha256: this.#hash.digest("hex") };
  }
}

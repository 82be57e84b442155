import { Readable } from "node:stream";
import type { S3Client } from "@aws-sdk/client-s3";
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

export interface S3ObjectStoreOptions {
  readonly bucket: string;
  readonly region: string;
  /** Another server that speaks S3. */
  readonly endpoint?: string;
  /** What comes before the tenant in every key, such as `files/`. */
  readonly prefix?: string;
  /** The key of AWS KMS that encrypts; without one S3 encrypts with its own. */
  readonly kmsKeyId?: string;
}

/** At most 16 MiB of an upload are in memory, and objects can be 80 GB. */
const partBytes = 8_388_608;
const partsAtOnce = 2;

/** The SDK costs a third of a second to load, so that comes with the first file and not with the start. */
async function loadSdk() {
  const [s3, { Upload }] = await Promise.all([import("@aws-sdk/client-s3"), import("@aws-sdk/lib-storage")]);
  return { ...s3, Upload };
}
type Sdk = Awaited<ReturnType<typeof loadSdk>>;

/**
 * Objects in a bucket, under a prefix per tenant. Credentials come from where the SDK finds them:
 * the role of the task or of the service account.
 */
export class S3ObjectStore implements ObjectStore {
  readonly #options: S3ObjectStoreOptions;
  #opened: Promise<{ readonly sdk: Sdk; readonly client: S3Client }> | null = null;

  constructor(options: S3ObjectStoreOptions) {
    this.#options = options;
  }

  async put(
    tenant: TenantId,
    key: string,
    content: ObjectContent,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<StoredObject> {
    assertObjectKey(tenant, key);
    const { sdk, client } = await this.#open();
    const meter = new ContentMeter();
    const failure: { error?: unknown } = {};
    const body = Readable.from(remembering(meter.measure(content), failure), { objectMode: false });
    const upload = new sdk.Upload({
      client,
      params: { ...this.#address(tenant, key), Body: body, ...this.#encryption() },
      partSize: partBytes,
      queueSize: partsAtOnce,
      // What a failed upload has sent would otherwise stay, and be paid for.
      leavePartsOnError: false,
    });
    const abort = () => void upload.abort();
    options.signal?.addEventListener("abort", abort, { once: true });
    try {
      options.signal?.throwIfAborted();
      await upload.done();
    } catch (error) {
      body.destroy();
      if ("error" in failure) throw failure.error;
      options.signal?.throwIfAborted();
      throw unavailable(tenant, error);
    } finally {
      options.signal?.removeEventListener("abort", abort);
    }
    return meter.result();
  }

  async get(tenant: TenantId, key: string, range?: ByteRange): Promise<Readable | null> {
    assertObjectKey(tenant, key);
    const part = range === undefined ? {} : { Range: `bytes=${range.first}-${range.last}` };
    try {
      const { sdk, client } = await this.#open();
      const answer = await client.send(new sdk.GetObjectCommand({ ...this.#address(tenant, key), ...part }));
      return answer.Body as Readable;
    } catch (error) {
      if (nameOf(error) === "NoSuchKey") return null;
      throw unavailable(tenant, error);
    }
  }

  async delete(tenant: TenantId, key: string): Promise<void> {
    assertObjectKey(tenant, key);
    try {
      const { sdk, client } = await this.#open();
      await client.send(new sdk.DeleteObjectCommand(this.#address(tenant, key)));
    } catch (error) {
      throw unavailable(tenant, error);
    }
  }

  async *list(tenant: TenantId): AsyncGenerator<ListedObject> {
    const prefix = this.#prefix(tenant);
    try {
      const { sdk, client } = await this.#open();
      const pages = sdk.paginateListObjectsV2({ client }, { Bucket: this.#options.bucket, Prefix: prefix });
      for await (const { Contents: objects = [] } of pages) {
        for (const { Key = "", Size = 0, LastModified } of objects) {
          const key = Key.slice(prefix.length);
          if (isObjectKey(key)) yield { key, sizeBytes: Size, modifiedMs: LastModified?.getTime() ?? 0 };
        }
      }
    } catch (error) {
      throw unavailable(tenant, error);
    }
  }

  async removeUnfinished(tenant: TenantId, beforeMs: number): Promise<void> {
    const { bucket: Bucket } = this.#options;
    try {
      const { sdk, client } = await this.#open();
      let marker: { readonly KeyMarker?: string | undefined; readonly UploadIdMarker?: string | undefined } =
        {};
      for (;;) {
        const query = { Bucket, Prefix: this.#prefix(tenant), ...marker };
        const page = await client.send(new sdk.ListMultipartUploadsCommand(query));
        for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
          if (Initiated === undefined || Initiated.getTime() >= beforeMs) continue;
          await client.send(new sdk.AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
        }
        if (page.IsTruncated !== true) return;
        marker = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
      }
    } catch (error) {
      throw unavailable(tenant, error);
    }
  }

  #open(): Promise<{ readonly sdk: Sdk; readonly client: S3Client }> {
    const { region, endpoint } = this.#options;
    this.#opened ??= loadSdk().then((sdk) => ({
      sdk,
      client: new sdk.S3Client({
        region,
        ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
      }),
    }));
    return this.#opened;
  }

  #prefix(tenant: TenantId): string {
    assertObjectTenant(tenant);
    return `${this.#options.prefix ?? ""}${tenant}/`;
  }

  #address(tenant: TenantId, key: string): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.#options.bucket, Key: `${this.#prefix(tenant)}${key}` };
  }

  #encryption() {
    const { kmsKeyId } = this.#options;
    return kmsKeyId === undefined
      ? ({ ServerSideEncryption: "AES256" } as const)
      : ({ ServerSideEncryption: "aws:kms", SSEKMSKeyId: kmsKeyId } as const);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    (await this.#opened)?.client.destroy();
  }
}

/** The SDK wraps what its source throws; the caller wants its own error back. */
async function* remembering(
  content: ObjectContent,
  failure: { error?: unknown },
): AsyncGenerator<Uint8Array> {
  try {
    yield* content;
  } catch (error) {
    failure.error = error;
    throw error;
  }
}

function unavailable(tenant: TenantId, error: unknown): Error {
  return errors.RUNTIME_OBJECTS_UNAVAILABLE({ tenant, reason: nameOf(error) }, error);
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "unknown";
}

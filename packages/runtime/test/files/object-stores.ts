import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ObjectStore } from "../../src/files/object-store.ts";
import { FolderObjectStore } from "../../src/files/folder-object-store.ts";
import { S3ObjectStore } from "../../src/files/s3-object-store.ts";

/** A store of its own for a test, and what tests want to know of it beside the port. */
export interface TestObjects extends AsyncDisposable {
  readonly store: ObjectStore;
  readonly config: { readonly kind: "folder"; readonly path: string } | ({ readonly kind: "s3" } & S3Place);
}

interface S3Place {
  readonly bucket: string;
  readonly region: string;
  readonly endpoint: string;
  readonly prefix: string;
}

export async function folderObjects(): Promise<TestObjects> {
  const path = await mkdtemp(join(tmpdir(), "tenantry-objects-"));
  const store = new FolderObjectStore(path);
  return {
    store,
    config: { kind: "folder", path },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

/** Somebody else's emulator of S3, where the test run has one. */
export const s3Url = process.env["TENANTRY_TEST_S3_URL"];

export async function s3Objects(endpoint: string): Promise<TestObjects> {
  process.env["AWS_ACCESS_KEY_ID"] ??= "test";
  process.env["AWS_SECRET_ACCESS_KEY"] ??= randomBytes(8).toString("hex");
  const { CreateBucketCommand, S3Client } = await import("@aws-sdk/client-s3");
  const region = "us-east-1";
  const bucket = `files-${randomUUID()}`;
  const client = new S3Client({ region, endpoint, forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  client.destroy();
  const place = { bucket, region, endpoint, prefix: "files/" };
  const store = new S3ObjectStore(place);
  return {
    store,
    config: { kind: "s3", ...place },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

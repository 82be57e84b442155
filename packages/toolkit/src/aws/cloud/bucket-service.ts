import {
  DeleteObjectsCommand,
  HeadBucketCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import type { BucketService } from "./cloud.ts";
import type { CloudCalls } from "./cloud-calls.ts";
import { readFailure } from "./cloud-failure.ts";
import type { ClientConfig } from "./connect-cloud.ts";

export function bucketService(config: ClientConfig, calls: CloudCalls): BucketService {
  const client = new S3Client(config);
  const run = <T>(operation: string, call: () => Promise<T>) =>
    calls.run({ service: "s3", operation, region: config.region }, call);
  return {
    isTaken: (bucket) =>
      run("HeadBucket", async () => {
        try {
          await client.send(new HeadBucketCommand({ Bucket: bucket }));
          return true;
        } catch (failure) {
          const { status } = readFailure(failure);
          if (status === 404) return false;
          // It is somebody else's, or in another region.
          if (status === 403 || status === 301 || status === 400) return true;
          throw failure;
        }
      }),
    put: async (bucket, key, body) => {
      const ask = { Bucket: bucket, Key: key, Body: body, ContentType: "application/json" };
      await run("PutObject", () => client.send(new PutObjectCommand(ask)));
    },
    empty: async (bucket) => {
      for (;;) {
        const found = await run("ListObjectVersions", async () => {
          try {
            return await client.send(new ListObjectVersionsCommand({ Bucket: bucket }));
          } catch (failure) {
            if (readFailure(failure).name === "NoSuchBucket") return null;
            throw failure;
          }
        });
        const objects = [...(found?.Versions ?? []), ...(found?.DeleteMarkers ?? [])].flatMap(
          ({ Key, VersionId }) => (Key === undefined ? [] : [{ Key, VersionId }]),
        );
        if (objects.length === 0) return;
        const ask = { Bucket: bucket, Delete: { Objects: objects, Quiet: true } };
        const { Errors } = await run("DeleteObjects", () => client.send(new DeleteObjectsCommand(ask)));
        const [refused] = Errors ?? [];
        if (refused !== undefined) {
          const failure = Object.assign(new Error(refused.Message), { name: refused.Code ?? "Error" });
          await run("DeleteObjects", () => Promise.reject(failure));
        }
      }
    },
  };
}

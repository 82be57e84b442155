import { join } from "node:path";
import type { FilesConfig } from "@tenantry/runtime";
import { endpoint, text } from "./parsers.ts";
import { Unfit, type VariableReader } from "./variable-reader.ts";

/** Where the content of tenants' files and their exports are kept. */
export interface ObjectPlaces {
  readonly files: FilesConfig;
  readonly exports: FilesConfig;
}

/** @returns null where there is no place: then files and exports are refused */
export function readObjects(reader: VariableReader, regionStandard: string | undefined): ObjectPlaces | null {
  const bucket = reader.optional("S3_BUCKET", bucketName);
  const region = reader.optional("S3_REGION", regionName) ?? regionStandard;
  const prefix = reader.optional("S3_PREFIX", keyPrefix);
  const kmsKeyId = reader.optional("S3_KMS_KEY", text);
  const s3Endpoint = reader.optional("S3_ENDPOINT", endpoint);
  const folder = reader.optional("FILES_FOLDER", absolutePath);
  if (folder !== undefined && reader.isSet("S3_BUCKET")) reader.conflict("S3_BUCKET", "FILES_FOLDER");
  if (folder !== undefined) {
    return {
      files: { kind: "folder", path: join(folder, "files") },
      exports: { kind: "folder", path: join(folder, "exports") },
    };
  }
  // Without a region the platform is missing, which has been said.
  if (bucket === undefined || prefix === undefined || region === undefined) return null;
  const s3 = {
    kind: "s3",
    bucket,
    region,
    ...(kmsKeyId === undefined ? {} : { kmsKeyId }),
    ...(s3Endpoint === undefined ? {} : { endpoint: s3Endpoint }),
  } as const;
  return { files: { ...s3, prefix: `${prefix}files/` }, exports: { ...s3, prefix: `${prefix}exports/` } };
}

function bucketName(value: string): string {
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(value)) throw new Unfit("the name of an S3 bucket");
  return value;
}

function regionName(value: string): string {
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(value)) throw new Unfit("an AWS region, such as us-east-1");
  return value;
}

function keyPrefix(value: string): string {
  if (value !== "" && !/^([A-Za-z0-9!_.*'()-]+\/)+$/.test(value))
    throw new Unfit("a prefix that ends with a slash, such as tenants/");
  return value;
}

function absolutePath(value: string): string {
  if (!value.startsWith("/")) throw new Unfit("the absolute path of a folder");
  return value;
}

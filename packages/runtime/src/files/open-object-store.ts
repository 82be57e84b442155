import { FolderObjectStore } from "./folder-object-store.ts";
import type { ObjectStore } from "./object-store.ts";
import { S3ObjectStore, type S3ObjectStoreOptions } from "./s3-object-store.ts";

/** Where the content of tenants' files is kept. */
export type FilesConfig =
  | { readonly kind: "folder"; readonly path: string }
  | ({ readonly kind: "s3" } & S3ObjectStoreOptions);

/** Touches nothing yet: a folder is made, and S3 is asked, with the first file. */
export function openObjectStore(config: FilesConfig): ObjectStore {
  return config.kind === "folder" ? new FolderObjectStore(config.path) : new S3ObjectStore(config);
}

import type { TenantId } from "@tenantry/model";
import type { Tenant } from "../../src/tenants/tenant.ts";
import { type Answer, ask, type Ask } from "../http/exchange.ts";
import { startTestRuntime, type TestRuntime } from "../http/test-runtime.ts";
import { folderObjects, s3Objects, s3Url, type TestObjects } from "./object-stores.ts";

export const fileBytesMax = 1_000_000;

/** Where files can be kept here: in a folder, and in S3 where the test run has one. */
export const fileStores: readonly (readonly [string, () => Promise<TestObjects>])[] = [
  ["a folder", folderObjects],
  ...(s3Url === undefined ? [] : [["S3", () => s3Objects(s3Url as string)] as const]),
];

/** The real runtime with small limits for files, and what tests ask of both. */
export interface FileServer extends AsyncDisposable {
  readonly server: TestRuntime;
  readonly objects: TestObjects;
  /** Of the owner of acme-corp, who also makes the requests. */
  readonly token: string;
  call(path: string, options?: Ask): Promise<Answer>;
  upload(path: string, body: Uint8Array | string, options?: Ask): Promise<Answer>;
  tenantOf(id: string): Promise<Tenant>;
  /** What lies in the store, and what the rows lead to. */
  keysOf(id: string): Promise<readonly string[]>;
  idsOf(id: string): Promise<readonly string[]>;
}

export async function startFileServer(make: () => Promise<TestObjects>): Promise<FileServer> {
  const objects = await make();
  const server = await startTestRuntime(
    {
      files: objects.config,
      apiLimits: { fileBytesMax, requestTimeoutMs: 1_000, headersTimeoutMs: 1_000 },
    },
    { limits: { requestsPerMinute: 10_000_000, storageGiB: 1 } },
  );
  const token = await server.token("acme-corp");
  const call = (path: string, options: Ask = {}) => ask(server.gatewayPort, path, { token, ...options });
  const tenantOf = async (id: string) => (await server.database.registry.find(id as TenantId)) as Tenant;
  return {
    server,
    objects,
    token,
    call,
    upload(path, body, options = {}) {
      const headers = { "content-type": "text/plain", ...options.headers };
      return call(path, { method: "POST", body, ...options, headers });
    },
    tenantOf,
    async keysOf(id) {
      const keys: string[] = [];
      for await (const { key } of objects.store.list(id as TenantId)) keys.push(key);
      return keys.sort();
    },
    async idsOf(id) {
      const tenant = await tenantOf(id);
      const rows = await server.database.store.read(tenant, (db) =>
        db.selectFrom("files").select("id").where("tenant_id", "=", tenant.id),
      );
      return rows.map((row) => row.id).sort();
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await objects[Symbol.asyncDispose]();
    },
  };
}

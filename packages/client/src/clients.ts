import type { ClientOptions } from "./call.ts";
import { type Client, createClient } from "./create-client.ts";
import { type ControlV1Operations, controlV1Routes } from "./generated/control-v1/control-v1.ts";
import { type TenantV1Operations, tenantV1Routes } from "./generated/tenant-v1/tenant-v1.ts";
import { type TenantV2Operations, tenantV2Routes } from "./generated/tenant-v2/tenant-v2.ts";

/** What a tenant does with its own data. */
export type TenantClient = Client<TenantV2Operations>;
/** The same by version 1 of the API. */
export type TenantClientV1 = Client<TenantV1Operations>;
/** What operators do with the platform. */
export type ControlClient = Client<ControlV1Operations>;

export function createTenantClient(options: ClientOptions): TenantClient {
  return createClient<TenantV2Operations>(tenantV2Routes, options);
}

export function createTenantClientV1(options: ClientOptions): TenantClientV1 {
  return createClient<TenantV1Operations>(tenantV1Routes, options);
}

export function createControlClient(options: ClientOptions): ControlClient {
  return createClient<ControlV1Operations>(controlV1Routes, options);
}

import { errors } from "../errors.ts";
import type { ToolkitPorts } from "../ports.ts";
import { allItemsOf, connectTenantApi, type TenantApi } from "../tenant-api/tenant-api.ts";

interface TenantRequest {
  /** The definition as the user named it. */
  readonly config?: string | undefined;
  readonly tenant: string;
}

export interface ApiKeyView {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly permissions: readonly string[];
  /** RFC 3339, UTC; null where it does not expire, is not revoked, was never used. */
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  readonly lastUsedAt: string | null;
  readonly createdAt: string;
}

/** The API keys of a tenant, without their secrets, which nobody has. */
export async function listApiKeys(
  request: TenantRequest,
  ports: ToolkitPorts,
): Promise<{ readonly keys: readonly ApiKeyView[] }> {
  const api = await connectTenantApi(request, ports);
  return { keys: await allItemsOf<ApiKeyView>(api, "/v2/api-keys") };
}

/** Makes an API key. Its text is told once. */
export async function createApiKey(
  request: TenantRequest & {
    readonly name: string;
    readonly permissions: readonly string[];
    /** Such as 90d; what the API gives where it is absent. */
    readonly expires?: string | undefined;
  },
  ports: ToolkitPorts,
): Promise<{ readonly apiKey: ApiKeyView; readonly key: string }> {
  const { name, permissions, expires } = request;
  const expiresAt = expires === undefined ? undefined : expiryOf(expires, ports.clock.nowMs());
  const api = await connectTenantApi(request, ports);
  const body = { name, permissions, ...(expiresAt === undefined ? {} : { expiresAt }) };
  const made = (await api.ask({ method: "POST", path: "/v2/api-keys", body })) as ApiKeyView & {
    readonly key: string;
  };
  const { key, ...apiKey } = made;
  return { apiKey, key };
}

/** Ends an API key at once. */
export async function revokeApiKey(
  request: TenantRequest & { readonly key: string },
  ports: ToolkitPorts,
): Promise<{ readonly apiKey: ApiKeyView }> {
  const api = await connectTenantApi(request, ports);
  const apiKey = await findKey(api, request.key);
  await api.ask({ method: "DELETE", path: `/v2/api-keys/${apiKey.id}` });
  return { apiKey };
}

/** A key by its id, its prefix or its name. @throws TOOLKIT_KEY_UNKNOWN */
async function findKey(api: TenantApi, named: string): Promise<ApiKeyView> {
  const keys = await allItemsOf<ApiKeyView>(api, "/v2/api-keys");
  const found =
    keys.find(({ id, prefix }) => id === named || prefix === named) ??
    keys.find(({ name, revokedAt }) => name === named && revokedAt === null);
  if (found === undefined) throw errors.TOOLKIT_KEY_UNKNOWN({ tenant: api.tenant, key: named });
  return found;
}

const dayMs = 86_400_000;
const expiryDaysMax = 365;

/** @throws TOOLKIT_EXPIRY_INVALID */
function expiryOf(text: string, nowMs: number): string {
  const days = Number(/^(\d{1,3})d$/.exec(text)?.[1] ?? 0);
  if (days < 1 || days > expiryDaysMax) throw errors.TOOLKIT_EXPIRY_INVALID({ expires: text });
  return new Date(nowMs + days * dayMs).toISOString();
}

// Written by tools/generate-client.ts: change the API, and run that.

import type { Routes } from "../../route.ts";

/** A key with which a program asks. The key itself is shown once, when it is created. */
export interface ApiKey {
  readonly createdAt: string;
  readonly createdBy: string;
  readonly expiresAt: string | null;
  readonly id: string;
  readonly lastUsedAt: string | null;
  readonly name: string;
  readonly permissions: readonly (
    | "tenant:read"
    | "documents:read"
    | "documents:write"
    | "files:read"
    | "files:write"
    | "members:read"
    | "members:write"
    | "roles:read"
    | "roles:write"
    | "api-keys:read"
    | "api-keys:write"
    | "usage:read"
    | "audit-events:read"
  )[];
  readonly prefix: string;
  readonly revokedAt: string | null;
  readonly status: "active" | "expired" | "revoked";
}

/** In the order in which they were created; also those that are revoked or have expired. */
export interface ApiKeyPage {
  readonly items: readonly ApiKey[];
  readonly nextCursor: string | null;
}

/** A key that was created just now. Keep the key: it is not shown again. */
export interface CreatedApiKey {
  readonly createdAt: string;
  readonly createdBy: string;
  readonly expiresAt: string | null;
  readonly id: string;
  readonly key: string;
  readonly lastUsedAt: string | null;
  readonly name: string;
  readonly permissions: readonly (
    | "tenant:read"
    | "documents:read"
    | "documents:write"
    | "files:read"
    | "files:write"
    | "members:read"
    | "members:write"
    | "roles:read"
    | "roles:write"
    | "api-keys:read"
    | "api-keys:write"
    | "usage:read"
    | "audit-events:read"
  )[];
  readonly prefix: string;
  readonly revokedAt: string | null;
  readonly status: "active" | "expired" | "revoked";
}

/** A key to create. It expires after 90 days unless said, and after 365 days at the latest. */
export interface NewApiKey {
  readonly expiresAt?: string | undefined;
  readonly name: string;
  readonly permissions: readonly (
    | "tenant:read"
    | "documents:read"
    | "documents:write"
    | "files:read"
    | "files:write"
    | "members:read"
    | "members:write"
    | "roles:read"
    | "roles:write"
    | "api-keys:read"
    | "api-keys:write"
    | "usage:read"
    | "audit-events:read"
  )[];
}

export interface ApiKeysOperations {
  /** List the API keys */
  readonly listApiKeys: {
    readonly input: {
      /** How many items the page holds at most, 1 to 200. */
      readonly limit?: number | undefined;
      /** Where the page begins: nextCursor of the page before. */
      readonly cursor?: string | undefined;
    };
    readonly output: ApiKeyPage;
  };
  /** Create an API key */
  readonly createApiKey: {
    readonly input: {
      /** Makes it safe to send the request again: within a day, the same key with the same request has the effect once and gets the same answer. */
      readonly idempotencyKey?: string | undefined;
      readonly body: NewApiKey;
    };
    readonly output: CreatedApiKey;
  };
  /** Revoke an API key */
  readonly revokeApiKey: {
    readonly input: { readonly id: string };
    readonly output: null;
  };
  /** Read an API key */
  readonly getApiKey: {
    readonly input: { readonly id: string };
    readonly output: ApiKey;
  };
}

export const apiKeysRoutes = {
  listApiKeys: {
    method: "GET",
    path: "/v2/api-keys",
    parameters: { limit: ["query", "limit"], cursor: ["query", "cursor"] },
    body: null,
    answers: "json",
  },
  createApiKey: {
    method: "POST",
    path: "/v2/api-keys",
    parameters: { idempotencyKey: ["header", "Idempotency-Key"] },
    body: "application/json",
    answers: "json",
  },
  revokeApiKey: {
    method: "DELETE",
    path: "/v2/api-keys/{id}",
    parameters: { id: ["path", "id"] },
    body: null,
    answers: "json",
  },
  getApiKey: {
    method: "GET",
    path: "/v2/api-keys/{id}",
    parameters: { id: ["path", "id"] },
    body: null,
    answers: "json",
  },
} as const satisfies Routes;

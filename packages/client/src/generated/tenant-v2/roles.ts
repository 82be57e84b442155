// Written by tools/generate-client.ts: change the API, and run that.

import type { Routes } from "../../route.ts";

/** A set of permissions under a name: one that every tenant has, or one of the tenant's own. */
export type Role =
  | {
      readonly description: string;
      readonly kind: "built-in";
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
  | {
      readonly createdAt: string;
      readonly description: string;
      readonly kind: "custom";
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
      readonly updatedAt: string;
      readonly version: number;
    };

/** What a role is created with or replaced by. Nobody can give it more than they have themselves. */
export interface RoleContent {
  readonly description?: string | undefined;
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

/** The roles that every tenant has come first, then the tenant's own in the order of their names. */
export interface RolePage {
  readonly items: readonly Role[];
  readonly nextCursor: string | null;
}

export interface RolesOperations {
  /** List the roles */
  readonly listRoles: {
    readonly input: {
      /** How many items the page holds at most, 1 to 200. */
      readonly limit?: number | undefined;
      /** Where the page begins: nextCursor of the page before. */
      readonly cursor?: string | undefined;
    };
    readonly output: RolePage;
  };
  /** Delete a role */
  readonly deleteRole: {
    readonly input: {
      readonly name: string;
      /** The ETag of the version of the role that may be changed, such as "3", or *. */
      readonly ifMatch?: string | undefined;
    };
    readonly output: null;
  };
  /** Read a role */
  readonly getRole: {
    readonly input: {
      readonly name: string;
      /** The ETag of the version that the client has. */
      readonly ifNoneMatch?: string | undefined;
    };
    readonly output: Role | null;
  };
  /** Create or replace a role */
  readonly putRole: {
    readonly input: {
      readonly name: string;
      /** The ETag of the version of the role that may be changed, such as "3", or *. */
      readonly ifMatch?: string | undefined;
      readonly body: RoleContent;
    };
    readonly output: Role;
  };
}

export const rolesRoutes = {
  listRoles: {
    method: "GET",
    path: "/v2/roles",
    parameters: { limit: ["query", "limit"], cursor: ["query", "cursor"] },
    body: null,
    answers: "json",
  },
  deleteRole: {
    method: "DELETE",
    path: "/v2/roles/{name}",
    parameters: { name: ["path", "name"], ifMatch: ["header", "If-Match"] },
    body: null,
    answers: "json",
  },
  getRole: {
    method: "GET",
    path: "/v2/roles/{name}",
    parameters: { name: ["path", "name"], ifNoneMatch: ["header", "If-None-Match"] },
    body: null,
    answers: "json",
  },
  putRole: {
    method: "PUT",
    path: "/v2/roles/{name}",
    parameters: { name: ["path", "name"], ifMatch: ["header", "If-Match"] },
    body: "application/json",
    answers: "json",
  },
} as const satisfies Routes;

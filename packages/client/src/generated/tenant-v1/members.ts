// Written by tools/generate-client.ts: change the API, and run that.

import type { Routes } from "../../route.ts";
import type { Member } from "./schemas.ts";

/** In the order in which they joined. */
export interface MemberOffsetPage {
  readonly items: readonly Member[];
  readonly limit: number;
  readonly offset: number;
  readonly total: number;
}

/** What changes of a member; what is left out stays as it is. No member of it can be removed. */
export interface MemberPatch {
  readonly name?: string | undefined;
  readonly role?: string | undefined;
  readonly status?: "active" | "suspended" | undefined;
}

export interface MembersOperations {
  /** List the members */
  readonly listMembers: {
    readonly input: {
      /** How many items the page holds at most, 1 to 200. */
      readonly limit?: number | undefined;
      /** How many items come before the page, 0 to 10000. */
      readonly offset?: number | undefined;
    };
    readonly output: MemberOffsetPage;
  };
  /** Remove a member */
  readonly removeMember: {
    readonly input: {
      readonly id: string;
      /** The ETag of the version of the member that may be changed, such as "3", or *. */
      readonly ifMatch?: string | undefined;
    };
    readonly output: null;
  };
  /** Read a member */
  readonly getMember: {
    readonly input: {
      readonly id: string;
      /** The ETag of the version that the client has. */
      readonly ifNoneMatch?: string | undefined;
    };
    readonly output: Member | null;
  };
  /** Change a member's name, role or status */
  readonly patchMember: {
    readonly input: {
      readonly id: string;
      /** The ETag of the version of the member that may be changed, such as "3", or *. */
      readonly ifMatch?: string | undefined;
      readonly body: MemberPatch;
    };
    readonly output: Member;
  };
}

export const membersRoutes = {
  listMembers: {
    method: "GET",
    path: "/v1/members",
    parameters: { limit: ["query", "limit"], offset: ["query", "offset"] },
    body: null,
    answers: "json",
  },
  removeMember: {
    method: "DELETE",
    path: "/v1/members/{id}",
    parameters: { id: ["path", "id"], ifMatch: ["header", "If-Match"] },
    body: null,
    answers: "json",
  },
  getMember: {
    method: "GET",
    path: "/v1/members/{id}",
    parameters: { id: ["path", "id"], ifNoneMatch: ["header", "If-None-Match"] },
    body: null,
    answers: "json",
  },
  patchMember: {
    method: "PATCH",
    path: "/v1/members/{id}",
    parameters: { id: ["path", "id"], ifMatch: ["header", "If-Match"] },
    body: "application/json",
    answers: "json",
  },
} as const satisfies Routes;

// Written by tools/generate-client.ts: change the API, and run that.

import type { Routes } from "../../route.ts";
import type { Member } from "./schemas.ts";

/** Somebody who may become a member until it expires. A mail address has one at most. */
export interface Invitation {
  readonly createdAt: string;
  readonly email: string;
  readonly expiresAt: string;
  readonly id: string;
  readonly invitedBy: string;
  readonly role: string;
}

/** The token of the invitation, and the password that the member will sign in with: 12 to 256 characters of any kind, and not the mail address. */
export interface InvitationAcceptance {
  readonly name: string;
  readonly password: string;
  readonly token: string;
}

/** Who is invited, and the role that they will have. Mail addresses are kept in lower case. */
export interface InvitationContent {
  readonly email: unknown & unknown;
  readonly role: string;
}

/** Oldest first. What was accepted, withdrawn or has expired is not among them. */
export interface InvitationOffsetPage {
  readonly items: readonly Invitation[];
  readonly limit: number;
  readonly offset: number;
  readonly total: number;
}

/** An invitation with its token, which is shown this once: send it to whom it invites. */
export interface NewInvitation {
  readonly createdAt: string;
  readonly email: string;
  readonly expiresAt: string;
  readonly id: string;
  readonly invitedBy: string;
  readonly role: string;
  readonly token: string;
}

export interface InvitationsOperations {
  /** List the open invitations */
  readonly listInvitations: {
    readonly input: {
      /** How many items the page holds at most, 1 to 200. */
      readonly limit?: number | undefined;
      /** How many items come before the page, 0 to 10000. */
      readonly offset?: number | undefined;
    };
    readonly output: InvitationOffsetPage;
  };
  /** Invite somebody */
  readonly createInvitation: {
    readonly input: {
      /** Makes it safe to send the request again: within a day, the same key with the same request has the effect once and gets the same answer. */
      readonly idempotencyKey?: string | undefined;
      readonly body: InvitationContent;
    };
    readonly output: NewInvitation;
  };
  /** Accept an invitation */
  readonly acceptInvitation: {
    readonly input: { readonly body: InvitationAcceptance };
    readonly output: Member;
  };
  /** Withdraw an invitation */
  readonly deleteInvitation: {
    readonly input: { readonly id: string };
    readonly output: null;
  };
}

export const invitationsRoutes = {
  listInvitations: {
    method: "GET",
    path: "/v1/invitations",
    parameters: { limit: ["query", "limit"], offset: ["query", "offset"] },
    body: null,
    answers: "json",
  },
  createInvitation: {
    method: "POST",
    path: "/v1/invitations",
    parameters: { idempotencyKey: ["header", "Idempotency-Key"] },
    body: "application/json",
    answers: "json",
  },
  acceptInvitation: {
    method: "POST",
    path: "/v1/invitations/accept",
    parameters: {},
    body: "application/json",
    answers: "json",
  },
  deleteInvitation: {
    method: "DELETE",
    path: "/v1/invitations/{id}",
    parameters: { id: ["path", "id"] },
    body: null,
    answers: "json",
  },
} as const satisfies Routes;

// Written by tools/generate-client.ts: change the API, and run that.

import type { Routes } from "../../route.ts";

/** What a member signs in with. */
export interface Credentials {
  readonly email: unknown & unknown;
  readonly password: string;
}

/** The refresh token that was given last; each is good for one use. */
export interface RefreshRequest {
  readonly refreshToken: string;
}

/** That a member has signed in somewhere, until they sign out or do not come back for 30 days. The current one is that of the token which asks. */
export interface SignIn {
  readonly createdAt: string;
  readonly current: boolean;
  readonly expiresAt: string;
  readonly id: string;
  readonly memberId: string;
  readonly refreshedAt: string;
  readonly userAgent: string;
}

/** Where the member who asks is signed in, oldest first. A token that came from no sign-in has none. */
export interface SignInPage {
  readonly items: readonly SignIn[];
  readonly nextCursor: string | null;
}

/** An access token, which is good for so many seconds, and a refresh token, which is good for the next pair of them once, within 30 days. */
export interface SignInTokens {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
  readonly refreshToken: string;
  readonly signIn: SignIn;
}

export interface SignInsOperations {
  /** List one's own sign-ins */
  readonly listSignIns: {
    readonly input: {
      /** How many items the page holds at most, 1 to 200. */
      readonly limit?: number | undefined;
      /** Where the page begins: nextCursor of the page before. */
      readonly cursor?: string | undefined;
    };
    readonly output: SignInPage;
  };
  /** Sign in */
  readonly createSignIn: {
    readonly input: { readonly body: Credentials };
    readonly output: SignInTokens;
  };
  /** Get the next access token */
  readonly refreshSignIn: {
    readonly input: { readonly body: RefreshRequest };
    readonly output: SignInTokens;
  };
  /** Sign out */
  readonly deleteSignIn: {
    readonly input: { readonly id: string };
    readonly output: null;
  };
}

export const signInsRoutes = {
  listSignIns: {
    method: "GET",
    path: "/v2/sign-ins",
    parameters: { limit: ["query", "limit"], cursor: ["query", "cursor"] },
    body: null,
    answers: "json",
  },
  createSignIn: {
    method: "POST",
    path: "/v2/sign-ins",
    parameters: {},
    body: "application/json",
    answers: "json",
  },
  refreshSignIn: {
    method: "POST",
    path: "/v2/sign-ins/refresh",
    parameters: {},
    body: "application/json",
    answers: "json",
  },
  deleteSignIn: {
    method: "DELETE",
    path: "/v2/sign-ins/{id}",
    parameters: { id: ["path", "id"] },
    body: null,
    answers: "json",
  },
} as const satisfies Routes;

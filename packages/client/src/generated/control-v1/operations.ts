// Written by tools/generate-client.ts: change the API, and run that.

import type { Routes } from "../../route.ts";
import type { NoInput, Operation } from "./schemas.ts";

/** That a tenant is gone: what was deleted and when, and that nothing is left. The JWS is signed by the platform and says the same as the document. */
export interface Certificate {
  readonly document: Readonly<Record<string, unknown>>;
  readonly jws: string;
}

/** What was done to tenants, and what is being done, newest first. */
export interface OperationPage {
  readonly items: readonly Operation[];
  readonly nextCursor: string | null;
}

export interface OperationsOperations {
  /** Read the certificate of a removal */
  readonly getCertificate: {
    readonly input: { readonly tenant: string };
    readonly output: Certificate;
  };
  /** Download an export */
  readonly getExportContent: {
    readonly input: { readonly id: string };
    readonly output: ReadableStream<Uint8Array>;
  };
  /** List the operations */
  readonly listOperations: {
    readonly input: {
      /** How many items the page holds at most, 1 to 200. */
      readonly limit?: number | undefined;
      /** Where the page begins: nextCursor of the page before. */
      readonly cursor?: string | undefined;
      /** Only what concerns this tenant. */
      readonly tenant?: string | undefined;
      /** Only those of this kind. */
      readonly kind?: "onboard" | "suspend" | "resume" | "move" | "export" | "offboard" | undefined;
      /** Only those in this state. */
      readonly state?: "queued" | "running" | "waiting" | "succeeded" | "failed" | "cancelled" | undefined;
    };
    readonly output: OperationPage;
  };
  /** Read an operation */
  readonly getOperation: {
    readonly input: { readonly id: string };
    readonly output: Operation;
  };
  /** Take an operation back */
  readonly cancelOperation: {
    readonly input: {
      readonly id: string;
      /** wait=<seconds>, at most 28: answers once the operation has ended, or after that time (RFC 7240). */
      readonly prefer?: string | undefined;
      readonly body: NoInput;
    };
    readonly output: Operation;
  };
  /** Follow an operation */
  readonly followOperation: {
    readonly input: {
      readonly id: string;
      /** The id of the last event that the client has. */
      readonly lastEventId?: string | undefined;
    };
    readonly output: ReadableStream<Uint8Array>;
  };
}

export const operationsRoutes = {
  getCertificate: {
    method: "GET",
    path: "/control/v1/certificates/{tenant}",
    parameters: { tenant: ["path", "tenant"] },
    body: null,
    answers: "json",
  },
  getExportContent: {
    method: "GET",
    path: "/control/v1/exports/{id}/content",
    parameters: { id: ["path", "id"] },
    body: null,
    answers: "stream",
  },
  listOperations: {
    method: "GET",
    path: "/control/v1/operations",
    parameters: {
      limit: ["query", "limit"],
      cursor: ["query", "cursor"],
      tenant: ["query", "tenant"],
      kind: ["query", "kind"],
      state: ["query", "state"],
    },
    body: null,
    answers: "json",
  },
  getOperation: {
    method: "GET",
    path: "/control/v1/operations/{id}",
    parameters: { id: ["path", "id"] },
    body: null,
    answers: "json",
  },
  cancelOperation: {
    method: "POST",
    path: "/control/v1/operations/{id}/cancel",
    parameters: { id: ["path", "id"], prefer: ["header", "Prefer"] },
    body: "application/json",
    answers: "json",
  },
  followOperation: {
    method: "GET",
    path: "/control/v1/operations/{id}/events",
    parameters: { id: ["path", "id"], lastEventId: ["header", "Last-Event-ID"] },
    body: null,
    answers: "stream",
  },
} as const satisfies Routes;

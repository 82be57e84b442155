// Written by tools/generate-client.ts: change the API, and run that.

import type { Routes } from "../../route.ts";

export interface Document {
  readonly body: JsonObject;
  readonly collection: string;
  readonly createdAt: string;
  readonly id: string;
  readonly updatedAt: string;
  readonly version: number;
}

/** The content of a document: any JSON object, at most 30 levels deep. Numbers are doubles; of a key that stands twice the last one counts. */
export interface DocumentContent {
  readonly body: JsonObject;
}

/** Documents in the order of their ids, which is the order of creation. */
export interface DocumentOffsetPage {
  readonly items: readonly Document[];
  readonly limit: number;
  readonly offset: number;
  readonly total: number;
}

/** A JSON object, at most 30 levels deep. Of a key that stands twice the last one counts. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** What comes back as it went in: numbers are doubles, and text has no U+0000. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

export interface DocumentsOperations {
  /** List the documents of a collection */
  readonly listDocuments: {
    readonly input: {
      /** How many items the page holds at most, 1 to 200. */
      readonly limit?: number | undefined;
      /** How many items come before the page, 0 to 10000. */
      readonly offset?: number | undefined;
      readonly collection: string;
    };
    readonly output: DocumentOffsetPage;
  };
  /** Create a document */
  readonly createDocument: {
    readonly input: {
      readonly collection: string;
      /** Makes it safe to send the request again: within a day, the same key with the same request has the effect once and gets the same answer. */
      readonly idempotencyKey?: string | undefined;
      readonly body: DocumentContent;
    };
    readonly output: Document;
  };
  /** Delete a document */
  readonly deleteDocument: {
    readonly input: {
      readonly collection: string;
      readonly id: string;
      /** The ETag of the version that may be changed, such as "3", or *. */
      readonly ifMatch?: string | undefined;
    };
    readonly output: null;
  };
  /** Read a document */
  readonly getDocument: {
    readonly input: {
      readonly collection: string;
      readonly id: string;
      /** The ETag of the version that the client has. */
      readonly ifNoneMatch?: string | undefined;
    };
    readonly output: Document | null;
  };
  /** Replace a document */
  readonly replaceDocument: {
    readonly input: {
      readonly collection: string;
      readonly id: string;
      /** The ETag of the version that may be changed, such as "3", or *. */
      readonly ifMatch?: string | undefined;
      readonly body: DocumentContent;
    };
    readonly output: Document;
  };
}

export const documentsRoutes = {
  listDocuments: {
    method: "GET",
    path: "/v1/documents/{collection}",
    parameters: {
      limit: ["query", "limit"],
      offset: ["query", "offset"],
      collection: ["path", "collection"],
    },
    body: null,
    answers: "json",
  },
  createDocument: {
    method: "POST",
    path: "/v1/documents/{collection}",
    parameters: { collection: ["path", "collection"], idempotencyKey: ["header", "Idempotency-Key"] },
    body: "application/json",
    answers: "json",
  },
  deleteDocument: {
    method: "DELETE",
    path: "/v1/documents/{collection}/{id}",
    parameters: { collection: ["path", "collection"], id: ["path", "id"], ifMatch: ["header", "If-Match"] },
    body: null,
    answers: "json",
  },
  getDocument: {
    method: "GET",
    path: "/v1/documents/{collection}/{id}",
    parameters: {
      collection: ["path", "collection"],
      id: ["path", "id"],
      ifNoneMatch: ["header", "If-None-Match"],
    },
    body: null,
    answers: "json",
  },
  replaceDocument: {
    method: "PUT",
    path: "/v1/documents/{collection}/{id}",
    parameters: { collection: ["path", "collection"], id: ["path", "id"], ifMatch: ["header", "If-Match"] },
    body: "application/json",
    answers: "json",
  },
} as const satisfies Routes;

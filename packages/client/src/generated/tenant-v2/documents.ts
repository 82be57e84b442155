// Written by tools/generate-client.ts: change the API, and run that.

import type { Routes } from "../../route.ts";

/** Operations that are done in their order, one after the other. All or none, unless atomic is false: then each one that can be done is. */
export interface Bulk {
  readonly atomic?: boolean | undefined;
  readonly operations: readonly BulkOperation[];
}

/** Why an operation was not done; pointer leads to it in the request. */
export interface BulkFailure {
  readonly code: "DOCUMENT_NOT_FOUND" | "PRECONDITION_FAILED";
  readonly detail: string;
  readonly pointer: string;
}

/** What the route of the same name does: create under a new id; replace, which needs ifMatch; merge a patch; delete. */
export type BulkOperation =
  | {
      readonly body: JsonObject;
      readonly op: "create";
    }
  | {
      readonly body: JsonObject;
      readonly id: string;
      readonly ifMatch: string;
      readonly op: "replace";
    }
  | {
      readonly body: JsonObject;
      readonly id: string;
      readonly ifMatch?: string | undefined;
      readonly op: "patch";
    }
  | {
      readonly id: string;
      readonly ifMatch?: string | undefined;
      readonly op: "delete";
    };

/** The status that the operation alone would have had, with the document as the operation left it, or with what was wrong. */
export interface BulkOutcome {
  readonly document: Document | null;
  readonly problem: BulkFailure | null;
  readonly status: number;
}

/** One outcome for each operation, in their order. */
export interface BulkResult {
  readonly outcomes: readonly BulkOutcome[];
}

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
export interface DocumentPage {
  readonly items: readonly Document[];
  readonly nextCursor: string | null;
}

/** A JSON Merge Patch (RFC 7396) of a document: null removes a member, objects are merged. */
export interface DocumentPatch {
  readonly body: JsonObject;
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
      /** Where the page begins: nextCursor of the page before. */
      readonly cursor?: string | undefined;
      readonly collection: string;
    };
    readonly output: DocumentPage;
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
  /** Create, replace, patch and delete documents at once */
  readonly changeDocuments: {
    readonly input: {
      readonly collection: string;
      /** Makes it safe to send the request again: within a day, the same key with the same request has the effect once and gets the same answer. */
      readonly idempotencyKey?: string | undefined;
      readonly body: Bulk;
    };
    readonly output: BulkResult;
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
  /** Change parts of a document */
  readonly patchDocument: {
    readonly input: {
      readonly collection: string;
      readonly id: string;
      /** The ETag of the version that may be changed, such as "3", or *. */
      readonly ifMatch?: string | undefined;
      readonly body: DocumentPatch;
    };
    readonly output: Document;
  };
  /** Replace a document */
  readonly replaceDocument: {
    readonly input: {
      readonly collection: string;
      readonly id: string;
      /** The ETag of the version that is replaced, such as "3", or *. */
      readonly ifMatch: string;
      readonly body: DocumentContent;
    };
    readonly output: Document;
  };
}

export const documentsRoutes = {
  listDocuments: {
    method: "GET",
    path: "/v2/documents/{collection}",
    parameters: {
      limit: ["query", "limit"],
      cursor: ["query", "cursor"],
      collection: ["path", "collection"],
    },
    body: null,
    answers: "json",
  },
  createDocument: {
    method: "POST",
    path: "/v2/documents/{collection}",
    parameters: { collection: ["path", "collection"], idempotencyKey: ["header", "Idempotency-Key"] },
    body: "application/json",
    answers: "json",
  },
  changeDocuments: {
    method: "POST",
    path: "/v2/documents/{collection}/bulk",
    parameters: { collection: ["path", "collection"], idempotencyKey: ["header", "Idempotency-Key"] },
    body: "application/json",
    answers: "json",
  },
  deleteDocument: {
    method: "DELETE",
    path: "/v2/documents/{collection}/{id}",
    parameters: { collection: ["path", "collection"], id: ["path", "id"], ifMatch: ["header", "If-Match"] },
    body: null,
    answers: "json",
  },
  getDocument: {
    method: "GET",
    path: "/v2/documents/{collection}/{id}",
    parameters: {
      collection: ["path", "collection"],
      id: ["path", "id"],
      ifNoneMatch: ["header", "If-None-Match"],
    },
    body: null,
    answers: "json",
  },
  patchDocument: {
    method: "PATCH",
    path: "/v2/documents/{collection}/{id}",
    parameters: { collection: ["path", "collection"], id: ["path", "id"], ifMatch: ["header", "If-Match"] },
    body: "application/merge-patch+json",
    answers: "json",
  },
  replaceDocument: {
    method: "PUT",
    path: "/v2/documents/{collection}/{id}",
    parameters: { collection: ["path", "collection"], id: ["path", "id"], ifMatch: ["header", "If-Match"] },
    body: "application/json",
    answers: "json",
  },
} as const satisfies Routes;

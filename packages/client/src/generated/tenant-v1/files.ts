// Written by tools/generate-client.ts: change the API, and run that.

import type { Content, Routes } from "../../route.ts";

/** A file without its content. Neither ever changes; another content is another file. */
export interface File {
  readonly createdAt: string;
  readonly createdBy: string;
  readonly id: string;
  readonly mediaType: string;
  readonly name: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** Oldest first. */
export interface FileOffsetPage {
  readonly items: readonly File[];
  readonly limit: number;
  readonly offset: number;
  readonly total: number;
}

export interface FilesOperations {
  /** List files */
  readonly listFiles: {
    readonly input: {
      /** How many items the page holds at most, 1 to 200. */
      readonly limit?: number | undefined;
      /** How many items come before the page, 0 to 10000. */
      readonly offset?: number | undefined;
    };
    readonly output: FileOffsetPage;
  };
  /** Upload a file */
  readonly createFile: {
    readonly input: {
      /** The name of the file; it wins over Content-Disposition. */
      readonly name?: string | undefined;
      /** attachment with the name of the file, such as attachment; filename*=UTF-8''r%C3%A9sum%C3%A9.pdf. */
      readonly contentDisposition?: string | undefined;
      /** Makes it safe to send the request again: within a day, the same key with the same request has the effect once and gets the same answer. */
      readonly idempotencyKey?: string | undefined;
      readonly body: Content;
      readonly contentType?: string | undefined;
    };
    readonly output: File;
  };
  /** Delete a file */
  readonly deleteFile: {
    readonly input: { readonly id: string };
    readonly output: null;
  };
  /** Read what is known of a file */
  readonly getFile: {
    readonly input: { readonly id: string };
    readonly output: File;
  };
  /** Read the content of a file */
  readonly getFileContent: {
    readonly input: {
      readonly id: string;
      /** A part of the content, such as bytes=0-1023. */
      readonly range?: string | undefined;
      /** The ETag of the content that Range is about. */
      readonly ifRange?: string | undefined;
      /** The ETag of the content that the client has. */
      readonly ifNoneMatch?: string | undefined;
    };
    readonly output: ReadableStream<Uint8Array> | null;
  };
}

export const filesRoutes = {
  listFiles: {
    method: "GET",
    path: "/v1/files",
    parameters: { limit: ["query", "limit"], offset: ["query", "offset"] },
    body: null,
    answers: "json",
  },
  createFile: {
    method: "POST",
    path: "/v1/files",
    parameters: {
      name: ["query", "name"],
      contentDisposition: ["header", "Content-Disposition"],
      idempotencyKey: ["header", "Idempotency-Key"],
    },
    body: "binary",
    answers: "json",
  },
  deleteFile: {
    method: "DELETE",
    path: "/v1/files/{id}",
    parameters: { id: ["path", "id"] },
    body: null,
    answers: "json",
  },
  getFile: {
    method: "GET",
    path: "/v1/files/{id}",
    parameters: { id: ["path", "id"] },
    body: null,
    answers: "json",
  },
  getFileContent: {
    method: "GET",
    path: "/v1/files/{id}/content",
    parameters: {
      id: ["path", "id"],
      range: ["header", "Range"],
      ifRange: ["header", "If-Range"],
      ifNoneMatch: ["header", "If-None-Match"],
    },
    body: null,
    answers: "stream",
  },
} as const satisfies Routes;

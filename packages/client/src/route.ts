/** How an operation is asked for: written by the generator from an OpenAPI document. */
export interface Route {
  readonly method: string;
  /** With parameters in braces: `/v2/documents/{collection}`. */
  readonly path: string;
  /** Where each member of the input goes, but for `body` and `contentType`. */
  readonly parameters: Readonly<Record<string, readonly ["path" | "query" | "header", string]>>;
  /** The media type of the body; "binary" where the caller says; null where there is none. */
  readonly body: string | null;
  readonly answers: "json" | "stream" | "events";
}

export type Routes = Readonly<Record<string, Route>>;

/** What the generator knows of the types of an operation. */
export interface Operation {
  readonly input: object;
  readonly output: unknown;
}

/** Bytes to send. */
export type Content = string | Uint8Array<ArrayBuffer> | ArrayBuffer | Blob | ReadableStream<Uint8Array>;

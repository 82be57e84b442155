import type { Ask } from "../exchange.ts";
import type { TestRuntime } from "../test-runtime.ts";

/** One operation of the API in the authorization matrix. */
export interface RouteCase {
  readonly listener: "gateway" | "control";
  /** As in the OpenAPI document: `get /v2/documents/{collection}`. */
  readonly route: string;
  /**
   * Makes what is asked for, afresh for each caller, so that a caller who may delete leaves something
   * for the next; returns the path to ask, and what to send. Runs with the rights of acme-corp's owner.
   */
  readonly prepare: (world: World) => Promise<Prepared> | Prepared;
}

export interface Prepared {
  readonly path: string;
  readonly ask?: Ask;
}

export interface World {
  readonly server: TestRuntime;
  /** A token of an owner of acme-corp. */
  readonly owner: string;
  /** A token of an operator. */
  readonly operator: string;
  /** Differs from call to call. */
  readonly unique: () => string;
}

// Written by tools/generate-client.ts: change the API, and run that.

import type { Routes } from "../../route.ts";

export interface DocumentationOperations {
  /** This document */
  readonly getOpenApi: {
    readonly input: Readonly<Record<never, never>>;
    readonly output: Readonly<Record<string, unknown>>;
  };
}

export const documentationRoutes = {
  getOpenApi: {
    method: "GET",
    path: "/control/v1/openapi.json",
    parameters: {},
    body: null,
    answers: "json",
  },
} as const satisfies Routes;

// Written by tools/generate-client.ts: change the API, and run that.

import type { Routes } from "../../route.ts";

export interface HealthOperations {
  /** Whether the server runs */
  readonly live: {
    readonly input: Readonly<Record<never, never>>;
    readonly output: {
      readonly status: "ok";
    };
  };
  /** Whether the server takes requests */
  readonly ready: {
    readonly input: Readonly<Record<never, never>>;
    readonly output: {
      readonly status: "ok";
    };
  };
}

export const healthRoutes = {
  live: { method: "GET", path: "/health/live", parameters: {}, body: null, answers: "json" },
  ready: { method: "GET", path: "/health/ready", parameters: {}, body: null, answers: "json" },
} as const satisfies Routes;

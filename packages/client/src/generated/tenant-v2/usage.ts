// Written by tools/generate-client.ts: change the API, and run that.

import type { Routes } from "../../route.ts";

/** Requests that were answered, of them those that failed for reasons of ours and those to services; requests that the limits refused; bytes on the wire; and what was stored at the end, measured now and then. */
export interface UsageAmounts {
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly documents: number;
  readonly errors: number;
  readonly fileBytes: number;
  readonly refusedRequests: number;
  readonly requests: number;
  readonly serviceRequests: number;
}

/** What was used on a day in UTC. */
export interface UsageDay {
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly day: string;
  readonly documents: number;
  readonly errors: number;
  readonly fileBytes: number;
  readonly refusedRequests: number;
  readonly requests: number;
  readonly serviceRequests: number;
}

/** What the tenant used, for each day that has begun, and in total; of what is stored, the total is the last value. */
export interface UsageReport {
  readonly days: readonly UsageDay[];
  readonly from: string;
  readonly to: string;
  readonly totals: UsageAmounts;
}

export interface UsageOperations {
  /** What the tenant used, day by day */
  readonly getUsage: {
    readonly input: {
      /** The first day, in UTC; 29 days before the last unless said. */
      readonly from?: string | undefined;
      /** The last day, in UTC; today unless said. */
      readonly to?: string | undefined;
    };
    readonly output: UsageReport;
  };
}

export const usageRoutes = {
  getUsage: {
    method: "GET",
    path: "/v2/usage",
    parameters: { from: ["query", "from"], to: ["query", "to"] },
    body: null,
    answers: "json",
  },
} as const satisfies Routes;

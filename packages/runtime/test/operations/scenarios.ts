import type { Isolation, TenantId } from "@tenantry/model";
import type { OperationRequest } from "../../src/operations/operation.ts";

/** An operation on a tenant with data, and what has to be true when it has ended. */
export interface Scenario {
  readonly name: string;
  /** Null where there is no such tenant before. */
  readonly before: Isolation | null;
  readonly request: (tenant: TenantId) => OperationRequest;
  readonly cancelBefore?: string;
  readonly expected: {
    readonly state: "succeeded" | "cancelled";
    readonly events: readonly string[];
    readonly tenant: { readonly isolation: Isolation; readonly tier: string; readonly status: string } | null;
    readonly exports: 0 | 1;
    readonly certificate?: true;
  };
}

const none = {} as Record<string, never>;
const isolations = ["pool", "bridge", "silo"] as const;
const pairs = isolations.flatMap((from) =>
  isolations.filter((to) => to !== from).map((to) => [from, to] as const),
);
const active = (isolation: Isolation, tier: string = isolation) => ({ isolation, tier, status: "active" });

export const scenarios: readonly Scenario[] = [
  ...isolations.flatMap((isolation): readonly Scenario[] => {
    const request = (tenant: TenantId): OperationRequest => ({
      kind: "onboard",
      tenant,
      input: { tier: isolation, isolation, tenantsPerCell: 90 },
    });
    const removal = (tenant: TenantId): OperationRequest => ({
      kind: "offboard",
      tenant,
      input: { graceDays: 0, keepExport: false },
    });
    return [
      {
        name: `onboard-${isolation}`,
        before: null,
        request,
        expected: {
          state: "succeeded",
          events: ["onboardingRequest", "onboardingSuccess", "provisionSuccess"],
          tenant: active(isolation),
          exports: 0,
        },
      },
      {
        name: `onboard-${isolation}-undone`,
        before: null,
        request,
        cancelBefore: "activate",
        expected: {
          state: "cancelled",
          events: ["onboardingFailure", "onboardingRequest", "provisionFailure", "provisionSuccess"],
          tenant: null,
          exports: 0,
        },
      },
      {
        name: `offboard-${isolation}`,
        before: isolation,
        request: removal,
        expected: {
          state: "succeeded",
          events: ["deprovisionSuccess", "offboardingRequest", "offboardingSuccess"],
          tenant: null,
          exports: 0,
          certificate: true,
        },
      },
    ];
  }),
  ...(["forward", "undone"] as const).flatMap((way) =>
    pairs.map(([from, to]): Scenario => {
      const request = (tenant: TenantId): OperationRequest => ({
        kind: "move",
        tenant,
        input: { tier: to, isolation: to },
      });
      if (way === "forward") {
        return {
          name: `move-${from}-${to}`,
          before: from,
          request,
          expected: {
            state: "succeeded",
            events: ["tierChangeRequest", "tierChangeSuccess"],
            tenant: active(to),
            exports: 0,
          },
        };
      }
      return {
        name: `move-${from}-${to}-undone`,
        before: from,
        request,
        cancelBefore: "switch",
        expected: {
          state: "cancelled",
          events: ["tierChangeFailure", "tierChangeRequest"],
          tenant: active(from),
          exports: 0,
        },
      };
    }),
  ),
  {
    name: "move-tier",
    before: "pool",
    request: (tenant) => ({ kind: "move", tenant, input: { tier: "gold", isolation: "pool" } }),
    expected: {
      state: "succeeded",
      events: ["tierChangeRequest", "tierChangeSuccess"],
      tenant: active("pool", "gold"),
      exports: 0,
    },
  },
  {
    name: "suspend",
    before: "pool",
    request: (tenant) => ({ kind: "suspend", tenant, input: {} }),
    expected: {
      state: "succeeded",
      events: ["deactivateRequest", "deactivateSuccess"],
      tenant: { ...active("pool"), status: "suspended" },
      exports: 0,
    },
  },
  {
    name: "resume",
    before: "bridge",
    request: (tenant) => ({ kind: "resume", tenant, input: none }),
    expected: {
      state: "succeeded",
      events: ["activateRequest", "activateSuccess"],
      tenant: active("bridge"),
      exports: 0,
    },
  },
  {
    name: "export",
    before: "bridge",
    request: (tenant) => ({ kind: "export", tenant, input: none }),
    expected: {
      state: "succeeded",
      events: ["exportRequest", "exportSuccess"],
      tenant: active("bridge"),
      exports: 1,
    },
  },
  {
    name: "export-undone",
    before: "pool",
    request: (tenant) => ({ kind: "export", tenant, input: none }),
    cancelBefore: "verify-export",
    expected: {
      state: "cancelled",
      events: ["exportFailure", "exportRequest"],
      tenant: active("pool"),
      exports: 0,
    },
  },
  {
    name: "offboard-undone",
    before: "bridge",
    request: (tenant) => ({ kind: "offboard", tenant, input: { graceDays: 0, keepExport: false } }),
    cancelBefore: "inventory",
    expected: {
      state: "cancelled",
      events: ["offboardingFailure", "offboardingRequest"],
      tenant: active("bridge"),
      exports: 0,
    },
  },
];

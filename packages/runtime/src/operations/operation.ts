import type { TenantId } from "@tenantry/model";
import type { JsonObject } from "../tenant-store/tenant-tables.ts";

export const operationKinds = ["onboard", "suspend", "resume", "move", "export", "offboard"] as const;
export type OperationKind = (typeof operationKinds)[number];

/**
 * queued ──▶ running ◀──▶ waiting ──▶ succeeded
 *               │            ├──────▶ cancelled
 *               └────────────┴──────▶ failed
 *
 * One that waits does so until a time that it names, or until it is cancelled.
 */
export const operationStates = ["queued", "running", "waiting", "succeeded", "failed", "cancelled"] as const;
export type OperationState = (typeof operationStates)[number];

export const stepStates = ["pending", "running", "waiting", "succeeded", "failed", "skipped"] as const;
export type StepState = (typeof stepStates)[number];

/** Something that is done to a tenant, in steps of which each survives a crash. */
export interface Operation {
  readonly id: string;
  readonly kind: OperationKind;
  readonly tenant: TenantId;
  readonly state: OperationState;
  readonly steps: readonly OperationStep[];
  readonly input: JsonObject;
  readonly result: JsonObject | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly requestedBy: string;
  /** RFC 3339, UTC. */
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly endedAt: string | null;
}

export interface OperationStep {
  readonly name: string;
  readonly state: StepState;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly detail: string | null;
}

/** A change that whoever follows an operation is told of. */
export interface OperationChange {
  /** 1, 2, 3, … of the operation. */
  readonly revision: number;
  readonly state: OperationState;
  /** The step that changed; null where the operation itself did. */
  readonly step: OperationStep | null;
}

/** What is done with an input that the operation was asked with. */
export type OperationRequest =
  | { readonly kind: "onboard"; readonly tenant: TenantId; readonly input: OnboardInput }
  | { readonly kind: "suspend"; readonly tenant: TenantId; readonly input: SuspendInput }
  | { readonly kind: "resume"; readonly tenant: TenantId; readonly input: Record<string, never> }
  | { readonly kind: "move"; readonly tenant: TenantId; readonly input: MoveInput }
  | { readonly kind: "export"; readonly tenant: TenantId; readonly input: Record<string, never> }
  | { readonly kind: "offboard"; readonly tenant: TenantId; readonly input: OffboardInput };

export interface OnboardInput {
  readonly tier: string;
  readonly isolation: "pool" | "bridge" | "silo";
  readonly tenantsPerCell: number;
}
export interface SuspendInput {
  readonly reason?: string;
}
export interface MoveInput {
  readonly tier: string;
  readonly isolation: "pool" | "bridge" | "silo";
}
export interface OffboardInput {
  /** Days in which it can be cancelled. */
  readonly graceDays: number;
  /** Whether the export outlives the tenant. */
  readonly keepExport: boolean;
}

export function hasEnded({ state }: Pick<Operation, "state">): boolean {
  return state === "succeeded" || state === "failed" || state === "cancelled";
}

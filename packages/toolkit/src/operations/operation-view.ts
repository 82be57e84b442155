/** An operation on a tenant as the control plane tells of it. */
export interface OperationView {
  readonly id: string;
  readonly kind: "onboard" | "suspend" | "resume" | "move" | "export" | "offboard";
  readonly tenant: string;
  readonly state: "queued" | "running" | "waiting" | "succeeded" | "failed" | "cancelled";
  readonly steps: readonly OperationStepView[];
  readonly result: Readonly<Record<string, unknown>> | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly requestedBy: string;
  /** RFC 3339, UTC. */
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly endedAt: string | null;
}

export interface OperationStepView {
  readonly name: string;
  readonly state: "pending" | "running" | "waiting" | "succeeded" | "failed" | "skipped";
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly detail: string | null;
}

/** Whether nothing more will happen by itself: it has ended, or waits for its time to come. */
export function isSettled({ state }: OperationView): boolean {
  return state !== "queued" && state !== "running";
}

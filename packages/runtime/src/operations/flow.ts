import type { OperationKind } from "./operation.ts";
import type { OperationRun } from "./operation-run.ts";
import type { StepStopped } from "./step.ts";
import type { JsonObject } from "../tenant-store/tenant-tables.ts";
import type { Tenant } from "../tenants/tenant.ts";

/**
 * How an operation of a kind goes: forward to its end, or back to where it began.
 *
 * A flow is run again from its beginning after each crash, with the outcomes that were kept. So it
 * may depend on nothing but its input and those outcomes: no time, no chance, no look at a database
 * outside of a step.
 */
export interface Flow {
  readonly kind: OperationKind;
  /** The steps that are to come, for those who want to know how far it is. */
  steps(input: JsonObject, tenant: Tenant | null): readonly string[];
  /** Ends the operation with its last step. @throws StepStopped */
  forward(run: OperationRun): Promise<void>;
  /** Undoes what was done; afterwards the operation ends without success. */
  back?(run: OperationRun, why: StepStopped): Promise<void>;
}

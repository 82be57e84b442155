import type { Clock, Random } from "@tenantry/base";
import type { TenantId } from "@tenantry/model";
import type pg from "pg";
import type { DatabaseAccess } from "../database/database-access.ts";
import type { SqlClient } from "../events/keep-lifecycle-event.ts";
import type { EventType } from "../events/lifecycle-events.ts";
import type { ObjectStore } from "../files/object-store.ts";
import type { JsonObject } from "../tenant-store/tenant-tables.ts";
import type { TenantStore } from "../tenant-store/tenant-store.ts";
import type { CertificateSigner } from "./certificate.ts";
import type { OperationKind } from "./operation.ts";

/** What steps work with. */
export interface StepTools {
  readonly access: DatabaseAccess;
  /** Leads exactly where the given tenant says, whatever its status. */
  readonly store: TenantStore;
  /** The content of tenants' files; null where there are no files. */
  readonly objects: ObjectStore | null;
  /** Where exports are kept, each under the id of its operation; null where none can be made. */
  readonly exports: ObjectStore | null;
  readonly signer: CertificateSigner;
  readonly clock: Clock;
  readonly random: Random;
  /** How long a process may not have heard that a tenant is elsewhere. */
  readonly staleMs: number;
  /** The length of a day of a grace period. */
  readonly dayMs: number;
}

export interface StepContext extends StepTools {
  readonly operation: string;
  readonly kind: OperationKind;
  readonly tenant: TenantId;
  /** On the platform's database. Nobody else works on the tenant as long as the step runs. */
  readonly owner: pg.Client;
  /** Between two parts of a long step: ends it where it is to end. */
  pulse(): Promise<void>;
}

/**
 * One step of an operation. A crash can come at any moment, so a step may run several times; what
 * it has done must then be there once. `ensure` looks at what there is and makes what is missing;
 * `record` runs once, in the transaction that keeps the result.
 */
export interface Step<Result> {
  readonly name: string;
  /** Makes it so, and verifies that it is. What it returns is kept as JSON. */
  readonly ensure: (context: StepContext) => Promise<Result>;
  /** What the result means for the registry. Commits with it, or not at all. */
  readonly record?: (client: SqlClient, result: Result) => Promise<void>;
  /** An event that commits with the result. */
  readonly event?: (result: Result) => { readonly type: EventType; readonly detail: JsonObject };
  /** For people: what came of it. */
  readonly detail?: (result: Result) => string | null;
  /** From its beginning on, the operation cannot be cancelled. */
  readonly isFinal?: boolean;
}

/** The operation ends with the step, in the same transaction. */
export interface Ending<Result> {
  readonly result: (result: Result) => JsonObject;
  readonly detail: (result: Result) => JsonObject;
}

/** Why an operation goes no further. */
export class StepStopped extends Error {
  override readonly name = "StepStopped";
  readonly how: "failed" | "cancelled";
  readonly code: string;

  constructor(how: "failed" | "cancelled", code: string, message: string) {
    super(message);
    this.how = how;
    this.code = code;
  }
}

/** Cancelled in the middle of a step. */
export class StepCancelled extends Error {
  override readonly name = "StepCancelled";
}

/** The process goes on without the step; the next one that opens the operations continues it. */
export class OperationsClosing extends Error {
  override readonly name = "OperationsClosing";
}

import { isCodedError } from "@tenantry/base";
import { isSqlError } from "../database/sql-error.ts";
import { errors } from "../errors.ts";
import { PoolBusy, PoolClosed } from "./connection-pool.ts";

/** Says in the store's terms why a transaction did not happen. Errors of the caller's own function pass unchanged. */
export function storeError(error: unknown, tenant: string, waitedMs: number): unknown {
  if (error instanceof PoolBusy) return errors.RUNTIME_STORE_BUSY({ tenant, waitedMs }, error);
  if (error instanceof PoolClosed) return errors.RUNTIME_STORE_CLOSED({ tenant }, error);
  if (!isSqlError(error) || isCodedError(error)) return error;
  const { code: sqlState } = error;
  const constraint = error.constraint ?? "unnamed";
  if (error.severity === "FATAL" || error.severity === "PANIC")
    return errors.RUNTIME_STORE_LOST({ tenant }, error);
  if (sqlState === "23505") return errors.RUNTIME_STORE_DUPLICATE({ tenant, constraint }, error);
  if (sqlState.startsWith("23")) return errors.RUNTIME_STORE_CONSTRAINT({ tenant, constraint }, error);
  if (sqlState === "42501" || sqlState === "25006") return errors.RUNTIME_STORE_REFUSED({ tenant }, error);
  if (sqlState === "57014" || sqlState === "55P03") return errors.RUNTIME_STORE_TIMEOUT({ tenant }, error);
  if (sqlState.startsWith("40")) return errors.RUNTIME_STORE_CONFLICT({ tenant, sqlState }, error);
  if (sqlState.startsWith("57P") || sqlState.startsWith("08"))
    return errors.RUNTIME_STORE_LOST({ tenant }, error);
  return errors.RUNTIME_STORE_FAILED({ tenant, sqlState }, error);
}

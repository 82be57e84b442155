import { assert } from "@tenantry/base";
import { platformSchema } from "../database/database-names.ts";
import { errors } from "../errors.ts";
import type { SqlClient } from "../events/keep-lifecycle-event.ts";
import { type TenantRow, tenantColumns } from "../tenants/tenant-rows.ts";
import type { TenantStatus } from "../tenants/tenant.ts";
import type { OperationKind } from "./operation.ts";

const table = `${platformSchema}.tenants`;

export async function findTenantRow(client: SqlClient, id: string): Promise<TenantRow | null> {
  const { rows } = await client.query<TenantRow>(
    `select ${tenantColumns} from ${table} where tenant_id = $1`,
    [id],
  );
  return rows[0] ?? null;
}

/** The tenant that an operation works on. */
export async function tenantRow(client: SqlClient, id: string): Promise<TenantRow> {
  const row = await findTenantRow(client, id);
  assert(row !== null, `an operation works on a tenant that is not registered: ${id}`);
  return row;
}

/** @throws CodedError RUNTIME_TENANT_STATUS */
export function requireStatus(row: TenantRow, kind: OperationKind): void {
  const { tenant_id: id, status } = row;
  if (!allowedStatuses[kind].includes(status)) throw errors.RUNTIME_TENANT_STATUS({ id, status, kind });
}

/** In which status a tenant an operation can begin. What is as it shall be already is no error. */
const allowedStatuses: Readonly<Record<OperationKind, readonly TenantStatus[]>> = {
  onboard: ["provisioning", "failed", "active"],
  suspend: ["active", "suspended"],
  resume: ["active", "suspended"],
  move: ["active", "suspended"],
  export: ["active", "suspended"],
  offboard: ["active", "suspended", "offboarding"],
};

/** Sets columns of a tenant's row. Names of columns are written in this program only. */
export async function setTenant(
  client: SqlClient,
  id: string,
  columns: Readonly<Record<string, string | number | null>>,
): Promise<void> {
  const sets = Object.keys(columns).map((column, index) => `${column} = $${index + 2}`);
  await client.query(`update ${table} set ${sets.join(", ")} where tenant_id = $1`, [
    id,
    ...Object.values(columns),
  ]);
}

/** Nothing opens the tenant in the shared database any more. */
export async function removeSeal(client: SqlClient, id: string): Promise<void> {
  await client.query(`delete from ${platformSchema}.seals where tenant_id = $1`, [id]);
}

export async function removeTenantRow(client: SqlClient, id: string): Promise<void> {
  await client.query(`delete from ${table} where tenant_id = $1`, [id]);
}

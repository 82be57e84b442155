import { createHash } from "node:crypto";
import {
  auditCatalogue,
  type DatabaseExpectations,
  passes,
  type TenantSchema,
  type Verdict,
} from "@tenantry/assurance";
import type { TenantId } from "@tenantry/model";
import type pg from "pg";
import { errors } from "../errors.ts";
import { readCatalogue } from "./catalogue.ts";
import { confinePolicy, grantPolicy, onlyTenantConstraint } from "./confinement.ts";
import { controlTables } from "./control-tables.ts";
import { asAdmin, asOwner, type DatabaseAccess } from "./database-access.ts";
import { platformSchema, poolSchema, siloSchema, tenantObjectName } from "./database-names.ts";
import { chainAuditEventBody } from "./migrations/platform-events.ts";
import { announceTenantBody } from "./migrations/platform-migrations.ts";
import { isSuperuser, requiredTenantRoleSettings } from "./roles.ts";
import {
  tenantFunctionBody,
  tenantFunctionName,
  tenantViewDefinitions,
  tenantViewName,
} from "./current-tenant.ts";

const hash = (text: string) => createHash("sha256").update(text).digest("hex");
const pinned = ["search_path=pg_catalog, pg_temp"];
/** The confining expression as PostgreSQL prints it back; all versions from 15 on agree. */
const printedPredicate = `(tenant_id = ( SELECT c.tenant_id\n   FROM ${platformSchema}.${tenantViewName} c))`;

/** The shared database: the pool and every bridge tenant's schema. */
export async function auditShared(access: DatabaseAccess): Promise<readonly Verdict[]> {
  const { database } = access.names;
  const systemCatalogue = await systemCatalogueOf(access, database);
  return asOwner(access, database, async (owner) => {
    const expectations = expectShared(access, await bridgeSchemas(owner), systemCatalogue);
    return auditCatalogue(await readCatalogue(owner), expectations);
  });
}

/** The database of one silo tenant; the one with the tenant's first name unless another is named. */
export async function auditSilo(
  access: DatabaseAccess,
  tenant: TenantId,
  database: string = tenantObjectName(access.names, access.nameKey, tenant),
): Promise<readonly Verdict[]> {
  const expectations = expectSilo(access, tenant, await systemCatalogueOf(access, database), database);
  return asOwner(access, database, async (owner) => auditCatalogue(await readCatalogue(owner), expectations));
}

export function expectShared(
  { names }: Pick<DatabaseAccess, "names">,
  bridges: readonly TenantSchema[],
  systemCatalogue: DatabaseExpectations["systemCatalogue"],
): DatabaseExpectations {
  const { owner, app: login, control, operator, tenants } = names;
  const pool: TenantSchema = { schema: poolSchema, role: login, tenant: null };
  const announce = {
    schema: platformSchema,
    name: "announce_tenant",
    bodyHash: hash(announceTenantBody),
    settings: pinned,
  };
  const chainAuditEvent = {
    schema: platformSchema,
    name: "chain_audit_event",
    bodyHash: hash(chainAuditEventBody),
    settings: pinned,
  };
  return {
    ...everywhere,
    database: names.database,
    roles: { owner, login, control, operator, tenants },
    registryTables: ["tenants"],
    controlTables,
    tenantSchemas: [pool, ...bridges],
    definers: [announce, chainAuditEvent],
    loginSettings: loginSettings(systemCatalogue),
    systemCatalogue,
  };
}

export function expectSilo(
  access: DatabaseAccess,
  tenant: TenantId,
  systemCatalogue: DatabaseExpectations["systemCatalogue"],
  name: string = tenantObjectName(access.names, access.nameKey, tenant),
): DatabaseExpectations {
  return expectSiloNamed(access, tenant, systemCatalogue, name);
}

/** The same where the name is known and the key that makes it is not. */
export function expectSiloNamed(
  { names }: Pick<DatabaseAccess, "names">,
  tenant: TenantId,
  systemCatalogue: DatabaseExpectations["systemCatalogue"],
  name: string,
): DatabaseExpectations {
  const { owner, operator } = names;
  return {
    ...everywhere,
    database: name,
    roles: { owner, login: name, control: null, operator, tenants: null },
    registryTables: [],
    tenantSchemas: [{ schema: siloSchema, role: name, tenant }],
    definers: [],
    loginSettings: loginSettings(systemCatalogue),
    systemCatalogue,
  };
}

/** Throws what is wrong, if anything is: unknown counts as wrong. */
export function requireSafe(database: string, verdicts: readonly Verdict[]): void {
  const findings = verdicts.filter((verdict) => !passes(verdict)).map(printVerdict);
  if (findings.length > 0) throw errors.RUNTIME_DATABASE_UNSAFE({ database, findings });
}

function printVerdict(verdict: Verdict): string {
  const { rule, subject } = verdict;
  if (verdict.kind === "refuted") return `${rule}: ${subject} ${verdict.witness}`;
  if (verdict.kind === "unknown") return `${rule}: ${subject} is unknown, ${verdict.missing}`;
  return `${rule}: ${subject} ${verdict.kind}`;
}

/** What every database of the platform has. */
const everywhere: Pick<
  DatabaseExpectations,
  "platformSchema" | "tenantView" | "tenantFunction" | "policies"
> = {
  platformSchema,
  tenantView: { schema: platformSchema, name: tenantViewName, definitions: tenantViewDefinitions },
  tenantFunction: {
    schema: platformSchema,
    name: tenantFunctionName,
    bodyHash: hash(tenantFunctionBody),
    settings: [],
  },
  policies: {
    grant: grantPolicy,
    confine: confinePolicy,
    predicate: printedPredicate,
    onlyTenant: onlyTenantConstraint,
  },
};

export async function bridgeSchemas(owner: pg.Client): Promise<readonly TenantSchema[]> {
  const { rows } = await owner.query<{ tenant_id: string; object_name: string }>(
    `select tenant_id, object_name from ${platformSchema}.tenants
     where isolation = 'bridge' and schema_version > 0
     union all
     select tenant_id, other_object_name from ${platformSchema}.tenants where other_isolation = 'bridge'
     order by tenant_id, object_name`,
  );
  return rows.map((row) => ({ schema: row.object_name, role: row.object_name, tenant: row.tenant_id }));
}

/** The tenants with a database of their own, and its name. */
export async function siloDatabases(owner: pg.Client): Promise<readonly (readonly [TenantId, string])[]> {
  const { rows } = await owner.query<{ tenant_id: TenantId; object_name: string }>(
    `select tenant_id, object_name from ${platformSchema}.tenants
     where isolation = 'silo' and schema_version > 0 order by tenant_id`,
  );
  return rows.map((row) => [row.tenant_id, row.object_name] as const);
}

/** Only a superuser can hide the activity of a role, as only a superuser can close the catalogues. */
function loginSettings(systemCatalogue: DatabaseExpectations["systemCatalogue"]) {
  return requiredTenantRoleSettings(systemCatalogue === "closed" ? "hide-activity" : "not-hide-activity");
}

async function systemCatalogueOf(
  access: DatabaseAccess,
  database: string,
): Promise<DatabaseExpectations["systemCatalogue"]> {
  return asAdmin(access, database, async (admin) => {
    return (await isSuperuser(admin)) ? "closed" : "cannot-be-closed";
  });
}

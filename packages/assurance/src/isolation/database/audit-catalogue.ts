import { judge } from "../../rule.ts";
import type { Verdict } from "../../verdict.ts";
import type { DatabaseCatalogue } from "./database-catalogue.ts";
import type { DatabaseExpectations } from "./database-expectations.ts";
import type { DatabaseRule } from "./database-rule.ts";
import { computedColumns } from "./rules/computed-columns.ts";
import { databaseGrants } from "./rules/database-grants.ts";
import { defaultPrivileges } from "./rules/default-privileges.ts";
import { definerFunctions } from "./rules/definer-functions.ts";
import { extensionsHarmless } from "./rules/extensions-harmless.ts";
import { foreignKeysCarryTenant } from "./rules/foreign-keys-carry-tenant.ts";
import { functionGrants } from "./rules/function-grants.ts";
import { keysLeadWithTenant } from "./rules/keys-lead-with-tenant.ts";
import { noViews } from "./rules/no-views.ts";
import { objectOwnership } from "./rules/object-ownership.ts";
import { oneTenantOnly } from "./rules/one-tenant-only.ts";
import { parameterGrants } from "./rules/parameter-grants.ts";
import { partitionsUnreachable } from "./rules/partitions-unreachable.ts";
import { platformTablesHidden } from "./rules/platform-tables-hidden.ts";
import { policiesExact } from "./rules/policies-exact.ts";
import { roleAttributes } from "./rules/role-attributes.ts";
import { roleMemberships } from "./rules/role-memberships.ts";
import { roleSettings } from "./rules/role-settings.ts";
import { rowSecurityForced } from "./rules/row-security-forced.ts";
import { schemaGrants } from "./rules/schema-grants.ts";
import { serverVersion } from "./rules/server-version.ts";
import { systemCatalogueClosed } from "./rules/system-catalogue-closed.ts";
import { tableGrants } from "./rules/table-grants.ts";
import { tenantColumn } from "./rules/tenant-column.ts";
import { tenantFunction } from "./rules/tenant-function.ts";
import { tenantSchemasPresent } from "./rules/tenant-schemas-present.ts";
import { tenantView } from "./rules/tenant-view.ts";
import { triggersKnown } from "./rules/triggers-known.ts";

/** Every rule, in the order of their ids. */
export const databaseRules: readonly DatabaseRule[] = Object.freeze([
  computedColumns,
  databaseGrants,
  defaultPrivileges,
  definerFunctions,
  extensionsHarmless,
  foreignKeysCarryTenant,
  functionGrants,
  keysLeadWithTenant,
  noViews,
  objectOwnership,
  oneTenantOnly,
  parameterGrants,
  partitionsUnreachable,
  platformTablesHidden,
  policiesExact,
  roleAttributes,
  roleMemberships,
  roleSettings,
  rowSecurityForced,
  schemaGrants,
  serverVersion,
  systemCatalogueClosed,
  tableGrants,
  tenantColumn,
  tenantFunction,
  tenantSchemasPresent,
  tenantView,
  triggersKnown,
]);

/** Judges whether the database keeps tenants apart: at least one verdict for each rule. */
export function auditCatalogue(
  catalogue: DatabaseCatalogue,
  expectations: DatabaseExpectations,
): readonly Verdict[] {
  return databaseRules.flatMap((rule) => judge(rule, catalogue.database, catalogue, expectations));
}

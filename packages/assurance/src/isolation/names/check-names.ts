import type { Shipment } from "../../artifacts/shipment.ts";
import { judge } from "../../rule.ts";
import type { ThemeResult } from "../../theme-result.ts";
import { namesMatrix } from "./names-matrix.ts";
import { namesModel } from "./names-model.ts";
import type { NamesRule } from "./names-rule.ts";
import { apartFromShared } from "./rules/apart-from-shared.ts";
import { holdsEnvironment } from "./rules/holds-environment.ts";
import { holdsTenantRule } from "./rules/holds-tenant.ts";
import { kindsKnown } from "./rules/kinds-known.ts";
import { oneOwner } from "./rules/one-owner.ts";
import { placementAsRuled } from "./rules/placement-as-ruled.ts";
import { prefixesApart } from "./rules/prefixes-apart.ts";
import { tenantsApart } from "./rules/tenants-apart.ts";
import { tenantsByName } from "./rules/tenants-by-name.ts";
import { withinLimits } from "./rules/within-limits.ts";

export const namesRules: readonly NamesRule[] = Object.freeze([
  kindsKnown,
  holdsTenantRule,
  tenantsApart,
  apartFromShared,
  oneOwner,
  holdsEnvironment,
  prefixesApart,
  withinLimits,
  placementAsRuled,
  tenantsByName,
]);

/**
 * Whether every name is one tenant's alone: for any two ids of the grammar in any two tiers, and for the tenants that are
 * placed.
 */
export function checkNames(shipment: Shipment): ThemeResult {
  const model = namesModel(shipment);
  return {
    theme: "names",
    verdicts: namesRules.flatMap((rule) => judge(rule, shipment.environment, model)),
    matrices: [namesMatrix(model)],
  };
}

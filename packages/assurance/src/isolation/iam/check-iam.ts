import type { Shipment } from "../../artifacts/shipment.ts";
import { judge } from "../../rule.ts";
import type { ThemeResult } from "../../theme-result.ts";
import type { IamRule } from "./iam-rule.ts";
import { reachMatrix } from "./matrix.ts";
import { readIam } from "./model/read-iam.ts";
import { boundariesHold } from "./rules/boundaries-hold.ts";
import { bucketsDenyOtherTenants } from "./rules/buckets-deny-other-tenants.ts";
import { keysConfined } from "./rules/keys-confined.ts";
import { ownAccessWorks } from "./rules/own-access-works.ts";
import { policiesParse } from "./rules/policies-parse.ts";
import { resourcePoliciesAdmitOwnTenantOnly } from "./rules/resource-policies-admit-own-tenant-only.ts";
import { rolesAssumedByServicesOnly } from "./rules/roles-assumed-by-services-only.ts";
import { rolesReachNoSharedData } from "./rules/roles-reach-no-shared-data.ts";
import {
  anyTwoTenantsApart,
  rolesNameOwnResources,
  rolesReachOwnTenantOnly,
} from "./rules/roles-reach-own-tenant-only.ts";
import { secretsReadByOwnerOnly } from "./rules/secrets-read-by-owner-only.ts";
import { sharedRolesByDesign } from "./rules/shared-roles-by-design.ts";
import { tagsNameTheirTenant } from "./rules/tags-name-their-tenant.ts";
import { tenantRolesChangeNoAccess } from "./rules/tenant-roles-change-no-access.ts";
import { surveyIam } from "./survey.ts";

/** Every rule, in the order of their ids. */
export const iamRules: readonly IamRule[] = Object.freeze([
  anyTwoTenantsApart,
  boundariesHold,
  bucketsDenyOtherTenants,
  keysConfined,
  ownAccessWorks,
  policiesParse,
  resourcePoliciesAdmitOwnTenantOnly,
  rolesAssumedByServicesOnly,
  rolesNameOwnResources,
  rolesReachNoSharedData,
  rolesReachOwnTenantOnly,
  secretsReadByOwnerOnly,
  sharedRolesByDesign,
  tagsNameTheirTenant,
  tenantRolesChangeNoAccess,
]);

/**
 * Judges whether IAM keeps tenants apart: for the tenants of the placement, and for any two that there may be. What a
 * request may bring is taken at its worst, so that no context is left in which one tenant's role is let in to another's.
 */
export function checkIam(shipment: Shipment): ThemeResult {
  const view = surveyIam(readIam(shipment));
  const subject = `${shipment.platform}/${shipment.environment}`;
  return {
    theme: "iam",
    verdicts: iamRules.flatMap((rule) => judge(rule, subject, view)),
    matrices: [reachMatrix(view)],
  };
}

import { notApplicable } from "../../../rule.ts";
import type { IamRule } from "../iam-rule.ts";

export const sharedRolesByDesign: IamRule = {
  id: "iam/shared-roles-by-design",
  why: "services that tenants share act for all of them, so that policies cannot keep tenants apart there",
  fix: "give the tier services and stores of its own where AWS must keep its tenants apart",
  judge: ({ model }) => {
    const { roles } = model.shared;
    return [
      notApplicable(
        "shared services",
        roles.length === 0
          ? "the platform has no roles of its own"
          : `${roles.length} roles of the platform act for every tenant by design; the runtime and row-level security keep tenants apart there, not IAM`,
      ),
    ];
  },
};

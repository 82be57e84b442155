import type { CodedError } from "@tenantry/base";
import { errors } from "@tenantry/toolkit";

const id = "iam/roles-reach-own-tenant-only@tenant/acme-corp/TaskRole";

/** One of each error that a check can end in. */
export const checkErrorExamples: readonly CodedError[] = [
  errors.TOOLKIT_ARTIFACTS_MISSING({ folder: "/home/ada/shop/build" }),
  errors.TOOLKIT_ARTIFACTS_UNREADABLE({
    path: "build/cloudformation/data.template.json",
    detail: "it is a link",
  }),
  errors.TOOLKIT_ARTIFACTS_ENVIRONMENT({ asked: "production", found: "staging" }),
  errors.TOOLKIT_BASELINE_MISSING({ path: "accepted.json" }),
  errors.TOOLKIT_BASELINE_HOME({ folder: "/home/ada" }),
  errors.TOOLKIT_ACCEPT_UNKNOWN({ id: "iam/roles@tenant", nearest: [] }),
  errors.TOOLKIT_ACCEPT_UNKNOWN({ id: id.slice(0, -1), nearest: [id] }),
  errors.TOOLKIT_ACCEPT_NOT_ACCEPTABLE({ id: "iam/check-completes@iam" }),
  errors.TOOLKIT_ACCEPT_UNTIL({ until: "next year", last: "2027-11-22" }),
  errors.TOOLKIT_DATABASE_URL({ reason: "it names no user" }),
  errors.TOOLKIT_DATABASE_NOT_RUNNING({ platform: "shop" }),
  errors.TOOLKIT_DATABASE_UNREADABLE({ detail: 'role "shop_owner" does not exist' }),
  errors.TOOLKIT_CHECK_FAILED({
    environment: "production",
    refuted: 1,
    unknown: 0,
    findings: [id],
    rules: ["iam/roles-reach-own-tenant-only"],
  }),
  errors.TOOLKIT_CHECK_STALE({ path: "build/cloudformation/manifest.json" }),
  errors.TOOLKIT_OVERRIDE_NEEDLESS({ rule: "iam/roles", open: ["iam/roles-reach-own-tenant-only"] }),
  errors.TOOLKIT_OVERRIDE_NEEDLESS({ rule: "iam/roles", open: [] }),
];

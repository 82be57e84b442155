import { isCodedError } from "@tenantry/base";

/** Codes of requests that were wrong; MODEL_ codes are all of that kind: the definition is. */
const wrongRequest: ReadonlySet<string> = new Set([
  "CLI_COMMAND_UNKNOWN",
  "CLI_COMMAND_INCOMPLETE",
  "CLI_OPTION_UNKNOWN",
  "CLI_OPTION_WITHOUT_VALUE",
  "CLI_OPTION_VALUE",
  "CLI_OPTION_MISSING",
  "CLI_OPTION_CONFLICT",
  "CLI_ARGUMENT_MISSING",
  "CLI_ARGUMENT_EXCESS",
  "CLI_CONFIRMATION_NEEDED",
  "TOOLKIT_NODE_TOO_OLD",
  "TOOLKIT_CONFIG_MISSING",
  "TOOLKIT_SEVERAL_RUNNING",
  "TOOLKIT_TENANT_ID_INVALID",
  "TOOLKIT_TENANT_ID_RESERVED",
  "TOOLKIT_TIER_UNKNOWN",
  "TOOLKIT_ROLE_UNKNOWN",
  "TOOLKIT_TTL_INVALID",
  "TOOLKIT_GRACE_INVALID",
  "TOOLKIT_EXPIRY_INVALID",
  "TOOLKIT_IMAGE_SERVICE_UNKNOWN",
  "TOOLKIT_IMAGE_TAG",
  "TOOLKIT_ARTIFACTS_MISSING",
  "TOOLKIT_ARTIFACTS_UNREADABLE",
  "TOOLKIT_ARTIFACTS_ENVIRONMENT",
  "TOOLKIT_BASELINE_MISSING",
  "TOOLKIT_BASELINE_HOME",
  "TOOLKIT_ACCEPT_UNKNOWN",
  "TOOLKIT_ACCEPT_NOT_ACCEPTABLE",
  "TOOLKIT_ACCEPT_UNTIL",
  "TOOLKIT_DATABASE_URL",
  "TOOLKIT_OVERRIDE_NEEDLESS",
  "ASSURANCE_BASELINE_SYNTAX",
  "ASSURANCE_BASELINE_INVALID",
  "ASSURANCE_BASELINE_TWICE",
]);

/** 2 where the request was wrong (usage, definition), 1 where a check or the operation failed. */
export function exitStatusOf(error: unknown): 1 | 2 {
  if (!isCodedError(error)) return 1;
  const isOfDefinition = error.code.startsWith("MODEL_") || error.code.startsWith("TOOLKIT_DEFINITION_");
  return isOfDefinition || wrongRequest.has(error.code) ? 2 : 1;
}

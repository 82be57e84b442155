import type { PostureRule } from "./posture-rule.ts";
import { allowGuardsAbsentKeys } from "./rules/allow-guards-absent-keys.ts";
import { auditAsAsked } from "./rules/audit-as-asked.ts";
import { bucketsClosed } from "./rules/buckets-closed.ts";
import { bucketsRequireTls } from "./rules/buckets-require-tls.ts";
import { cidrsValid } from "./rules/cidrs-valid.ts";
import { containersUnprivileged } from "./rules/containers-unprivileged.ts";
import { databasesRequireTls } from "./rules/databases-require-tls.ts";
import { deletionProtected } from "./rules/deletion-protected.ts";
import { firewallAsAsked } from "./rules/firewall-as-asked.ts";
import { healthChecked } from "./rules/health-checked.ts";
import { imagesPinned } from "./rules/images-pinned.ts";
import { instancesUseImdsv2 } from "./rules/instances-use-imdsv2.ts";
import { keysRotate } from "./rules/keys-rotate.ts";
import { listenersUseTls } from "./rules/listeners-use-tls.ts";
import { loadBalancersHardened } from "./rules/load-balancers-hardened.ts";
import { logsRetained } from "./rules/logs-retained.ts";
import { noLongLivedKeys } from "./rules/no-long-lived-keys.ts";
import { noPlaintextSecrets } from "./rules/no-plaintext-secrets.ts";
import { noShellIntoContainers } from "./rules/no-shell-into-containers.ts";
import { noUnlimitedPower } from "./rules/no-unlimited-power.ts";
import { noWildcardPrincipals } from "./rules/no-wildcard-principals.ts";
import { policiesReadable } from "./rules/policies-readable.ts";
import { policyConditionsExact } from "./rules/policy-conditions-exact.ts";
import { policyEffectsExact } from "./rules/policy-effects-exact.ts";
import { registriesHoldStill } from "./rules/registries-hold-still.ts";
import { secretsRotate } from "./rules/secrets-rotate.ts";
import { stacksTerminationProtected } from "./rules/stacks-termination-protected.ts";
import { storesBackedUp } from "./rules/stores-backed-up.ts";
import { storesEncrypted } from "./rules/stores-encrypted.ts";
import { storesKept } from "./rules/stores-kept.ts";
import { storesNotPublic } from "./rules/stores-not-public.ts";
import { subnetsApart } from "./rules/subnets-apart.ts";
import { tagsComplete } from "./rules/tags-complete.ts";
import { tlsModern } from "./rules/tls-modern.ts";
import { zonesAsAsked } from "./rules/zones-as-asked.ts";

/** What AWS's validator and cdk-nag do not see, and what is held against the definition. */
export const postureRules: readonly PostureRule[] = [
  policiesReadable,
  policyEffectsExact,
  policyConditionsExact,
  allowGuardsAbsentKeys,
  noWildcardPrincipals,
  noUnlimitedPower,
  noLongLivedKeys,
  noPlaintextSecrets,
  secretsRotate,
  cidrsValid,
  subnetsApart,
  bucketsClosed,
  bucketsRequireTls,
  storesNotPublic,
  storesEncrypted,
  storesKept,
  deletionProtected,
  stacksTerminationProtected,
  storesBackedUp,
  keysRotate,
  listenersUseTls,
  tlsModern,
  databasesRequireTls,
  loadBalancersHardened,
  firewallAsAsked,
  auditAsAsked,
  logsRetained,
  imagesPinned,
  registriesHoldStill,
  containersUnprivileged,
  noShellIntoContainers,
  instancesUseImdsv2,
  healthChecked,
  zonesAsAsked,
  tagsComplete,
];

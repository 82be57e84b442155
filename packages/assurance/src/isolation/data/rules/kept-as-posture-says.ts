import type { Resource } from "../../../artifacts/shipment.ts";
import { notApplicable, refuted } from "../../../rule.ts";
import { deletionProtected } from "../../../posture/rules/deletion-protected.ts";
import { bucketsClosed } from "../../../posture/rules/buckets-closed.ts";
import { bucketsRequireTls } from "../../../posture/rules/buckets-require-tls.ts";
import { databasesRequireTls } from "../../../posture/rules/databases-require-tls.ts";
import { noPlaintextSecrets } from "../../../posture/rules/no-plaintext-secrets.ts";
import { noWildcardPrincipals } from "../../../posture/rules/no-wildcard-principals.ts";
import { storesEncrypted } from "../../../posture/rules/stores-encrypted.ts";
import { storesNotPublic } from "../../../posture/rules/stores-not-public.ts";
import { statefulTypes } from "../../../posture/stateful-types.ts";
import { platformRule, storesRule } from "../data-rule.ts";

export const bucketsNotPublic = storesRule(
  {
    id: "data/buckets-not-public",
    why: "what is public is every other tenant's to read, and everybody else's",
    fix: "block all public access of the bucket",
  },
  bucketsClosed,
);

export const notPublic = storesRule(
  {
    id: "data/stores-not-public",
    why: "a database, a topic or a queue that answers everybody answers every tenant",
    fix: "keep databases in private subnets, and name the principals in policies of topics, queues, keys and secrets",
  },
  storesNotPublic,
  noWildcardPrincipals,
);

export const encrypted = storesRule(
  {
    id: "data/stores-encrypted",
    why: "who gets at a disk or a copy of it reads every tenant's data",
    fix: "turn encryption on, with the environment's key for the store",
  },
  storesEncrypted,
);

export const tlsForced = storesRule(
  {
    id: "data/tls-forced",
    why: "tenants share the network: what crosses it in plain text may be read beside it",
    fix: "deny plain HTTP on buckets, and force TLS in the parameters of databases and caches",
  },
  bucketsRequireTls,
  databasesRequireTls,
);

export const secretsHidden = storesRule(
  {
    id: "data/secrets-not-in-plain-text",
    why: "whoever may read a task definition or a template reads the secret",
    fix: "hand it over as a secret of the container, from Secrets Manager",
  },
  noPlaintextSecrets,
);

export const protectedFromDeletion = storesRule(
  {
    id: "data/deletion-protected",
    why: "one call deletes a tenant's database that is not protected",
    fix: 'set DeletionProtection, or say dataProtection: "disposable" where data may go',
  },
  deletionProtected,
);

export const storesRetained = platformRule({
  id: "data/stores-retained",
  why: "CloudFormation deletes a store with its stack, and a tenant's data with it",
  fix: 'set the DeletionPolicy to RetainExceptOnCreate or Snapshot, or say dataProtection: "disposable" where data may go',
  judge: ({ posture, shipment }) => {
    if (!posture.isProtected)
      return [notApplicable(shipment.environment, 'the environment says dataProtection: "disposable"')];
    return posture.resources
      .filter(holdsData)
      .filter(
        ({ type, deletionPolicy }) => !(statefulTypes[type] ?? []).some((kept) => kept === deletionPolicy),
      )
      .map(({ key, deletionPolicy }) =>
        refuted(key, `its DeletionPolicy is ${deletionPolicy ?? "missing"}: it goes with its stack`),
      );
  },
});

/** An instance of a cluster and a replica hold nothing of their own; which secrets can be made again is judged with posture. */
function holdsData({ type, properties }: Resource): boolean {
  if (!Object.hasOwn(statefulTypes, type) || type === "AWS::SecretsManager::Secret") return false;
  const follows = ["DBClusterIdentifier", "SourceDBInstanceIdentifier"].some(
    (field) => properties[field] !== undefined,
  );
  return !type.endsWith("::DBInstance") || !follows;
}

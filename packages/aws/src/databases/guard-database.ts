import type { Construct } from "constructs";
import { MasterCredentials, masterUsername } from "../secrets/master-credentials.ts";
import type { DatabasePlace, DocumentStore, PostgresStore } from "./database.ts";
import { StoreSecurityGroups } from "./store-security-groups.ts";

type Place = DatabasePlace & { readonly store: PostgresStore | DocumentStore };

/** What stands before every database: who may connect, and its administrator, whom a follower has from another region. */
export function guardDatabase(
  scope: Construct,
  props: Place,
): { readonly groups: StoreSecurityGroups; readonly credentials: MasterCredentials | null } {
  const { store, origin } = props;
  const groups = new StoreSecurityGroups(scope, "Network", {
    vpcId: props.vpcId,
    what: `the database ${store.name}`,
    port: store.port,
  });
  const credentials =
    origin.kind === "follower"
      ? null
      : new MasterCredentials(scope, "Master", {
          origin,
          identifier: props.identifier,
          dataProtection: props.dataProtection,
          rotationDays: store.credentials.rotationDays,
        });
  return { groups, credentials };
}

/** The administrator of a database that begins empty. */
export function masterOf(credentials: MasterCredentials | null) {
  return credentials === null ? {} : { masterUsername, masterUserPassword: credentials.secret.reference() };
}

/** How the data are kept, which RDS and DocumentDB say alike. */
export function keepingOf({ store, keyArn, dataProtection }: Place) {
  return {
    storageEncrypted: true,
    ...(keyArn === null ? {} : { kmsKeyId: keyArn }),
    backupRetentionPeriod: store.backups.retentionDays,
    preferredBackupWindow: store.backups.window,
    copyTagsToSnapshot: true,
    deletionProtection: dataProtection === "protected",
  };
}

import type { CfnResource } from "aws-cdk-lib";
import { Construct } from "constructs";
import type { DocumentStore, PostgresStore } from "../databases/database.ts";
import { acknowledge } from "../stack/acknowledge.ts";
import { DatabaseSecret, type DatabaseSecretProps } from "./database-secret.ts";
import { rotateUser } from "./hosted-rotation.ts";

export interface UserSecretProps extends Omit<DatabaseSecretProps, "content" | "generated"> {
  readonly username: string;
  /** The database that the user is of. */
  readonly store: PostgresStore | DocumentStore;
  readonly host: string;
  /** ARN of the function that rotates secrets of the database; used where the store's `rotationDays` is set. */
  readonly rotationFunctionArn: string;
  /** What makes that function, where it is in the same stack. */
  readonly after: readonly CfnResource[];
}

/** The user of services that tenants share. */
export const applicationUsername = "application";

/** The credentials of one user of a database, with its address, in the form that AWS's functions for rotation read. */
export class UserSecret extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: UserSecretProps) {
    super(scope, id);
    const { store, host, username } = props;
    const secret = new DatabaseSecret(this, "Secret", {
      ...props,
      content:
        store.kind === "postgres"
          ? { engine: "postgres", host, port: store.port, dbname: store.database, username }
          : { engine: "mongo", host, port: store.port, ssl: store.tls === "required", username },
    });
    this.arn = secret.arn;
    const days = store.credentials.rotationDays;
    if (days === null) {
      acknowledge(secret.resource, "AwsSolutions-SMG4", "The definition sets rotationDays to null.");
      return;
    }
    const schedule = rotateUser(this, "Rotation", {
      secretArn: secret.arn,
      functionArn: props.rotationFunctionArn,
      days,
    });
    for (const resource of props.after) schedule.addResourceDependency(resource);
  }
}

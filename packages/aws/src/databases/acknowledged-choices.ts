import type { CfnResource } from "aws-cdk-lib";
import { acknowledge } from "../stack/acknowledge.ts";
import type { PostgresStore } from "./database.ts";

/** What checks of AWS's practices ask of every database, and this definition decided. */
export function acknowledgeChoices(resource: CfnResource, store: PostgresStore, isProtected: boolean): void {
  if (!store.iamAuthentication)
    acknowledge(resource, "AwsSolutions-RDS6", "Users log in by passwords in Secrets Manager over TLS.");
  if (!isProtected)
    acknowledge(resource, "AwsSolutions-RDS10", "The environment is disposable: all in it may be destroyed.");
  if (store.port === 5432)
    acknowledge(
      resource,
      "AwsSolutions-RDS11",
      "Only carriers of the client security group reach the port, whichever it is.",
    );
}

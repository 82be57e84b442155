import type { Platform } from "@tenantry/model";
import type { CfnResource } from "aws-cdk-lib";
import { CfnSecretTargetAttachment } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import type { DatabaseOrigin } from "../databases/database.ts";
import { acknowledge } from "../stack/acknowledge.ts";
import { DatabaseSecret } from "./database-secret.ts";
import { HostedRotation, type HostedRotationProps } from "./hosted-rotation.ts";

type NewOrigin = Extract<DatabaseOrigin, { kind: "new" }>;

export interface MasterCredentialsProps {
  readonly origin: NewOrigin;
  readonly identifier: string;
  readonly dataProtection: Platform["dataProtection"];
  /** Days between two rotations; null never rotates. */
  readonly rotationDays: number | null;
}

/** Letters only: DocumentDB takes no underscore, and RDS keeps "admin" and "postgres" for itself in places. */
export const masterUsername = "platformmaster";

/** User and password of a database's administrator, for provisioning only; no service is given them. */
export class MasterCredentials extends Construct {
  readonly secret: DatabaseSecret;
  readonly #props: MasterCredentialsProps;

  constructor(scope: Construct, id: string, props: MasterCredentialsProps) {
    super(scope, id);
    this.#props = props;
    this.secret = new DatabaseSecret(this, "Secret", {
      ...props.origin.masterSecret,
      description: `Administrator of the database ${props.identifier}`,
      dataProtection: props.dataProtection,
      content: { username: masterUsername },
    });
    if (props.rotationDays === null)
      acknowledge(this.secret.resource, "AwsSolutions-SMG4", "The definition sets rotationDays to null.");
  }

  /** Writes the address of the database into the secret, and has it rotated. Returns what makes the function for that. */
  attach(
    target: { readonly id: string; readonly type: string },
    rotation: Pick<HostedRotationProps, "type" | "vpcId" | "clientSecurityGroup" | "after">,
  ): readonly CfnResource[] {
    const { origin, rotationDays } = this.#props;
    const attachment = new CfnSecretTargetAttachment(this, "Attachment", {
      secretId: this.secret.arn,
      targetId: target.id,
      targetType: target.type,
    });
    if (rotationDays === null) return [];
    const after: readonly CfnResource[] = [attachment, ...rotation.after];
    const { schedule } = new HostedRotation(this, "Rotation", {
      ...rotation,
      ...origin.rotation,
      after,
      secretArn: this.secret.arn,
      keyArn: origin.masterSecret.keyArn,
      days: rotationDays,
    });
    return [schedule];
  }
}

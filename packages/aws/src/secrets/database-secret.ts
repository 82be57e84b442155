import type { Platform } from "@tenantry/model";
import { type CfnResource, Stack } from "aws-cdk-lib";
import { CfnSecret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import { protectData } from "../stack/data-protection.ts";

/** Where a secret is copied to. */
export interface SecretReplica {
  readonly region: string;
  /** ARN of a key of that region; null takes AWS's own. */
  readonly keyArn: string | null;
}

export interface DatabaseSecretProps {
  readonly name: string;
  readonly description: string;
  /** ARN of the key; null takes AWS's own. */
  readonly keyArn: string | null;
  readonly replicas: readonly SecretReplica[];
  readonly dataProtection: Platform["dataProtection"];
  /** What stands beside what is generated, such as user and host; may hold tokens. */
  readonly content: Readonly<Record<string, string | number | boolean>>;
  /** The field that is generated. Default "password". */
  readonly generated?: string;
}

/**
 * What needs quoting in a shell, a URL or SQL: forty letters and digits are 238 bits without it. The hyphen stays, which
 * every engine takes: a password gets a character of each kind, and of punctuation there has to be one.
 */
export const excludedCharacters = "!\"#$%&'()*+,./:;<=>?@[\\]^_`{|}~";
const passwordLength = 40;

/** Credentials that Secrets Manager makes up; nobody has seen them, and no template holds them. */
export class DatabaseSecret extends Construct {
  readonly arn: string;
  readonly resource: CfnResource;
  readonly #generated: string;

  constructor(scope: Construct, id: string, props: DatabaseSecretProps) {
    super(scope, id);
    this.#generated = props.generated ?? "password";
    const secret = new CfnSecret(this, "Resource", {
      name: props.name,
      description: props.description,
      ...(props.keyArn === null ? {} : { kmsKeyId: props.keyArn }),
      generateSecretString: {
        secretStringTemplate: Stack.of(this).toJsonString(props.content),
        generateStringKey: this.#generated,
        passwordLength,
        excludeCharacters: excludedCharacters,
      },
      ...(props.replicas.length === 0
        ? {}
        : {
            replicaRegions: props.replicas.map(({ region, keyArn }) => ({
              region,
              ...(keyArn === null ? {} : { kmsKeyId: keyArn }),
            })),
          }),
    });
    protectData(secret, props.dataProtection, "retain");
    this.resource = secret;
    this.arn = secret.ref;
  }

  /** For a property of a resource: CloudFormation puts the value there, and shows it nowhere. */
  reference(): string {
    return `{{resolve:secretsmanager:${this.arn}:SecretString:${this.#generated}}}`;
  }
}

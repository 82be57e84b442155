import { assert } from "@tenantry/base";
import type { Platform } from "@tenantry/model";
import { Stack } from "aws-cdk-lib";
import { CfnAlias, CfnKey } from "aws-cdk-lib/aws-kms";
import { Construct } from "constructs";
import { protectData } from "../stack/data-protection.ts";
import type { KeyPurpose } from "../stack/stack-values.ts";
import { keyPolicy, type KeyUse } from "./key-policy.ts";

export interface KeysProps {
  /** Begins aliases and descriptions, such as "shop/production". */
  readonly name: string;
  /** What is encrypted, each with the services that use the key by themselves. */
  readonly purposes: ReadonlyMap<KeyPurpose, readonly KeyUse[]>;
  /** "per-environment" makes one key for all purposes, "per-store" one for each. */
  readonly scope: Platform["encryption"]["scope"];
  /** Days between two automatic rotations, 90 to 2560. */
  readonly rotationDays: number;
  /** Days that a deleted key can be brought back, 7 to 30. */
  readonly deletionWindowDays: number;
  readonly dataProtection: Platform["dataProtection"];
}

/** Customer-managed KMS keys, each with the alias `alias/{name}/{purpose}`. */
export class Keys extends Construct {
  /** The ARN of the key for each purpose. */
  readonly arns: ReadonlyMap<KeyPurpose, string>;
  readonly #props: KeysProps;

  constructor(scope: Construct, id: string, props: KeysProps) {
    super(scope, id);
    this.#props = props;
    const shared = props.scope === "per-environment" ? this.#sharedKey() : null;
    const arns = new Map<KeyPurpose, string>();
    for (const [purpose, uses] of props.purposes) {
      const key = shared ?? this.#key(purpose, `Encrypts ${purpose} of ${props.name}.`, uses);
      // With one key for all, each purpose still has its alias, so that who goes by the alias need not know.
      new CfnAlias(this, `${purpose}-Alias`, {
        aliasName: `alias/${props.name}/${purpose}`,
        targetKeyId: key.attrKeyId,
      });
      arns.set(purpose, key.attrArn);
    }
    this.arns = arns;
  }

  /** The ARN of the key for a purpose that was asked for. */
  arn(purpose: KeyPurpose): string {
    const arn = this.arns.get(purpose);
    assert(arn !== undefined, `there is no key for ${purpose}`);
    return arn;
  }

  #sharedKey(): CfnKey {
    const uses = new Set([...this.#props.purposes.values()].flat());
    return this.#key("Environment", `Encrypts ${this.#props.name}.`, [...uses].sort());
  }

  #key(id: string, description: string, uses: readonly KeyUse[]): CfnKey {
    const { account, partition, region } = Stack.of(this);
    const key = new CfnKey(this, id, {
      description,
      enableKeyRotation: true,
      rotationPeriodInDays: this.#props.rotationDays,
      pendingWindowInDays: this.#props.deletionWindowDays,
      keyPolicy: keyPolicy(uses, { account, partition, region }),
    });
    // Without its key, data that is kept is lost.
    protectData(key, this.#props.dataProtection, "retain");
    return key;
  }
}

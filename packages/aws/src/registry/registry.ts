import type { Platform } from "@tenantry/model";
import { Stack } from "aws-cdk-lib";
import { CfnRepository } from "aws-cdk-lib/aws-ecr";
import { Construct } from "constructs";
import { policyDocument } from "../policy/policy-document.ts";
import { protectData } from "../stack/data-protection.ts";

export interface RegistryProps {
  /** Begins the names of the repositories, such as "shop/production". */
  readonly name: string;
  /** Paths of repositories below the name, such as "web". */
  readonly repositories: readonly string[];
  readonly settings: Platform["delivery"]["registry"];
  /** Days that an image stays after its tag was taken from it. Default 14. */
  readonly untaggedDays?: number;
  /** ARN of the KMS key that encrypts the images; null for AES-256 by ECR. */
  readonly key: string | null;
  readonly dataProtection: Platform["dataProtection"];
}

/**
 * ECR repositories. Each region has its own, and a release pushes to the one of each region before it deploys to either.
 *
 * There is no replication by ECR: its configuration is one for a whole account and region, so two environments in one
 * account would overwrite each other's, and whichever was deleted first would end it for both. Pushing twice also says
 * at once whether both regions have the image, where replication says nothing until it is needed.
 */
export class Registry extends Construct {
  /** The URI of each repository, without a tag, by its path. */
  readonly uris: ReadonlyMap<string, string>;

  constructor(scope: Construct, id: string, props: RegistryProps) {
    super(scope, id);
    const { settings, key } = props;
    const uris = new Map<string, string>();
    for (const path of props.repositories) {
      const repository = new CfnRepository(this, path, {
        repositoryName: `${props.name}/${path}`,
        imageTagMutability: settings.immutableTags ? "IMMUTABLE" : "MUTABLE",
        imageScanningConfiguration: { scanOnPush: settings.scanOnPush },
        encryptionConfiguration:
          key === null ? { encryptionType: "AES256" } : { encryptionType: "KMS", kmsKey: key },
        lifecyclePolicy: {
          lifecyclePolicyText: JSON.stringify(lifecycle(settings.imagesMax, props.untaggedDays ?? 14)),
        },
        repositoryPolicyText: ownAccountOnly(Stack.of(this).account),
        emptyOnDelete: props.dataProtection === "disposable",
      });
      protectData(repository, props.dataProtection, "retain");
      uris.set(path, repository.attrRepositoryUri);
    }
    this.uris = uris;
  }
}

/** The path of the repository of an image "{registry}/path:tag@digest"; null where the image is of another registry. */
export function repositoryOf(image: string | null): string | null {
  return /^\{registry\}\/([^:@]+)/.exec(image ?? "")?.[1] ?? null;
}

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html */
function lifecycle(imagesMax: number, untaggedDays: number) {
  const expire = { type: "expire" };
  return {
    rules: [
      {
        rulePriority: 1,
        description: `Without a tag for ${untaggedDays} days`,
        selection: {
          tagStatus: "untagged",
          countType: "sinceImagePushed",
          countUnit: "days",
          countNumber: untaggedDays,
        },
        action: expire,
      },
      {
        rulePriority: 2,
        description: `All but the newest ${imagesMax}`,
        selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: imagesMax },
        action: expire,
      },
    ],
  };
}

/** IAM decides who of the account pulls and pushes; nobody else does, whatever their own account lets them. */
function ownAccountOnly(account: string) {
  return policyDocument({
    Sid: "DenyOtherAccounts",
    Effect: "Deny",
    Principal: "*",
    Action: "ecr:*",
    Condition: {
      StringNotEquals: { "aws:PrincipalAccount": account },
      // A service of AWS that pulls for us, such as Lambda, has no account of ours.
      Bool: { "aws:PrincipalIsAWSService": "false" },
    },
  });
}

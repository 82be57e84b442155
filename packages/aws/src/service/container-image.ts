import { Aws, Fn } from "aws-cdk-lib";
import type { Statement } from "../policy/policy-document.ts";

export interface ContainerImage {
  /** What the task definition names. */
  readonly image: string;
  /** What the execution role needs to pull it. */
  readonly statements: readonly Statement[];
}

/** An image that somebody else keeps, pulled without credentials. */
export function foreignImage(image: string): ContainerImage {
  return { image, statements: [] };
}

/**
 * An image of the platform's own registry (ECR).
 *
 * @param repositoryUri without a tag, such as 111122223333.dkr.ecr.us-east-1.amazonaws.com/shop/web; may be a token
 * @param version begins with ":" or "@"; empty for the newest
 */
export function ownImage(repositoryUri: string, version: string): ContainerImage {
  const repository = Fn.select(1, Fn.split(".amazonaws.com/", repositoryUri));
  return {
    image: `${repositoryUri}${version}`,
    statements: [
      {
        Sid: "SignInToRegistry",
        Effect: "Allow",
        Action: "ecr:GetAuthorizationToken",
        // It is about the account's registry as a whole; AWS has no resource for it.
        Resource: "*",
      },
      {
        Sid: "PullImage",
        Effect: "Allow",
        Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        Resource: `arn:${Aws.PARTITION}:ecr:${Aws.REGION}:${Aws.ACCOUNT_ID}:repository/${repository}`,
      },
    ],
  };
}

/** What stands behind the name: tag, digest or both; empty for none. */
export function versionOf(image: string): string {
  return /(:[\w][\w.-]*)?(@sha256:[0-9a-f]{64})?$/.exec(image.slice(image.lastIndexOf("/") + 1))?.[0] ?? "";
}

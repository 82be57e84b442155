import { type PolicyDocument, policyDocument } from "../policy/policy-document.ts";

/**
 * Services of which only resources of this account are used. The others hand out what belongs to AWS or to nobody: images of
 * agents (ecr), documents and parameters of Systems Manager, machine images (ec2), layers (lambda), metrics and traces.
 */
const ownResourcesOnly: readonly string[] = ["dynamodb", "kms", "logs", "s3", "secretsmanager", "sns", "sqs"];

/**
 * What may pass a VPC endpoint: callers of this account, and where that is possible only to what belongs to this account, so
 * that stolen credentials of another account cannot carry data out.
 *
 * Two doors stay open, as nothing would start without them. The layers of images in ECR are in a bucket of AWS and are
 * fetched by a signed address whose signer is AWS. AssumeRoleWithWebIdentity of STS has no caller's account.
 */
export function endpointPolicy(
  service: string,
  place: { readonly account: string; readonly region: string; readonly partition: string },
): PolicyDocument {
  if (service === "sts")
    return policyDocument({ Effect: "Allow", Principal: "*", Action: "*", Resource: "*" });
  const own = policyDocument({
    Sid: "OwnAccount",
    Effect: "Allow",
    Principal: "*",
    Action: "*",
    Resource: "*",
    Condition: {
      StringEquals: {
        "aws:PrincipalAccount": place.account,
        ...(ownResourcesOnly.includes(service) ? { "aws:ResourceAccount": place.account } : {}),
      },
    },
  });
  if (service !== "s3") return own;
  return policyDocument(...own.Statement, {
    Sid: "ImageLayers",
    Effect: "Allow",
    Principal: "*",
    Action: "s3:GetObject",
    // https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html#ecr-setting-up-s3-gateway
    Resource: `arn:${place.partition}:s3:::prod-${place.region}-starport-layer-bucket/*`,
  });
}

/** An image as a task definition names it, when it is in ECR. */
export interface EcrImage {
  readonly account: string;
  readonly region: string;
  readonly repository: string;
  /** A tag, or sha256:…. */
  readonly version: string;
}

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html */
const ecr =
  /^(?<account>\d{12})\.dkr\.ecr(?:-fips)?\.(?<region>[a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws)\/(?<repository>[a-z0-9._/-]+?)(?:[:@](?<version>[\w.:-]+))?$/;

/** Null for an image of another registry. */
export function ecrImage(image: string): EcrImage | null {
  const { account, region, repository, version = "latest" } = ecr.exec(image)?.groups ?? {};
  if (account === undefined || region === undefined || repository === undefined) return null;
  return { account, region, repository, version };
}

/** Whether an image names no version, or one that moves. */
export function hasMovingTag(image: string): boolean {
  const last = image.split("/").at(-1) ?? "";
  return !last.includes("@") && (!last.includes(":") || last.endsWith(":latest"));
}

/**
 * The secret of a reference in a task definition, without the key and version that may follow it
 * (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html).
 * Null for a parameter of Systems Manager.
 */
export function secretOf(reference: string): string | null {
  const parts = reference.split(":");
  return parts[2] === "secretsmanager" && parts[5] === "secret" ? parts.slice(0, 7).join(":") : null;
}

/** The name in the ARN of a role, without its path. */
export function roleNameOf(arn: string): string {
  return arn.split("/").at(-1) ?? arn;
}

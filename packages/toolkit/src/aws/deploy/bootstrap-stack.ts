import type { AssemblyManifest } from "@tenantry/aws";
import { stableJson } from "@tenantry/base";
import { digestOf } from "../assembly/read-assembly.ts";
import { stackTags, type StackTarget } from "../assembly/stack-targets.ts";
import type { Template } from "../assembly/template.ts";
import type { TemplateSource } from "../cloud/cloud.ts";
import { tagsWhenDone } from "../plan/deployed-stacks.ts";
import { applyStack } from "./apply-stack.ts";
import type { DeploymentContext } from "./deployment-context.ts";

/** CloudFormation takes larger templates from a bucket only. */
const bodySizeBytesMax = 51_200;

const bucketArn = { "Fn::GetAtt": ["Bucket", "Arn"] };

/** One bucket for templates that are too large to be sent: versioned, private, reached over TLS only. */
const template = {
  AWSTemplateFormatVersion: "2010-09-09",
  Description: "The bucket through which Tenantry hands large templates to CloudFormation.",
  Resources: {
    Bucket: {
      Type: "AWS::S3::Bucket",
      Properties: {
        VersioningConfiguration: { Status: "Enabled" },
        OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
        },
        LifecycleConfiguration: {
          Rules: [
            {
              Id: "old-templates",
              Status: "Enabled",
              ExpirationInDays: 90,
              NoncurrentVersionExpiration: { NoncurrentDays: 30 },
              AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
            },
          ],
        },
      },
    },
    BucketPolicy: {
      Type: "AWS::S3::BucketPolicy",
      Properties: {
        Bucket: { Ref: "Bucket" },
        PolicyDocument: {
          Version: "2012-10-17",
          Statement: [
            {
              Sid: "TlsOnly",
              Effect: "Deny",
              Principal: "*",
              Action: "s3:*",
              Resource: [bucketArn, { "Fn::Join": ["", [bucketArn, "/*"]] }],
              Condition: { Bool: { "aws:SecureTransport": "false" } },
            },
          ],
        },
      },
    },
  },
  Outputs: { BucketName: { Value: { Ref: "Bucket" } } },
};

export function bootstrapStackName({
  platform,
  environment,
}: Pick<AssemblyManifest, "platform" | "environment">): string {
  return `tenantry-${platform}-${environment}`;
}

/** Hands templates to CloudFormation; makes the bucket of a region when the first one needs it. */
export class TemplateUploads {
  readonly #context: DeploymentContext;
  readonly #buckets = new Map<string, Promise<string>>();
  readonly #uploads = new Map<string, Promise<TemplateSource>>();

  constructor(context: DeploymentContext) {
    this.#context = context;
  }

  /** The template as CloudFormation can take it. */
  async sourceOf({ template: { body }, templateSha256, region }: StackTarget): Promise<TemplateSource> {
    if (Buffer.byteLength(body) <= bodySizeBytesMax) return { kind: "body", body };
    const key = `${region} ${templateSha256}`;
    let upload = this.#uploads.get(key);
    if (upload === undefined) {
      upload = this.#upload(region, `templates/${templateSha256}.json`, body);
      this.#uploads.set(key, upload);
    }
    return upload;
  }

  async #upload(region: string, key: string, body: string): Promise<TemplateSource> {
    let bucket = this.#buckets.get(region);
    if (bucket === undefined) {
      bucket = this.#bootstrap(region);
      this.#buckets.set(region, bucket);
    }
    await this.#context.cloud.region(region).buckets.put(await bucket, key, body);
    const suffix = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
    return { kind: "url", url: `https://${await bucket}.s3.${region}.${suffix}/${key}` };
  }

  async #bootstrap(region: string): Promise<string> {
    const target = bootstrapTarget(region, this.#context.owner);
    const parametersDigest = "none";
    const request = {
      target,
      template: { kind: "body", body: target.template.body },
      parameters: {},
      tags: tagsWhenDone(target, parametersDigest),
    } as const;
    const options = { parametersDigest, isForced: false, isLive: true };
    const { stack } = await applyStack(request, options, this.#context);
    return stack.outputs["BucketName"] ?? "";
  }
}

function bootstrapTarget(region: string, owner: DeploymentContext["owner"]): StackTarget {
  const body = stableJson(template);
  return {
    id: "bootstrap",
    stackName: bootstrapStackName(owner),
    role: "primary",
    region,
    area: "bootstrap",
    tenant: null,
    tier: null,
    cell: null,
    templateSha256: digestOf(body),
    template: { body, content: template as unknown as Template },
    capabilities: [],
    terminationProtection: false,
    dependsOn: [],
    parameters: {},
    sources: {},
    tags: {
      [stackTags.platform]: owner.platform,
      [stackTags.environment]: owner.environment,
      [stackTags.stack]: "bootstrap",
    },
  };
}

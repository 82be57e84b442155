// Goal: a name that somebody has stops a deployment before it begins.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readAssembly } from "../../src/aws/assembly/read-assembly.ts";
import { planDeployment } from "../../src/aws/plan/plan-deployment.ts";
import { memoryCloud } from "./memory-cloud.ts";
import { writeAssembly } from "./test-assembly.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tenantry-buckets-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const ownTags = {
  "tenantry:platform": "saas",
  "tenantry:environment": "production",
  "tenantry:stack": "data",
};

describe("a bucket that a stack would make", () => {
  const name = { "Fn::Join": ["-", ["saas", { Ref: "Tenant" }, { Ref: "AWS::AccountId" }]] };
  const template = {
    Parameters: { Tenant: { Type: "String" } },
    Resources: { Files: { Type: "AWS::S3::Bucket", Properties: { BucketName: name } } },
  };
  const parameters = { Tenant: { kind: "literal", value: "acme-corp" } };
  const stack = { id: "data", parameters, template };
  const obstacles = async (cloud: Parameters<typeof memoryCloud>[0]) => {
    const assembly = await readAssembly(await writeAssembly(folder, { platform: "saas", stacks: [stack] }));
    return (await planDeployment(assembly, memoryCloud(cloud))).obstacles;
  };

  it("is in the way where somebody has its name, before anything is changed", async () => {
    const [obstacle, ...others] = await obstacles({ takenBuckets: ["saas-acme-corp-123456789012"] });
    expect(others).toEqual([]);
    expect(obstacle).toEqual({
      stackName: "saas-production-data",
      region: "us-east-1",
      kind: "name-taken",
      detail: "there is a bucket saas-acme-corp-123456789012 already, in this account or another",
    });
  });

  it("is not where the name is free, or the bucket is the stack's own", async () => {
    expect(await obstacles({ takenBuckets: ["saas-acme-corp"] })).toEqual([]);
    const own = { name: "saas-production-data", tags: ownTags, template };
    expect(await obstacles({ takenBuckets: ["saas-acme-corp-123456789012"], stacks: [own] })).toEqual([]);
  });
});

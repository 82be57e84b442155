// Goal: staging is the small sibling of production that the document draws, and a second deployment finds nothing to do.
import { DescribeReplicationGroupsCommand, ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { DescribeDBInstancesCommand, RDSClient } from "@aws-sdk/client-rds";
import { type DeployResult } from "@tenantry/toolkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { artifactsFolder, type EmulatedAccount, emulator } from "../../test/aws/deployed-environment.ts";
import { deployPlatform, first, type Folder, preparedAccount, zonesOf } from "./deploy-platform.ts";

describe.skipIf(emulator === null)("saas-management in staging, deployed", () => {
  const region = "us-east-2";
  let account: EmulatedAccount;
  let folder: Folder;
  let outputs: DeployResult["outputs"];

  beforeAll(async () => {
    account = await preparedAccount([region]);
    folder = await artifactsFolder();
    ({ outputs } = await deployPlatform(account, folder, "staging"));
  }, 240_000);
  afterAll(() => folder[Symbol.asyncDispose]());

  test("S1.01 staging is in us-east-2 over two zones", async () => {
    const { zones } = await zonesOf(account, region, outputs["vpc_id"] ?? "");
    expect(zones).toEqual(["us-east-2a", "us-east-2b"]);
  });

  test("S1.05 staging has one smaller database", async () => {
    const { DBInstances = [] } = await account
      .client(RDSClient, region)
      .send(new DescribeDBInstancesCommand({}));
    const database = first(DBInstances.filter(({ Engine }) => Engine === "postgres"));
    expect(database).toMatchObject({ DBInstanceClass: "db.r5.large", MultiAZ: true });
  });

  test("S1.07 staging has one node of Redis, encrypted all the same", async () => {
    const cache = account.client(ElastiCacheClient, region);
    const group = first((await cache.send(new DescribeReplicationGroupsCommand({}))).ReplicationGroups);
    expect(group.MemberClusters).toHaveLength(1);
    expect(group).toMatchObject({ AtRestEncryptionEnabled: true, TransitEncryptionEnabled: true });
  });

  test("S1.16 a second deployment of the same changes nothing", async () => {
    const again = await deployPlatform(account, folder, "staging");
    expect(new Set(again.stacks.map(({ outcome }) => outcome))).toEqual(new Set(["unchanged"]));
    expect(again.outputs).toEqual(outputs);
  });
});

// Goal: what is not of one environment's account, or guards it, comes out of the templates that an administrator deploys.
import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolesCommand,
} from "@aws-sdk/client-iam";
import { ListPoliciesCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  artifactsFolder,
  emulatedAccount,
  emulator,
  synthesizeInto,
} from "../../test/aws/deployed-environment.ts";
import { administer, type Folder, platformOf } from "./deploy-platform.ts";

describe.skipIf(emulator === null)("what an administrator makes for saas-management", () => {
  const region = "us-east-1";
  let folder: Folder;

  beforeAll(async () => {
    folder = await artifactsFolder();
    await synthesizeInto(folder.path, platformOf("production"));
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  test("S1.11 policies bind the organization, from the account that manages it", async () => {
    const management = await emulatedAccount("111122223333");
    await administer(management, folder, "organization", { Organization: "new" });
    const organization = management.client(OrganizationsClient, region);
    const policies = await organization.send(new ListPoliciesCommand({ Filter: "SERVICE_CONTROL_POLICY" }));
    const own = (policies.Policies ?? []).filter(({ AwsManaged }) => AwsManaged !== true);
    expect(own.map(({ Name }) => Name?.replace("saas-platform-production-", "")).sort()).toEqual([
      "deny-disabling-audit",
      "deny-leaving-organization",
      "deny-root-user",
      "deny-unused-regions",
      "require-mfa",
    ]);
  });

  test("S1.12 the role that deploys has actions by name, not a whole service's", async () => {
    const account = await emulatedAccount();
    await administer(account, folder, "access", {});
    const iam = account.client(IAMClient);
    const { Roles = [] } = await iam.send(new ListRolesCommand({}));
    const roles = Roles.map(({ RoleName }) => RoleName ?? "").filter((name) => /deploy/i.test(name));
    expect(roles.length).toBeGreaterThan(0);
    const documents: string[] = [];
    for (const RoleName of roles) {
      const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
      for (const { PolicyArn } of AttachedPolicies) {
        // What AWS wrote is AWS's; what the platform wrote is held to the row.
        if (PolicyArn?.startsWith("arn:aws:iam::aws:")) continue;
        const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
        const version = { PolicyArn, VersionId: Policy?.DefaultVersionId };
        const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand(version));
        documents.push(PolicyVersion?.Document ?? "");
      }
    }
    expect(documents.length).toBeGreaterThan(0);
    for (const document of documents) {
      const { Statement } = JSON.parse(decodeURIComponent(document)) as {
        Statement: readonly { readonly Effect: string; readonly Action?: string | readonly string[] }[];
      };
      const allowed = Statement.filter(({ Effect }) => Effect === "Allow").flatMap(({ Action }) =>
        [Action].flat(),
      );
      expect(allowed.filter((action) => /^(\*|[\w-]+:\*)$/.test(String(action)))).toEqual([]);
    }
  });
});

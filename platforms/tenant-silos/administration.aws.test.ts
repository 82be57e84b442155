// Goal: an administrator deploys the role that deploys, by the same commands, and no deployment of the platform touches it.
import { GetRoleCommand, IAMClient, ListAttachedRolePoliciesCommand } from "@aws-sdk/client-iam";
import type { DeploymentPlan } from "@tenantry/toolkit";
import { beforeAll, describe, expect, test } from "vitest";
import { emulatedAccount, type EmulatedAccount, emulator } from "../../test/aws/deployed-environment.ts";

const config = ["--config", "platforms/tenant-silos/tenantry.config.ts"];

describe.skipIf(emulator === null)("what an administrator deploys", () => {
  let account: EmulatedAccount;
  const plan = async (...more: readonly string[]) =>
    JSON.parse(await account.tenantry("plan", "production", ...config, "--json", ...more)) as DeploymentPlan;
  const actions = ({ stacks }: DeploymentPlan) => stacks.map(({ id, action }) => `${id} ${action}`);

  beforeAll(async () => {
    account = await emulatedAccount();
  });

  test("is the stack of access alone, and comes out as the templates say", async () => {
    expect(actions(await plan("--administration"))).toEqual(["access create"]);
    await account.tenantry("deploy", "production", ...config, "--administration", "--yes");
    const iam = account.client(IAMClient);
    const RoleName = "saas-platform-production-deployment";
    const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
    expect(Role?.RoleName).toBe(RoleName);
    const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
    expect(AttachedPolicies.map(({ PolicyName }) => PolicyName).toSorted()).toEqual(
      [1, 2, 3, 4, 5].map((index) => `saas-platform-production-deployment-${index}`),
    );
    expect(actions(await plan("--administration"))).toEqual(["access unchanged"]);
  });

  test("is in the way of no deployment, and counts as nothing that was left behind", async () => {
    const { stacks, abandoned, obstacles } = await plan();
    expect(stacks.map(({ id }) => id)).not.toContain("access");
    expect(stacks.every(({ action }) => action === "create")).toBe(true);
    // Other tests have the platform in accounts of their own, and names of buckets are one for all accounts.
    const others = obstacles.filter(({ kind }) => kind !== "name-taken");
    expect([abandoned, others]).toEqual([[], []]);
  });
});

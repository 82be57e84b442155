import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
} from "@aws-sdk/client-cloudformation";
import { DescribeNatGatewaysCommand, DescribeSubnetsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { DescribeServicesCommand, ECSClient, ListServicesCommand } from "@aws-sdk/client-ecs";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { emptyLock, openDeployment, type Platform, resolve } from "@tenantry/model";
import { deploy, type DeployResult } from "@tenantry/toolkit";
import { expect } from "vitest";
import {
  type artifactsFolder,
  emulatedAccount,
  type EmulatedAccount,
  fastSettings,
  synthesizeInto,
} from "../../test/aws/deployed-environment.ts";
import saasManagement from "./tenantry.config.ts";

export type Folder = Awaited<ReturnType<typeof artifactsFolder>>;

export const first = <Item>(items: readonly Item[] | undefined): Item => {
  expect(items).toHaveLength(1);
  return items?.[0] as Item;
};

/** An account with what has to be there before: the key that PagerDuty gave. */
export async function preparedAccount(regions: readonly string[]): Promise<EmulatedAccount> {
  const account = await emulatedAccount();
  for (const region of regions) {
    const secret = { Name: "saas-platform/pagerduty", SecretString: "R0123456789" };
    await account.client(SecretsManagerClient, region).send(new CreateSecretCommand(secret));
  }
  return account;
}

export function platformOf(environment: string): Platform {
  return resolve(saasManagement, environment, { lock: emptyLock, deployment: openDeployment });
}

export async function deployPlatform(
  account: EmulatedAccount,
  folder: Folder,
  environment: string,
): Promise<DeployResult> {
  const artifacts = await synthesizeInto(folder.path, platformOf(environment));
  const deployment = { repository: "acme/saas", author: "ada", pullRequest: "42" };
  return deploy({ artifacts, deployment, settings: fastSettings }, await account.ports());
}

interface Administration {
  readonly id: string;
  readonly stackName: string;
  readonly template: string;
}

/** Makes a stack of the platform as an administrator does: by hand, from the file that was synthesized. */
export async function administer(
  account: EmulatedAccount,
  folder: Folder,
  id: string,
  parameters: Readonly<Record<string, string>>,
): Promise<void> {
  const manifest = await folder.json("cloudformation/manifest.json");
  const { administration } = manifest as { readonly administration: readonly Administration[] };
  const { stackName, template } = first(administration.filter((stack) => stack.id === id));
  const cloudFormation = account.client(CloudFormationClient);
  await cloudFormation.send(
    new CreateStackCommand({
      StackName: stackName,
      TemplateBody: JSON.stringify(await folder.json(`cloudformation/${template}`)),
      Capabilities: ["CAPABILITY_NAMED_IAM"],
      Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      })),
    }),
  );
  const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: stackName }));
  expect(first(Stacks).StackStatus).toBe("CREATE_COMPLETE");
}

export async function zonesOf(account: EmulatedAccount, region: string, vpc: string) {
  const ec2 = account.client(EC2Client, region);
  const Filters = [{ Name: "vpc-id", Values: [vpc] }];
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({ Filters }));
  const { NatGateways = [] } = await ec2.send(new DescribeNatGatewaysCommand({ Filter: Filters }));
  return {
    zones: [...new Set(Subnets.map(({ AvailabilityZone }) => AvailabilityZone))].sort(),
    subnets: Subnets.length,
    gateways: NatGateways.length,
  };
}

export async function servicesOf(account: EmulatedAccount, region: string, cluster: string) {
  const ecs = account.client(ECSClient, region);
  const { serviceArns } = await ecs.send(new ListServicesCommand({ cluster }));
  const { services = [] } = await ecs.send(new DescribeServicesCommand({ cluster, services: serviceArns }));
  return services.sort((a, b) => String(a.serviceName).localeCompare(String(b.serviceName)));
}

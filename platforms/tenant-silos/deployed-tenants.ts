import { DescribeSecurityGroupsCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  type Service,
  type TaskDefinition,
} from "@aws-sdk/client-ecs";
import { expect } from "vitest";
import { type EmulatedAccount } from "../../test/aws/deployed-environment.ts";

/** Of a policy. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Principal?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export const first = <Item>(items: readonly Item[] | undefined): Item => {
  expect(items).toHaveLength(1);
  return items?.[0] as Item;
};
export const statementsOf = (document: string | undefined): readonly Statement[] =>
  (JSON.parse(decodeURIComponent(document ?? "{}")) as { Statement: readonly Statement[] }).Statement;
export const listOf = (value: string | readonly string[]): readonly string[] => [value].flat() as string[];
export const nameOfArn = (arn: string | undefined) => arn?.split("/").at(-1) ?? "";

/** The tenants of an environment that is deployed, as AWS's API shows them. */
export class DeployedTenants {
  readonly #ec2: EC2Client;
  readonly #ecs: ECSClient;
  readonly #cluster: string;

  constructor(account: EmulatedAccount, cluster: string) {
    this.#ec2 = account.client(EC2Client);
    this.#ecs = account.client(ECSClient);
    this.#cluster = cluster;
  }

  async serviceOf(tenant: string): Promise<Service> {
    const ask = { cluster: this.#cluster, services: [`${tenant}_app`], include: ["TAGS" as const] };
    return first((await this.#ecs.send(new DescribeServicesCommand(ask))).services);
  }

  async taskOf(tenant: string): Promise<TaskDefinition> {
    const { taskDefinition } = await this.serviceOf(tenant);
    const answer = await this.#ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
    return answer.taskDefinition as TaskDefinition;
  }

  /** Whom a security group lets in: "80 from sg-…". */
  async ingressOf(group: string): Promise<readonly string[]> {
    const answer = await this.#ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [group] }));
    return (first(answer.SecurityGroups).IpPermissions ?? []).flatMap(
      ({ FromPort, UserIdGroupPairs, IpRanges }) => [
        ...(UserIdGroupPairs ?? []).map(({ GroupId }) => `${FromPort} from ${GroupId}`),
        ...(IpRanges ?? []).map(({ CidrIp }) => `${FromPort} from ${CidrIp}`),
      ],
    );
  }
}

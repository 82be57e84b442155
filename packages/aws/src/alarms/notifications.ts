import type { Platform } from "@tenantry/model";
import { Aws, Fn } from "aws-cdk-lib";
import { CfnSubscription, CfnTopic, CfnTopicPolicy } from "aws-cdk-lib/aws-sns";
import { CfnSlackChannelConfiguration } from "aws-cdk-lib/aws-chatbot";
import { CfnRole } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { assumedBy, denyWithoutTls, policyDocument } from "../policy/policy-document.ts";
import { acknowledge } from "../stack/acknowledge.ts";
import { pascal } from "../stack/platform-stack.ts";
import { type AlertTopics, type Severity, severities } from "./severity.ts";

export type Alerts = Platform["observability"]["alerts"];
type Destination = Alerts["destinations"][string];

/** Where AWS knows a Slack channel by; a person gives both when Slack lets Amazon Q into the workspace. */
export interface SlackChannel {
  readonly workspaceId: string;
  readonly channelId: string;
}

export type SlackChannels = Readonly<Record<string, SlackChannel>>;

export interface NotificationsProps {
  /** Begins names of things that cannot be left to CloudFormation. */
  readonly namePrefix: string;
  readonly alerts: Alerts;
  /** Customer-managed key; null leaves the messages to SNS's own protection. */
  readonly keyArn: string | null;
  /** Slack channels that are known, by name of the destination. Default none. */
  readonly slackChannels?: SlackChannels;
  /** ARN of the boundary of roles; null without one. */
  readonly permissionsBoundary: string | null;
}

/** A destination that gets nothing, and why. */
export interface UnservedDestination {
  readonly destination: string;
  readonly reason: string;
}

/** Services that tell what happens; each must also be allowed by the key of the topics. */
export const publishers = [
  "cloudwatch.amazonaws.com",
  "events.amazonaws.com",
  "budgets.amazonaws.com",
  "costalerts.amazonaws.com",
  "backup.amazonaws.com",
] as const;

/**
 * An SNS topic for each severity that somebody is told of, and its subscriptions. A severity without a route, or with one that
 * only leads to a dashboard, has no topic, and its alarms do nothing but show their state.
 */
export class Notifications extends Construct {
  readonly topics: AlertTopics;
  readonly unserved: readonly UnservedDestination[];
  readonly #props: NotificationsProps;
  readonly #slackTopics = new Map<string, string[]>();

  constructor(scope: Construct, id: string, props: NotificationsProps) {
    super(scope, id);
    this.#props = props;
    const topics: Partial<Record<Severity, string>> = {};
    for (const severity of severities) {
      const arn = this.topicFor(pascal(severity), props.alerts.routes[severity]?.to ?? []);
      if (arn !== null) topics[severity] = arn;
    }
    this.topics = topics;
    this.unserved = Object.entries(props.alerts.destinations).flatMap(([destination, value]) => {
      const reason = whyNot(destination, value, props.slackChannels ?? {});
      return reason === null ? [] : [{ destination, reason }];
    });
  }

  /**
   * Lets Slack show what all topics tell, those that came by `topicFor` among them. Amazon Q Developer in chat applications does it,
   * once AWS Chatbot, and may read what alarms show, nothing else.
   */
  connectSlack(): void {
    for (const [destination, arns] of this.#slackTopics) this.#slack(destination, arns);
  }

  /** A topic with these destinations; null where none of them can get a message from AWS. */
  topicFor(id: string, destinations: readonly string[]): string | null {
    const { alerts, keyArn, slackChannels = {} } = this.#props;
    const told = served(alerts, destinations, slackChannels);
    if (told.length === 0) return null;
    const topic = new CfnTopic(this, id, keyArn === null ? {} : { kmsMasterKeyId: keyArn });
    if (keyArn === null) {
      const reason =
        "The environment uses AWS's own keys, and CloudWatch cannot publish to a topic that is encrypted with the one of SNS.";
      acknowledge(topic, "AwsSolutions-SNS2", reason);
    }
    new CfnTopicPolicy(this, `${id}Policy`, {
      topics: [topic.ref],
      policyDocument: policyDocument(
        {
          Sid: "AllowServicesOfThisAccount",
          Effect: "Allow",
          Principal: { Service: publishers },
          Action: "sns:Publish",
          Resource: topic.ref,
          Condition: { StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID } },
        },
        denyWithoutTls("sns:Publish", topic.ref),
      ),
    });
    for (const [name, destination] of told) this.#subscribe(id, topic.ref, name, destination);
    return topic.ref;
  }

  #subscribe(id: string, topicArn: string, name: string, destination: Destination): void {
    if (destination.kind === "slack") {
      this.#slackTopics.set(name, [...(this.#slackTopics.get(name) ?? []), topicArn]);
      return;
    }
    const endpoint = endpointOf(destination);
    if (endpoint === null) return;
    new CfnSubscription(this, `${id}To${pascal(name)}`, { topicArn, ...endpoint });
  }

  #slack(destination: string, snsTopicArns: string[]): void {
    const channel = this.#props.slackChannels?.[destination];
    if (channel === undefined) return;
    const readOnly = Fn.sub("arn:${AWS::Partition}:iam::aws:policy/CloudWatchReadOnlyAccess");
    const role = new CfnRole(this, `Slack${pascal(destination)}Role`, {
      assumeRolePolicyDocument: assumedBy("chatbot.amazonaws.com", {
        StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID },
      }),
      ...(this.#props.permissionsBoundary === null
        ? {}
        : { permissionsBoundary: this.#props.permissionsBoundary }),
      policies: [
        {
          policyName: "show-alarms",
          policyDocument: policyDocument({
            Effect: "Allow",
            Action: [
              "cloudwatch:DescribeAlarms",
              "cloudwatch:GetMetricData",
              "cloudwatch:GetMetricWidgetImage",
            ],
            // None of the three knows resources.
            Resource: "*",
          }),
        },
      ],
    });
    acknowledge(role, "AwsSolutions-IAM5[Resource::*]", "Reading metrics and alarms knows no resources.");
    new CfnSlackChannelConfiguration(this, `Slack${pascal(destination)}`, {
      configurationName: `${this.#props.namePrefix}-${destination}`,
      slackWorkspaceId: channel.workspaceId,
      slackChannelId: channel.channelId,
      iamRoleArn: role.attrArn,
      guardrailPolicies: [readOnly],
      snsTopicArns,
      loggingLevel: "ERROR",
    });
  }
}

/** Why a destination gets no message from AWS; null where it does. */
function whyNot(name: string, { kind }: Destination, slackChannels: SlackChannels): string | null {
  if (kind === "dashboard") return "it is shown on its dashboard and told nobody";
  if (kind === "slack" && slackChannels[name] === undefined) {
    return `AWS knows a channel by ids only: put them into the parameters alerts/${name}/slack-workspace-id and alerts/${name}/slack-channel-id`;
  }
  return null;
}

/** Those of the destinations that get messages, by name. */
function served(
  alerts: Alerts,
  names: readonly string[],
  slackChannels: SlackChannels,
): readonly (readonly [string, Destination])[] {
  return names.flatMap((name) => {
    const destination = alerts.destinations[name];
    if (destination === undefined || whyNot(name, destination, slackChannels) !== null) return [];
    return [[name, destination] as const];
  });
}

/** The severities that somebody is told of, which therefore have a topic. */
export function toldSeverities(alerts: Alerts, slackChannels: SlackChannels): readonly Severity[] {
  return severities.filter(
    (severity) => served(alerts, alerts.routes[severity]?.to ?? [], slackChannels).length > 0,
  );
}

/** Slack channels whose ids a platform's parameters name, by destination. */
export function slackChannelsOf(alerts: Alerts, parameters: Readonly<Record<string, string>>): SlackChannels {
  const channels: Record<string, SlackChannel> = {};
  for (const [name, { kind }] of Object.entries(alerts.destinations)) {
    const workspaceId = parameters[`alerts/${name}/slack-workspace-id`];
    const channelId = parameters[`alerts/${name}/slack-channel-id`];
    if (kind === "slack" && workspaceId !== undefined && channelId !== undefined) {
      channels[name] = { workspaceId, channelId };
    }
  }
  return channels;
}

/**
 * What a secret holds is put in by CloudFormation when it deploys, and stands in no template. It is the value of the secret
 * as a whole; in a region that is not the secret's own a replica of it must exist.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html
 */
function endpointOf(
  destination: Destination,
): { readonly protocol: string; readonly endpoint: string } | null {
  switch (destination.kind) {
    case "email":
      return { protocol: "email", endpoint: destination.address };
    case "pagerduty":
      // https://support.pagerduty.com/main/docs/aws-cloudwatch-integration-guide
      return {
        protocol: "https",
        endpoint: `https://events.pagerduty.com/integration/${resolved(destination.secret)}/enqueue`,
      };
    case "webhook":
      return { protocol: "https", endpoint: resolved(destination.secret) };
    case "slack":
    case "dashboard":
      return null;
  }
}

function resolved(secret: string): string {
  return `{{resolve:secretsmanager:${secret}:SecretString}}`;
}

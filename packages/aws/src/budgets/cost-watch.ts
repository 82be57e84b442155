import type { Platform } from "@tenantry/model";
import type { CfnCondition, CfnResource } from "aws-cdk-lib";
import { CfnBudget } from "aws-cdk-lib/aws-budgets";
import { CfnAnomalyMonitor, CfnAnomalySubscription } from "aws-cdk-lib/aws-ce";
import { Construct } from "constructs";

export interface CostWatchProps {
  /** Name of the monitor and its subscriptions, such as "shop-production". */
  readonly name: string;
  readonly environment: string;
  readonly budget: Platform["cost"]["budget"];
  readonly anomalyDetection: boolean;
  readonly recipients: CostRecipients;
  /**
   * Given in an account of an organization, which may have one monitor of its services and no other kind: whether this
   * environment is the one that makes it. Null in an account of its own, which may have one for each environment.
   */
  readonly isMonitorOwner: CfnCondition | null;
}

/** Who is told about cost. */
export interface CostRecipients {
  readonly emails: readonly string[];
  /** Topic of those who get no e-mail; null without such. */
  readonly topicArn: string | null;
}

/** A notification of a budget takes ten addresses and one topic: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/budgets-managing-costs.html */
const emailsMax = 10;

/** The budget of an environment, and the detection of unusual cost. Both count what carries the environment's tag, which must be activated as a cost allocation tag. */
export class CostWatch extends Construct {
  constructor(scope: Construct, id: string, props: CostWatchProps) {
    super(scope, id);
    if (props.budget !== null) budgetOf(this, props, props.budget);
    if (props.anomalyDetection) anomaliesOf(this, props);
  }
}

function budgetOf(
  scope: Construct,
  { environment, recipients }: CostWatchProps,
  budget: NonNullable<CostWatchProps["budget"]>,
): void {
  const subscribers = [
    ...recipients.emails.slice(0, emailsMax).map((address) => ({ subscriptionType: "EMAIL", address })),
    ...(recipients.topicArn === null ? [] : [{ subscriptionType: "SNS", address: recipients.topicArn }]),
  ];
  const notification = (notificationType: "ACTUAL" | "FORECASTED", threshold: number) => ({
    notification: {
      notificationType,
      threshold,
      thresholdType: "PERCENTAGE",
      comparisonOperator: "GREATER_THAN",
    },
    subscribers,
  });
  new CfnBudget(scope, "Budget", {
    budget: {
      // Whoever is told else replaces the budget, and a name of its own would be taken.
      budgetType: "COST",
      timeUnit: "MONTHLY",
      budgetLimit: { amount: budget.monthlyUsd, unit: "USD" },
      costFilters: { TagKeyValue: [`user:Environment$${environment}`] },
    },
    resourceTags: [{ key: "Environment", value: environment }],
    notificationsWithSubscribers:
      subscribers.length === 0
        ? []
        : [
            ...budget.alertPercents.map((percent) => notification("ACTUAL", percent)),
            // The month is not over when it is still possible to do something.
            notification("FORECASTED", 100),
          ],
  });
}

/** Another tag would replace it, and those of a deployment change each time. */
function keepTags(resource: CfnResource, environment: string): void {
  resource.addPropertyOverride("ResourceTags", [{ Key: "Environment", Value: environment }]);
}

/** Cost beyond what is usual that people are told of, USD: a twentieth of the budget, or a hundred. */
function impactUsd(budget: CostWatchProps["budget"]): number {
  return budget === null ? 100 : Math.max(10, Math.round(budget.monthlyUsd / 20));
}

function anomaliesOf(scope: Construct, props: CostWatchProps): void {
  const monitor = monitorOf(scope, props);
  onlyIf(props.isMonitorOwner, monitor);
  const { recipients } = props;
  // E-mail comes once a day at most, a topic at once; one subscription cannot have both.
  const subscriptions = [
    ...(recipients.topicArn === null
      ? []
      : [{ id: "AnomalyTopic", frequency: "IMMEDIATE", type: "SNS", addresses: [recipients.topicArn] }]),
    ...(recipients.emails.length === 0
      ? []
      : [{ id: "AnomalyMail", frequency: "DAILY", type: "EMAIL", addresses: recipients.emails }]),
  ];
  for (const { id, frequency, type, addresses } of subscriptions) {
    const subscription = new CfnAnomalySubscription(scope, id, {
      subscriptionName: `${props.name}-${type.toLowerCase()}`,
      frequency,
      monitorArnList: [monitor.attrMonitorArn],
      subscribers: addresses.slice(0, emailsMax).map((address) => ({ type, address })),
      thresholdExpression: JSON.stringify({
        Dimensions: {
          Key: "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
          MatchOptions: ["GREATER_THAN_OR_EQUAL"],
          Values: [String(impactUsd(props.budget))],
        },
      }),
    });
    onlyIf(props.isMonitorOwner, subscription);
    keepTags(subscription, props.environment);
  }
}

function monitorOf(
  scope: Construct,
  { name, environment, isMonitorOwner }: CostWatchProps,
): CfnAnomalyMonitor {
  const monitor = new CfnAnomalyMonitor(scope, "AnomalyMonitor", {
    monitorName: name,
    ...(isMonitorOwner === null
      ? {
          monitorType: "CUSTOM",
          monitorSpecification: JSON.stringify({
            Tags: { Key: "Environment", MatchOptions: ["EQUALS"], Values: [environment] },
          }),
        }
      : { monitorType: "DIMENSIONAL", monitorDimension: "SERVICE" }),
  });
  keepTags(monitor, environment);
  return monitor;
}

/** Makes a resource only where the condition holds. */
function onlyIf(condition: CfnCondition | null, resource: CfnResource): void {
  if (condition !== null) resource.cfnOptions.condition = condition;
}

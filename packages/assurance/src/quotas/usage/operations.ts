import type { Data, Resource } from "../../artifacts/shipment.ts";
import { textAt } from "../../posture/read-value.ts";
import { type Container, containerNamed, containerOf, type StackView, type Use } from "./stack-view.ts";

/** What is attached to something else one by one: property that names it, type of it, quota. */
const attached: Readonly<Record<string, readonly [property: string, type: string, quota: string]>> = {
  "AWS::Backup::BackupSelection": ["BackupPlanId", "AWS::Backup::BackupPlan", "assignments-per-backup-plan"],
  "AWS::KMS::Alias": ["TargetKeyId", "AWS::KMS::Key", "aliases-per-key"],
  "AWS::Logs::MetricFilter": ["LogGroupName", "AWS::Logs::LogGroup", "metric-filters-per-log-group"],
};

/** Rules of event buses, dashboards, backup plans and what else operators look after. */
export function operationsUses(view: StackView): readonly Use[] {
  return [
    ...Object.entries(attached).flatMap(([type, [property, owner, quota]]) =>
      view.ofType(type).flatMap(({ key, properties }) => {
        const container = containerNamed(view, quota, key, properties[property], owner);
        return container === null ? [] : [{ quota, container, amount: 1, by: key }];
      }),
    ),
    ...view.ofType("AWS::Events::Rule").map(({ key, properties }) => ({
      quota: "rules-per-event-bus",
      container: busOf(view, properties),
      amount: 1,
      by: key,
    })),
    ...view.ofType("AWS::CloudWatch::Dashboard").map((dashboard) => ({
      quota: "widgets-per-dashboard",
      container: containerOf(dashboard),
      amount: widgetsIn(dashboard.properties["DashboardBody"]),
      by: dashboard.key,
    })),
  ];
}

function busOf({ stack }: StackView, properties: Resource["properties"]): Container {
  const bus = textAt(properties, "EventBusName") ?? "default";
  return {
    key: `bus ${stack.region} ${bus}`,
    subject: `event bus ${bus} in ${stack.region}`,
    level: "region",
  };
}

/** Every widget of a dashboard's body has its own metrics, text or query; the body is JSON in a text. */
function widgetsIn(body: Data | undefined): number {
  return typeof body === "string" ? (body.match(/"properties"\s*:/g)?.length ?? 0) : 0;
}

import { Stack } from "aws-cdk-lib";
import { CfnDashboard } from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";

/** A series in a chart: namespace, metric, then dimension and value in turn; or metric math. */
export type Series =
  | {
      readonly namespace: string;
      readonly name: string;
      readonly dimensions: Readonly<Record<string, string>>;
      readonly statistic: string;
      readonly label?: string;
    }
  | { readonly expression: string; readonly label: string };

/** A tile of a dashboard. Texts may hold tokens. */
export type Widget =
  | { readonly kind: "heading"; readonly text: string }
  | {
      readonly kind: "chart";
      readonly title: string;
      readonly series: readonly Series[];
      /** AWS region of the metrics. Default: the dashboard's stack. */
      readonly region?: string;
    }
  /** The series of an alarm, with the line that it goes off at. */
  | { readonly kind: "alarm-chart"; readonly title: string; readonly arn: string }
  | { readonly kind: "alarms"; readonly title: string; readonly arns: readonly string[] }
  | { readonly kind: "log"; readonly title: string; readonly query: string };

export interface DashboardProps {
  readonly name: string;
  readonly widgets: readonly Widget[];
  /** What the one who looks chooses. Default nothing. */
  readonly variable?: DashboardVariable | null;
}

/** A text that is typed and replaced in all tiles, such as a tenant's id; or the value of a dimension, from those that a search finds. */
export type DashboardVariable =
  | {
      readonly kind: "text";
      readonly pattern: string;
      readonly label: string;
      readonly defaultValue: string;
    }
  | {
      readonly kind: "dimension";
      readonly dimension: string;
      readonly label: string;
      readonly defaultValue: string;
      /** A search expression's query, by which the values are found. */
      readonly search: string;
    };

/** Columns of a dashboard: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
const columns = 24;
const chart = { width: 8, height: 6 };

/** A CloudWatch dashboard: tiles from left to right, three charts in a row, headings and lists over the whole width. */
export class Dashboard extends Construct {
  readonly dashboardName: string;

  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const { variable = null } = props;
    const dashboard = new CfnDashboard(this, "Resource", {
      dashboardName: props.name,
      dashboardBody: stack.toJsonString({
        widgets: placed(props.widgets, stack.region),
        ...(variable === null ? {} : { variables: [variableBody(variable)] }),
      }),
    });
    this.dashboardName = dashboard.ref;
  }
}

function variableBody(variable: DashboardVariable): object {
  const { label, defaultValue } = variable;
  return {
    id: "choice",
    label,
    defaultValue,
    visible: true,
    ...(variable.kind === "text"
      ? { type: "pattern", pattern: variable.pattern, inputType: "input" }
      : {
          type: "property",
          property: variable.dimension,
          inputType: "select",
          search: variable.search,
          populateFrom: variable.dimension,
        }),
  };
}

function placed(widgets: readonly Widget[], region: string): readonly object[] {
  let x = 0;
  let y = 0;
  let rowHeight = 0;
  return widgets.map((widget) => {
    const { width, height } = sizeOf(widget);
    if (x + width > columns) {
      x = 0;
      y += rowHeight;
      rowHeight = 0;
    }
    const place = { x, y, width, height };
    x += width;
    rowHeight = Math.max(rowHeight, height);
    return { ...place, ...bodyOf(widget, region) };
  });
}

function sizeOf({ kind }: Widget): { readonly width: number; readonly height: number } {
  switch (kind) {
    case "heading":
      return { width: columns, height: 1 };
    case "alarms":
      return { width: columns, height: 3 };
    case "log":
      return { width: columns, height: chart.height };
    case "chart":
    case "alarm-chart":
      return chart;
  }
}

function bodyOf(widget: Widget, region: string): object {
  switch (widget.kind) {
    case "heading":
      return { type: "text", properties: { markdown: widget.text } };
    case "alarms":
      return { type: "alarm", properties: { title: widget.title, alarms: widget.arns } };
    case "alarm-chart":
      return {
        type: "metric",
        properties: {
          title: widget.title,
          region,
          view: "timeSeries",
          annotations: { alarms: [widget.arn] },
        },
      };
    case "log":
      return { type: "log", properties: { title: widget.title, region, query: widget.query, view: "table" } };
    case "chart":
      return {
        type: "metric",
        properties: {
          title: widget.title,
          region: widget.region ?? region,
          view: "timeSeries",
          period: 60,
          metrics: widget.series.map((series) =>
            "expression" in series
              ? [series]
              : [
                  series.namespace,
                  series.name,
                  ...Object.entries(series.dimensions).flat(),
                  {
                    stat: series.statistic,
                    ...(series.label === undefined ? {} : { label: series.label }),
                  },
                ],
          ),
        },
      };
  }
}

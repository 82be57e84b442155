import { Construct } from "constructs";
import { Alarm, type AlarmSetting } from "./alarm.ts";

export interface DistributionAlarmsProps {
  readonly setting: AlarmSetting;
  readonly distributionId: string;
  /** Share of answers with 5xx above which people are told, percent. Default 5. */
  readonly errorPercent?: number;
}

/**
 * What users feel of CloudFront. Its metrics are in us-east-1 only, and an alarm sees metrics of its own region only, so
 * this belongs into a stack there.
 */
export class DistributionAlarms extends Construct {
  constructor(scope: Construct, id: string, props: DistributionAlarmsProps) {
    super(scope, id);
    const { setting, distributionId, errorPercent = 5 } = props;
    new Alarm(this, "Errors", {
      setting,
      name: "cloudfront-errors",
      description: `CloudFront answers more than ${errorPercent} % of the requests with 5xx. Where the load balancer's alarms are quiet, look at the origin's certificate and name.`,
      severity: "critical",
      metrics: {
        rate: {
          namespace: "AWS/CloudFront",
          name: "5xxErrorRate",
          dimensions: { DistributionId: distributionId, Region: "Global" },
          statistic: "Average",
        },
      },
      threshold: { above: errorPercent },
      datapoints: { bad: 3, of: 5 },
      missing: "notBreaching",
    });
  }
}

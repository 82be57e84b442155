import { everywhere, inRegion, type ResourceType } from "./resource-type.ts";

export const operationTypes: Readonly<Record<string, ResourceType>> = {
  "AWS::Logs::LogGroup": {
    named: "LogGroupName",
    generated: "name",
    arn: inRegion("logs", "log-group:{name}"),
    // The attribute means the group's streams too.
    attributes: { Arn: "{arn}:*" },
  },
  "AWS::Logs::DeliverySource": {
    named: "Name",
    generated: "name",
    arn: inRegion("logs", "delivery-source:{name}"),
  },
  "AWS::Logs::DeliveryDestination": {
    named: "Name",
    generated: "name",
    arn: inRegion("logs", "delivery-destination:{name}"),
  },
  "AWS::Logs::Delivery": { arn: inRegion("logs", "delivery:{name}"), attributes: { DeliveryId: "{name}" } },
  "AWS::CloudWatch::Alarm": {
    named: "AlarmName",
    generated: "name",
    arn: inRegion("cloudwatch", "alarm:{name}"),
  },
  "AWS::CloudWatch::CompositeAlarm": {
    named: "AlarmName",
    generated: "name",
    arn: inRegion("cloudwatch", "alarm:{name}"),
  },
  "AWS::CloudWatch::Dashboard": {
    named: "DashboardName",
    generated: "name",
    arn: everywhere("cloudwatch", "dashboard/{name}"),
  },
  "AWS::CloudTrail::Trail": {
    named: "TrailName",
    generated: "name",
    arn: inRegion("cloudtrail", "trail/{name}"),
  },
  "AWS::Config::ConfigRule": {
    named: "ConfigRuleName",
    generated: "name",
    arn: inRegion("config", "config-rule/{mark}"),
  },
  "AWS::Config::ConfigurationRecorder": { named: "Name", generated: "name" },
  "AWS::Config::DeliveryChannel": { named: "Name", generated: "name" },
  "AWS::GuardDuty::Detector": {
    arn: inRegion("guardduty", "detector/{name}"),
    attributes: { Id: "{name}" },
  },
  "AWS::CE::AnomalyMonitor": {
    arn: everywhere("ce", "anomalymonitor/{mark}"),
    ref: "{arn}",
    attributes: { MonitorArn: "{arn}" },
  },
  "AWS::CE::AnomalySubscription": {
    arn: everywhere("ce", "anomalysubscription/{mark}"),
    ref: "{arn}",
    attributes: { SubscriptionArn: "{arn}" },
  },
  "AWS::XRay::Group": {
    named: "GroupName",
    arn: inRegion("xray", "group/{name}/{mark}"),
    ref: "{arn}",
    attributes: { GroupARN: "{arn}" },
  },
};

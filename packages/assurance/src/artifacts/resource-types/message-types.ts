import { inRegion, type ResourceType } from "./resource-type.ts";

export const messageTypes: Readonly<Record<string, ResourceType>> = {
  "AWS::SNS::Topic": {
    named: "TopicName",
    generated: "name",
    arn: inRegion("sns", "{name}"),
    ref: "{arn}",
    attributes: { TopicArn: "{arn}", TopicName: "{name}" },
  },
  "AWS::SNS::Subscription": { arn: "{TopicArn}:{mark}", ref: "{arn}" },
  "AWS::SQS::Queue": {
    named: "QueueName",
    generated: "name",
    arn: inRegion("sqs", "{name}"),
    ref: "https://sqs.{region}.amazonaws.com/{account}/{name}",
    attributes: {
      QueueName: "{name}",
      QueueUrl: "https://sqs.{region}.amazonaws.com/{account}/{name}",
    },
  },
  "AWS::Events::Rule": {
    named: "Name",
    generated: "name",
    arn: inRegion("events", "rule/{bus}{name}"),
  },
  "AWS::Events::EventBus": { named: "Name", arn: inRegion("events", "event-bus/{name}") },
  "AWS::Kinesis::Stream": { named: "Name", generated: "name", arn: inRegion("kinesis", "stream/{name}") },
  "AWS::KinesisFirehose::DeliveryStream": {
    named: "DeliveryStreamName",
    generated: "name",
    arn: inRegion("firehose", "deliverystream/{name}"),
  },
};

import { expect, it } from "vitest";
import { exampleShipment } from "../../test/example-files.ts";

type Row = readonly [type: string, properties: object, physicalId: string, arn: string | null];

const account = "123456789012";
const own = "⟨data/It⟩";
const generated = `acme-production-data-It-${own}`;

it.each<Row>([
  ["AWS::S3::Bucket", { BucketName: "b" }, "b", "arn:aws:s3:::b"],
  ["AWS::S3::Bucket", {}, `acme-production-data-it-${own}`, `arn:aws:s3:::acme-production-data-it-${own}`],
  ["AWS::IAM::Role", { RoleName: "r", Path: "/x/" }, "r", `arn:aws:iam::${account}:role/x/r`],
  ["AWS::IAM::Role", {}, generated, `arn:aws:iam::${account}:role/${generated}`],
  [
    "AWS::IAM::ManagedPolicy",
    { ManagedPolicyName: "p" },
    `arn:aws:iam::${account}:policy/p`,
    `arn:aws:iam::${account}:policy/p`,
  ],
  [
    "AWS::IAM::OIDCProvider",
    { Url: "https://token.example.com" },
    `arn:aws:iam::${account}:oidc-provider/token.example.com`,
    `arn:aws:iam::${account}:oidc-provider/token.example.com`,
  ],
  ["AWS::KMS::Key", {}, own, `arn:aws:kms:us-east-1:${account}:key/${own}`],
  ["AWS::KMS::Alias", { AliasName: "alias/x" }, "alias/x", `arn:aws:kms:us-east-1:${account}:alias/x`],
  [
    "AWS::SecretsManager::Secret",
    { Name: "a/b" },
    `arn:aws:secretsmanager:us-east-1:${account}:secret:a/b-${own}`,
    `arn:aws:secretsmanager:us-east-1:${account}:secret:a/b-${own}`,
  ],
  ["AWS::SSM::Parameter", { Name: "/a/b" }, "/a/b", `arn:aws:ssm:us-east-1:${account}:parameter/a/b`],
  ["AWS::SSM::Parameter", { Name: "a" }, "a", `arn:aws:ssm:us-east-1:${account}:parameter/a`],
  [
    "AWS::SQS::Queue",
    { QueueName: "q" },
    `https://sqs.us-east-1.amazonaws.com/${account}/q`,
    `arn:aws:sqs:us-east-1:${account}:q`,
  ],
  [
    "AWS::SNS::Topic",
    { TopicName: "t" },
    `arn:aws:sns:us-east-1:${account}:t`,
    `arn:aws:sns:us-east-1:${account}:t`,
  ],
  ["AWS::DynamoDB::Table", { TableName: "t" }, "t", `arn:aws:dynamodb:us-east-1:${account}:table/t`],
  ["AWS::Logs::LogGroup", { LogGroupName: "/x" }, "/x", `arn:aws:logs:us-east-1:${account}:log-group:/x`],
  [
    "AWS::EC2::SecurityGroup",
    { GroupName: "g" },
    own,
    `arn:aws:ec2:us-east-1:${account}:security-group/${own}`,
  ],
  ["AWS::ECS::Cluster", { ClusterName: "c" }, "c", `arn:aws:ecs:us-east-1:${account}:cluster/c`],
  [
    "AWS::ECS::Service",
    { ServiceName: "s", Cluster: `arn:aws:ecs:us-east-1:${account}:cluster/c` },
    `arn:aws:ecs:us-east-1:${account}:service/c/s`,
    `arn:aws:ecs:us-east-1:${account}:service/c/s`,
  ],
  ["AWS::RDS::DBCluster", { DBClusterIdentifier: "d" }, "d", `arn:aws:rds:us-east-1:${account}:cluster:d`],
  [
    "AWS::RDS::GlobalCluster",
    { GlobalClusterIdentifier: "d" },
    "d",
    `arn:aws:rds::${account}:global-cluster:d`,
  ],
  [
    "AWS::Events::Rule",
    { Name: "r", EventBusName: "own" },
    "r",
    `arn:aws:events:us-east-1:${account}:rule/own/r`,
  ],
  ["AWS::Events::Rule", { Name: "r" }, "r", `arn:aws:events:us-east-1:${account}:rule/r`],
  [
    "AWS::WAFv2::WebACL",
    { Name: "w", Scope: "CLOUDFRONT" },
    `w|${own}|CLOUDFRONT`,
    `arn:aws:wafv2:us-east-1:${account}:global/webacl/w/${own}`,
  ],
  [
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    { Name: "l", Type: "network" },
    `arn:aws:elasticloadbalancing:us-east-1:${account}:loadbalancer/net/l/${own}`,
    `arn:aws:elasticloadbalancing:us-east-1:${account}:loadbalancer/net/l/${own}`,
  ],
  [
    "AWS::ElasticLoadBalancingV2::Listener",
    { LoadBalancerArn: "arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/l/1" },
    `arn:aws:elasticloadbalancing:us-east-1:1:listener/app/l/1/${own}`,
    `arn:aws:elasticloadbalancing:us-east-1:1:listener/app/l/1/${own}`,
  ],
  ["Custom::Thing", { Name: "x" }, own, null],
])("calls %s with %o by its name", (type, properties, physicalId, arn) => {
  const { shipment, resources } = exampleShipment({
    Resources: { It: { Type: type, Properties: properties } },
  });
  expect(shipment.problems).toEqual([]);
  expect([resources["It"]?.physicalId, resources["It"]?.arn]).toEqual([physicalId, arn]);
});

it("gives the attribute of a log group with its streams", () => {
  const { resources } = exampleShipment({
    Resources: {
      Log: { Type: "AWS::Logs::LogGroup", Properties: { LogGroupName: "x" } },
      It: { Type: "AWS::SNS::Topic", Properties: { DisplayName: { "Fn::GetAtt": ["Log", "Arn"] } } },
    },
  });
  expect(resources["It"]?.properties["DisplayName"]).toBe(`arn:aws:logs:us-east-1:${account}:log-group:x:*`);
});

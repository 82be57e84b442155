import { inRegion, type ResourceType } from "./resource-type.ts";

const ec2 = (kind: string, idAttribute?: string): ResourceType => ({
  arn: inRegion("ec2", `${kind}/{name}`),
  ...(idAttribute === undefined ? {} : { attributes: { [idAttribute]: "{name}" } }),
});

export const computeTypes: Readonly<Record<string, ResourceType>> = {
  "AWS::EC2::VPC": ec2("vpc", "VpcId"),
  "AWS::EC2::Subnet": ec2("subnet", "SubnetId"),
  "AWS::EC2::SecurityGroup": ec2("security-group", "GroupId"),
  "AWS::EC2::RouteTable": ec2("route-table", "RouteTableId"),
  "AWS::EC2::NatGateway": ec2("natgateway", "NatGatewayId"),
  "AWS::EC2::InternetGateway": ec2("internet-gateway", "InternetGatewayId"),
  "AWS::EC2::NetworkAcl": ec2("network-acl", "Id"),
  "AWS::EC2::NetworkInterface": ec2("network-interface", "Id"),
  "AWS::EC2::VPCEndpoint": ec2("vpc-endpoint", "Id"),
  "AWS::EC2::Instance": ec2("instance", "InstanceId"),
  "AWS::EC2::Volume": ec2("volume", "VolumeId"),
  "AWS::EC2::LaunchTemplate": ec2("launch-template", "LaunchTemplateId"),
  "AWS::EC2::PrefixList": ec2("prefix-list", "PrefixListId"),
  "AWS::EC2::TransitGateway": ec2("transit-gateway", "Id"),
  "AWS::EC2::VPCPeeringConnection": ec2("vpc-peering-connection", "Id"),
  "AWS::EC2::FlowLog": ec2("vpc-flow-log", "Id"),
  "AWS::EC2::EIP": {
    arn: inRegion("ec2", "elastic-ip/{mark}"),
    attributes: { PublicIp: "{name}", AllocationId: "{attribute}" },
  },
  "AWS::AutoScaling::AutoScalingGroup": { named: "AutoScalingGroupName", generated: "name" },
  "AWS::ECS::Cluster": {
    named: "ClusterName",
    generated: "name",
    arn: inRegion("ecs", "cluster/{name}"),
  },
  "AWS::ECS::Service": {
    named: "ServiceName",
    generated: "name",
    arn: inRegion("ecs", "service/{cluster}/{name}"),
    ref: "{arn}",
    attributes: { Name: "{name}", ServiceArn: "{arn}" },
  },
  "AWS::ECS::TaskDefinition": {
    named: "Family",
    generated: "name",
    arn: inRegion("ecs", "task-definition/{name}:{mark}"),
    ref: "{arn}",
    attributes: { TaskDefinitionArn: "{arn}" },
  },
  "AWS::ECR::Repository": {
    named: "RepositoryName",
    generated: "lower-case name",
    arn: inRegion("ecr", "repository/{name}"),
    attributes: { RepositoryUri: "{account}.dkr.ecr.{region}.amazonaws.com/{name}" },
  },
  "AWS::EKS::Cluster": { named: "Name", generated: "name", arn: inRegion("eks", "cluster/{name}") },
  "AWS::Lambda::Function": {
    named: "FunctionName",
    generated: "name",
    arn: inRegion("lambda", "function:{name}"),
  },
  "AWS::StepFunctions::StateMachine": {
    named: "StateMachineName",
    generated: "name",
    arn: inRegion("states", "stateMachine:{name}"),
    ref: "{arn}",
    attributes: { Name: "{name}" },
  },
  "AWS::Batch::JobQueue": {
    named: "JobQueueName",
    generated: "name",
    arn: inRegion("batch", "job-queue/{name}"),
    ref: "{arn}",
    attributes: { JobQueueArn: "{arn}" },
  },
};

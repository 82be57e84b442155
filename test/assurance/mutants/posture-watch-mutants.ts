import { editJson, resourcesOfType } from "./edit.ts";
import type { Mutant } from "./mutant.ts";
import {
  broken,
  containerOf,
  development,
  firstOf,
  management,
  silos,
  staging,
  starter,
} from "./posture-broken.ts";

export const watchMutants: readonly Mutant[] = [
  broken(
    "the trail is switched off",
    "audit-as-asked",
    [silos, management, starter],
    "foundation",
    (template) => {
      firstOf(template, "AWS::CloudTrail::Trail").Properties["IsLogging"] = false;
    },
  ),
  broken("the detector is left out", "audit-as-asked", [silos, management], "foundation", (template) => {
    for (const [id] of resourcesOfType(template, "AWS::GuardDuty::Detector")) delete template.Resources[id];
  }),
  broken(
    "flow logs record accepted traffic only",
    "audit-as-asked",
    [management],
    "recovery-foundation",
    (template) => {
      firstOf(template, "AWS::EC2::FlowLog").Properties["TrafficType"] = "ACCEPT";
    },
  ),
  broken(
    "a log is kept for ever",
    "logs-retained",
    [silos, development, starter],
    "tenant-silo",
    (template) => {
      delete firstOf(template, "AWS::Logs::LogGroup").Properties["RetentionInDays"];
    },
  ),
  broken("a log is kept for a day", "logs-retained", [management], "services", (template) => {
    firstOf(template, "AWS::Logs::LogGroup").Properties["RetentionInDays"] = 1;
  }),
  broken(
    "a resource of a tenant has lost its tags",
    "tags-complete",
    [silos, starter],
    "tenant-silo",
    (template) => {
      delete firstOf(template, "AWS::ECS::Service").Properties["Tags"];
    },
  ),
  broken("a resource says that it is of staging", "tags-complete", [management], "data", (template) => {
    for (const tag of firstOf(template, "AWS::S3::Bucket").Properties["Tags"])
      if (tag.Key === "Environment") tag.Value = "staging";
  }),
  {
    name: "a stack can be deleted by one call",
    theme: "posture",
    rule: "posture/stacks-termination-protected",
    platforms: [silos, management, starter],
    mutate: (files) =>
      editJson<{ stacks: { id: string; terminationProtection: boolean }[] }>(
        files,
        "cloudformation/manifest.json",
        ({ stacks }) => {
          for (const stack of stacks) if (stack.id === "data") stack.terminationProtection = false;
        },
      ),
  },
];

export const workloadsMutants: readonly Mutant[] = [
  broken(
    "another container of the newest version runs beside the service",
    "images-pinned",
    [silos],
    "tenant-silo",
    (template) => {
      containerOf(template).Image = "nginx";
    },
  ),
  broken(
    "a service runs the latest image though the definition names a version",
    "images-pinned",
    [management, staging],
    "services",
    (template) => {
      const container = containerOf(template);
      const [, parts] = container.Image["Fn::Join"];
      container.Image = { "Fn::Join": ["", [parts[0], ":latest"]] };
    },
  ),
  broken(
    "tags of a registry can be written again",
    "registries-hold-still",
    [management, starter],
    "foundation",
    (template) => {
      firstOf(template, "AWS::ECR::Repository").Properties["ImageTagMutability"] = "MUTABLE";
    },
  ),
  broken(
    "a container runs as root",
    "containers-unprivileged",
    [management, staging],
    "services",
    (template) => {
      containerOf(template).User = "0:0";
    },
  ),
  broken(
    "a container is privileged, which no definition can ask for",
    "containers-unprivileged",
    [silos, development],
    "tenant-silo",
    (template) => {
      containerOf(template).Privileged = true;
    },
  ),
  broken(
    "a task shares the network of its machine",
    "containers-unprivileged",
    [starter],
    "services",
    (template) => {
      firstOf(template, "AWS::ECS::TaskDefinition").Properties["NetworkMode"] = "host";
    },
  ),
  broken(
    "people get a shell in a tenant's task",
    "no-shell-into-containers",
    [silos, starter],
    "tenant-silo",
    (template) => {
      firstOf(template, "AWS::ECS::Service").Properties["EnableExecuteCommand"] = true;
    },
  ),
  broken(
    "a machine gives its credentials to whoever asks",
    "instances-use-imdsv2",
    [silos],
    "cell",
    (template) => {
      template.Resources["Machine"] = {
        Type: "AWS::EC2::LaunchTemplate",
        Properties: {
          LaunchTemplateData: { InstanceType: "t3.micro", MetadataOptions: { HttpTokens: "optional" } },
        },
      };
    },
  ),
  broken("health is asked of another path", "health-checked", [management], "services", (template) => {
    firstOf(template, "AWS::ElasticLoadBalancingV2::TargetGroup").Properties["HealthCheckPath"] = "/";
  }),
  broken(
    "a copy that fails is found after five minutes",
    "health-checked",
    [silos, starter],
    "tenant-silo",
    (template) => {
      firstOf(template, "AWS::ElasticLoadBalancingV2::TargetGroup").Properties["HealthCheckIntervalSeconds"] =
        100;
    },
  ),
  broken(
    "a deployment that does not come up is not ended",
    "health-checked",
    [silos],
    "tenant-silo",
    (template) => {
      delete firstOf(template, "AWS::ECS::Service").Properties["DeploymentConfiguration"]
        .DeploymentCircuitBreaker;
    },
  ),
];

import { postureRule } from "../posture-rule.ts";
import { requireProperty } from "../read-value.ts";

const paths: Readonly<Record<string, readonly string[]>> = {
  "AWS::EC2::Instance": ["MetadataOptions", "HttpTokens"],
  "AWS::EC2::LaunchTemplate": ["LaunchTemplateData", "MetadataOptions", "HttpTokens"],
  "AWS::AutoScaling::LaunchConfiguration": ["MetadataOptions", "HttpTokens"],
};

export const instancesUseImdsv2 = postureRule({
  name: "instances-use-imdsv2",
  why: "Through IMDSv1 anybody who makes a service fetch a URL gets the credentials of its machine.",
  fix: 'Set MetadataOptions.HttpTokens to "required".',
  things: "machines",
  find: ({ ofType }) => ofType(...Object.keys(paths)),
  judge: (resource) =>
    requireProperty(
      resource,
      paths[resource.type] ?? [],
      (value) => value === "required",
      "credentials of the machine are given to whoever can make it fetch a URL",
    ),
});

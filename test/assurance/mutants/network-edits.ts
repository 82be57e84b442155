/* What mutants of the network do to templates, in the words of CloudFormation. */
import type { ShippedFiles } from "@tenantry/assurance";
import { assert } from "@tenantry/base";
import { type EditableTemplate, editTemplate, resourceOf } from "./edit.ts";
import type { Mutant } from "./mutant.ts";

type Platforms = Mutant["platforms"];
type Edit = (template: EditableTemplate) => void;

export const silos: Platforms = [
  ["tenant-silos", "production"],
  ["tenant-silos", "development"],
];
export const starter: Platforms = [["starter", "production"]];
export const management: Platforms = [
  ["saas-management", "production"],
  ["saas-management", "staging"],
];
export const withTenants: Platforms = [...silos, ...starter];
export const all: Platforms = [...withTenants, ...management];
export const withEndpoints: Platforms = [["tenant-silos", "production"], ...management];
export const withRotation: Platforms = [["tenant-silos", "production"], ...starter, ...management];

export const getAtt = (logicalId: string, name: string) => ({ "Fn::GetAtt": [logicalId, name] });
export const ref = (name: string) => ({ Ref: name });
export const vpcRange = "10.0.0.0/16";
export const https = { IpProtocol: "tcp", FromPort: 443, ToPort: 443 };
export const anything = { IpProtocol: "-1" };

export function mutant(
  name: string,
  rule: string,
  platforms: Platforms,
  ...edits: readonly (readonly [template: string, edit: Edit])[]
): Mutant {
  const mutate = (files: ShippedFiles) =>
    edits.reduce((edited, [template, edit]) => editTemplate(edited, template, edit), files);
  return { name, theme: "network", rule: `network/${rule}`, platforms, mutate };
}

/** Adds a rule to a group, in its own property. */
export const letIn = (group: string, rule: object): Edit =>
  editProperties(group, (properties) => {
    properties["SecurityGroupIngress"] = [...((properties["SecurityGroupIngress"] ?? []) as object[]), rule];
  });

export const letOut = (group: string, ...rules: readonly object[]): Edit =>
  editProperties(group, (properties) => {
    properties["SecurityGroupEgress"] = rules;
  });

export function editProperties(logicalId: string, edit: (properties: Record<string, unknown>) => void): Edit {
  return (template) => edit(resourceOf(template, logicalId).Properties);
}

export const set = (logicalId: string, changed: object): Edit =>
  editProperties(logicalId, (properties) => Object.assign(properties, changed));

export const leaveOut = (logicalId: string, name: string): Edit =>
  editProperties(logicalId, (properties) => {
    delete properties[name];
  });

export const add =
  (logicalId: string, type: string, properties: object): Edit =>
  (template) => {
    template.Resources[logicalId] = { Type: type, Properties: { ...properties } };
  };

export const remove =
  (logicalId: string): Edit =>
  (template) => {
    resourceOf(template, logicalId);
    delete template.Resources[logicalId];
  };

/** Takes the value of another stack, as the generator's templates do. */
export function take(id: string, path: string, isList = false): Edit {
  return (template) => {
    const [known] = Object.values(template.Parameters ?? {}).flatMap(({ Default }) =>
      typeof Default === "string" && Default.startsWith("/") ? [Default] : [],
    );
    assert(known !== undefined, "the template takes no value of another stack");
    const start = known.split("/").slice(0, 3).join("/");
    const type = isList ? "List<String>" : "String";
    template.Parameters ??= {};
    template.Parameters[id] = { Type: `AWS::SSM::Parameter::Value<${type}>`, Default: `${start}/${path}` };
  };
}

/** Gives the tasks of a service one more group. */
export const carry = (service: string, group: object): Edit =>
  editProperties(service, (properties) => {
    const network = properties["NetworkConfiguration"] as {
      AwsvpcConfiguration: { SecurityGroups: object[] };
    };
    network.AwsvpcConfiguration.SecurityGroups.push(group);
  });

export const several =
  (...edits: readonly Edit[]): Edit =>
  (template) => {
    for (const edit of edits) edit(template);
  };

/** Entries of an ACL, by what they say. */
export function aclEntries(
  template: EditableTemplate,
  acl: string,
  isEgress: boolean,
): readonly (readonly [id: string, properties: Record<string, unknown>])[] {
  return Object.entries(template.Resources).flatMap(([id, { Type: type, Properties: properties }]) => {
    const isEntry = type === "AWS::EC2::NetworkAclEntry" && properties["Egress"] === isEgress;
    return isEntry && JSON.stringify(properties["NetworkAclId"]).includes(`"${acl}"`)
      ? [[id, properties]]
      : [];
  });
}

export const isAnswer = ({ PortRange: range, RuleAction: action }: Record<string, unknown>): boolean =>
  action === "allow" && JSON.stringify(range) === '{"From":1024,"To":65535}';

export function swapNumbers(acl: string, isEgress: boolean, one: number, other: number): Edit {
  return (template) => {
    for (const [, properties] of aclEntries(template, acl, isEgress)) {
      const number = properties["RuleNumber"];
      if (number === one || number === other) properties["RuleNumber"] = number === one ? other : one;
    }
  };
}

export const everyPort = { FromPort: 0, ToPort: 65_535 };
export const privateGateway = { VpcId: getAtt("NetworkVpc", "VpcId") };

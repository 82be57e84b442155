import { describe, expect, it } from "vitest";
import { resolved } from "../../test/example-files.ts";

const bucket = { Type: "AWS::S3::Bucket", Properties: { BucketName: "the-bucket" } };
const unnamed = { Type: "AWS::EC2::VPC" };
const sections = {
  Parameters: {
    Name: { Type: "String", Default: "north" },
    Port: { Type: "Number", Default: 80 },
    Hosts: { Type: "CommaDelimitedList", Default: "a.example, b.example" },
  },
  Mappings: { Sizes: { north: { small: "t3", list: ["x", "y"] } } },
  Conditions: {
    IsNorth: { "Fn::Equals": [{ Ref: "Name" }, "north"] },
    IsSouth: { "Fn::Equals": [{ Ref: "Name" }, "south"] },
    Neither: { "Fn::Not": [{ "Fn::Or": [{ Condition: "IsNorth" }, { Condition: "IsSouth" }] }] },
    Both: { "Fn::And": [{ Condition: "IsNorth" }, { "Fn::Not": [{ Condition: "IsSouth" }] }] },
    NobodyKnows: { "Fn::Equals": [{ Ref: "Vpc" }, "vpc-1"] },
    Round: { Condition: "Round" },
    ByAccount: { "Fn::Equals": [{ Ref: "AWS::StackId" }, "x"] },
  },
  Resources: { Bucket: bucket, Vpc: unnamed },
};

describe("an intrinsic function", () => {
  it.each<readonly [string, unknown, unknown]>([
    ["a parameter", { Ref: "Name" }, "north"],
    ["a number as it is written", { Ref: "Port" }, 80],
    ["a list", { Ref: "Hosts" }, ["a.example", "b.example"]],
    ["a named resource", { Ref: "Bucket" }, "the-bucket"],
    ["a resource that AWS names", { Ref: "Vpc" }, "⟨data/Vpc⟩"],
    ["the region", { Ref: "AWS::Region" }, "us-east-1"],
    ["the account", { Ref: "AWS::AccountId" }, "123456789012"],
    ["the partition", { Ref: "AWS::Partition" }, "aws"],
    ["the suffix", { Ref: "AWS::URLSuffix" }, "amazonaws.com"],
    ["the stack", { Ref: "AWS::StackName" }, "acme-production-data"],
    [
      "the stack's id",
      { Ref: "AWS::StackId" },
      "arn:aws:cloudformation:us-east-1:123456789012:stack/acme-production-data/⟨stack:data⟩",
    ],
    ["an attribute", { "Fn::GetAtt": ["Bucket", "Arn"] }, "arn:aws:s3:::the-bucket"],
    ["a dotted attribute", { "Fn::GetAtt": "Bucket.Arn" }, "arn:aws:s3:::the-bucket"],
    ["an attribute that AWS makes", { "Fn::GetAtt": ["Vpc", "CidrBlock"] }, "⟨data/Vpc.CidrBlock⟩"],
    [
      "an attribute by a function",
      { "Fn::GetAtt": ["Bucket", { "Fn::Join": ["", ["A", "rn"]] }] },
      "arn:aws:s3:::the-bucket",
    ],
    ["a join", { "Fn::Join": ["-", ["a", 1, true, { Ref: "Name" }]] }, "a-1-true-north"],
    ["a join of a list", { "Fn::Join": ["|", { Ref: "Hosts" }] }, "a.example|b.example"],
    [
      "a substitution",
      { "Fn::Sub": "${Name}:${AWS::Region}:${Bucket.Arn}:${Port}:${!Name}" },
      "north:us-east-1:arn:aws:s3:::the-bucket:80:${Name}",
    ],
    [
      "a substitution with variables",
      { "Fn::Sub": ["${Own}/${Name}", { Own: { Ref: "Port" } }] },
      "80/north",
    ],
    ["a choice of a list", { "Fn::Select": ["1", { Ref: "Hosts" }] }, "b.example"],
    ["a split", { "Fn::Split": ["-", "a-b--c"] }, ["a", "b", "", "c"]],
    [
      "a split of an ARN",
      { "Fn::Select": [4, { "Fn::Split": [":", { Ref: "AWS::StackId" }] }] },
      "123456789012",
    ],
    ["a lookup", { "Fn::FindInMap": ["Sizes", { Ref: "Name" }, "small"] }, "t3"],
    ["a lookup of a list", { "Fn::FindInMap": ["Sizes", "north", "list"] }, ["x", "y"]],
    [
      "a lookup with a default",
      { "Fn::FindInMap": ["Sizes", "west", "small", { DefaultValue: "m5" }] },
      "m5",
    ],
    ["base64", { "Fn::Base64": "hello ü" }, "aGVsbG8gw7w="],
    ["base64 of what nobody knows", { "Fn::Base64": { Ref: "Vpc" } }, "⟨data/Vpc⟩"],
    [
      "blocks of addresses",
      { "Fn::Cidr": ["10.1.0.0/16", 3, 8] },
      ["10.1.0.0/24", "10.1.1.0/24", "10.1.2.0/24"],
    ],
    [
      "blocks within an octet",
      { "Fn::Cidr": ["10.0.0.128/25", "2", "5"] },
      ["10.0.0.128/27", "10.0.0.160/27"],
    ],
    ["the zones", { "Fn::Select": [1, { "Fn::GetAZs": "" }] }, "us-east-1b"],
    ["the zones of another region", { "Fn::GetAZs": "us-west-1" }, ["us-west-1a", "us-west-1c"]],
    ["a condition that holds", { "Fn::If": ["Both", "yes", "no"] }, "yes"],
    ["one that does not", { "Fn::If": ["Neither", "yes", "no"] }, "no"],
    ["no value in a list", { list: ["a", { Ref: "AWS::NoValue" }, "b"] }, { list: ["a", "b"] }],
    ["no value in an object", { a: { "Fn::If": ["IsSouth", 1, { Ref: "AWS::NoValue" }] }, b: 2 }, { b: 2 }],
    [
      "a dynamic reference",
      "{{resolve:secretsmanager:x:SecretString:y}}",
      "{{resolve:secretsmanager:x:SecretString:y}}",
    ],
    [
      "a policy's condition, which is none of the template's",
      { Condition: { StringEquals: {} } },
      { Condition: { StringEquals: {} } },
    ],
    ["names of JavaScript", { constructor: 1, toString: "x" }, { constructor: 1, toString: "x" }],
  ])("gives %s", (_, value, expected) => {
    const { value: given, problems } = resolved(value, { ...sections, Conditions: known });
    expect({ given, problems }).toEqual({ given: expected, problems: [] });
  });

  const { NobodyKnows: _nobody, Round: _round, ByAccount: _account, ...known } = sections.Conditions;

  it.each<readonly [string, unknown, RegExp]>([
    ["a dangling reference", { Ref: "Nobody" }, /there is no Nobody/],
    ["a name of JavaScript", { Ref: "constructor" }, /there is no constructor/],
    ["a dangling attribute", { "Fn::GetAtt": ["Nobody", "Arn"] }, /there is no resource Nobody/],
    ["an odd attribute", { "Fn::GetAtt": [1, 2, 3] }, /Fn::GetAtt of no resource/],
    ["an unknown pseudo parameter", { Ref: "AWS::Weather" }, /there is no AWS::Weather/],
    ["a reference to an object", { Ref: { a: 1 } }, /Ref of no name/],
    ["an unknown function", { "Fn::Length": [1] }, /nobody knows the function Fn::Length/],
    ["a function of JavaScript", { "Fn::constructor": [1] }, /nobody knows the function/],
    ["a function beside keys", { "Fn::Join": ["", []], More: 1 }, /stands beside other keys/],
    ["a macro beside keys", { More: 1, "Fn::Transform": { Name: "x" } }, /stands beside other keys/],
    ["an import", { "Fn::ImportValue": "x" }, /Fn::ImportValue/],
    ["a macro", { "Fn::Transform": { Name: "x" } }, /Fn::Transform/],
    ["a join of a number", { "Fn::Join": ["", 3] }, /Fn::Join of no list/],
    ["a join of objects", { "Fn::Join": ["", [{ a: 1 }]] }, /Fn::Join of what is no text/],
    ["an element that is not there", { "Fn::Select": [7, ["a"]] }, /element 7 of a list of 1/],
    ["an element of a prototype", { "Fn::Select": ["length", ["a"]] }, /element NaN/],
    ["a key that is not there", { "Fn::FindInMap": ["Sizes", "west", "small"] }, /no small of west/],
    ["a block that does not fit", { "Fn::Cidr": ["10.0.0.0/24", 3, 7] }, /Fn::Cidr of 3 blocks/],
    ["a block of IPv6", { "Fn::Cidr": ["fd00::/56", 1, 64] }, /Fn::Cidr/],
    ["a condition that is not there", { "Fn::If": ["Nope", 1, 2] }, /there is no condition Nope/],
    ["a substitution of a list", { "Fn::Sub": "${Hosts}" }, /Fn::Sub with what is no text/],
    ["a split within what AWS makes", { "Fn::Split": ["-", { Ref: "Vpc" }] }, /Fn::Split of/],
    ["a condition on what AWS makes", { "Fn::If": ["ByAccount", 1, 2] }, /whether/],
    ["a condition that needs itself", { "Fn::If": ["Round", 1, 2] }, /whether the condition Round/],
    ["a condition on a resource", { "Fn::If": ["NobodyKnows", 1, 2] }, /there is no Vpc/],
  ])("does not guess at %s", (_, value, problem) => {
    const { value: given, problems } = resolved(value, sections);
    expect(JSON.stringify(given)).toMatch(/⟨unknown:/);
    expect(problems.join("\n")).toMatch(problem);
  });

  it("shares what is the same in every stack, and lets nobody change it", () => {
    const { value } = resolved({ list: [{ deep: "x" }] });
    expect(Object.isFrozen(value)).toBe(true);
    expect(Object.isFrozen((value as { readonly list: readonly unknown[] }).list[0])).toBe(true);
  });
});

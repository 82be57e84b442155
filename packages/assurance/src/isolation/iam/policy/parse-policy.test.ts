import { describe, expect, it } from "vitest";
import type { Data } from "../../../artifacts/shipment.ts";
import { parsePolicy } from "./parse-policy.ts";
import type { PolicyKind } from "./policy.ts";

const statement = { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::acme/*" };
const policy = (...statements: readonly Data[]): Data => ({ Version: "2012-10-17", Statement: statements });
const problems = (document: Data | undefined, kind: PolicyKind = "identity") =>
  parsePolicy(document, kind).problems.map(({ kind: how, where, what }) => `${how} ${where}: ${what}`);

describe("parsing a policy", () => {
  it("reads what AWS documents", () => {
    const document = policy({
      ...statement,
      Sid: "Read",
      Condition: {
        "ForAnyValue:StringLikeIfExists": { "aws:TagKeys": ["a*", "b"] },
        Bool: { "aws:SecureTransport": true },
      },
    });
    const { policy: parsed, problems: found } = parsePolicy(document, "identity");
    expect(found).toEqual([]);
    expect(
      parsed.statements[0]?.conditions.map(({ key, values, operator }) => [operator.name, key, values]),
    ).toEqual([
      ["ForAnyValue:StringLikeIfExists", "aws:tagkeys", ["a*", "b"]],
      ["Bool", "aws:securetransport", ["true"]],
    ]);
  });

  it("takes a policy without a version as the old one, without variables", () => {
    expect(parsePolicy({ Statement: statement }, "identity").policy.version).toBe("2008-10-17");
  });

  it.each<readonly [what: string, document: Data | undefined, kind?: PolicyKind]>([
    ["nothing", undefined],
    ["a text", "Allow"],
    ["a list", [statement]],
    ["no statements", { Version: "2012-10-17", Statement: [] }],
    ["a version that there is not", { Version: "2012-10-18", Statement: [statement] }],
    [
      "an element that there is not",
      { Version: "2012-10-17", Statements: [statement], Statement: [statement] },
    ],
    ["a misspelt effect", policy({ ...statement, Effect: "Alow" })],
    ["an effect in lower case", policy({ ...statement, Effect: "allow" })],
    ["no effect", policy({ Action: "s3:*", Resource: "*" })],
    ["no action", policy({ Effect: "Allow", Resource: "*" })],
    ["both kinds of action", policy({ ...statement, NotAction: "s3:*" })],
    ["an action without a service", policy({ ...statement, Action: "GetObject" })],
    ["a wildcard in the service", policy({ ...statement, Action: "s*:GetObject" })],
    ["a number for an action", policy({ ...statement, Action: 5 })],
    ["an empty list of actions", policy({ ...statement, Action: [] })],
    ["no resource", policy({ Effect: "Allow", Action: "s3:*" })],
    ["a name for a resource", policy({ ...statement, Resource: "acme" })],
    ["a principal where who acts is known", policy({ ...statement, Principal: "*" })],
    ["no principal where one is needed", policy(statement), "resource"],
    [
      "a wildcard in a principal",
      policy({ ...statement, Principal: { AWS: "arn:aws:iam::111111111111:role/*" } }),
      "resource",
    ],
    ["a type of principal that there is not", policy({ ...statement, Principal: { Aws: "*" } }), "resource"],
    ["a resource in a trust policy", policy({ ...statement, Principal: "*" }), "trust"],
    ["a misspelt operator", policy({ ...statement, Condition: { StringEqual: { "aws:userid": "x" } } })],
    ["Null with IfExists", policy({ ...statement, Condition: { NullIfExists: { "aws:userid": "true" } } })],
    ["a key without a service", policy({ ...statement, Condition: { StringEquals: { userid: "x" } } })],
    ["no values", policy({ ...statement, Condition: { StringEquals: { "aws:userid": [] } } })],
    [
      "a range that there is not",
      policy({ ...statement, Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/33" } } }),
    ],
    ["a text for a number", policy({ ...statement, Condition: { NumericEquals: { "s3:max-keys": "ten" } } })],
    ["a text for a date", policy({ ...statement, Condition: { DateEquals: { "aws:CurrentTime": "soon" } } })],
    ["a text for a truth", policy({ ...statement, Condition: { Bool: { "aws:SecureTransport": "yes" } } })],
    [
      "a short ARN in a condition",
      policy({ ...statement, Condition: { ArnLike: { "aws:SourceArn": "arn:aws:s3" } } }),
    ],
    ["two statements of one Sid", policy({ ...statement, Sid: "One" }, { ...statement, Sid: "One" })],
  ])("refuses %s", (_, document, kind) => {
    const found = problems(document as Data | undefined, kind as PolicyKind | undefined);
    expect(found.length).toBeGreaterThan(0);
    expect(found.every((problem) => problem.startsWith("refuted "))).toBe(true);
  });

  it.each<readonly [string, Data]>([
    ["an action", policy({ ...statement, Action: "⟨unknown:the parameter Action has no value⟩" })],
    ["a resource", policy({ ...statement, Resource: "arn:aws:s3:::⟨unknown:Bucket could not be read⟩/*" })],
    ["a value", policy({ ...statement, Condition: { StringEquals: { "aws:userid": "⟨unknown:why⟩" } } })],
    ["the document", "⟨unknown:why⟩"],
  ])("does not know what could not be resolved in %s", (_, document) => {
    const found = problems(document);
    expect(found.length).toBeGreaterThan(0);
    expect(found.every((problem) => problem.startsWith("unknown "))).toBe(true);
  });
});

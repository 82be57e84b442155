import { seededRandom } from "@tenantry/base";
import { describe, expect, it } from "vitest";
import { drawCase, type IamCase } from "./iam-cases.ts";
import { decide, type Outcome, simulate } from "./iam-oracle.ts";

/*
 * The evaluator against another one, which somebody else wrote: generated requests and policies that use the whole
 * grammar. Where documentation leaves open what AWS does, ours says "maybe", and decides both ways; such a case says
 * nothing. `TENANTRY_TEST_SLOW` makes it a hundred thousand.
 */
const slow = process.env["TENANTRY_TEST_SLOW"] !== undefined;
const seeds = slow ? Array.from({ length: 20 }, (_, index) => index + 1) : [2026];
const casesPerSeed = slow ? 5_000 : 5_000;

interface Tally {
  readonly outcomes: Record<Outcome, number>;
  open: number;
  readonly differences: string[];
}

async function compare(seed: number, count: number, tally: Tally): Promise<void> {
  const random = seededRandom(seed);
  for (let index = 0; index < count; index++) {
    const given = drawCase(random);
    const theirs = await simulate(given);
    const ours = decide(given, theirs.ignored);
    tally.outcomes[theirs.outcome]++;
    if (ours !== decide(given, theirs.ignored, "surely")) tally.open++;
    else if (ours !== theirs.outcome)
      tally.differences.push(`${ours}, the simulator ${theirs.outcome}: ${JSON.stringify(given)}`);
  }
}

describe("the evaluator of policies", () => {
  it(
    `decides ${seeds.length * casesPerSeed} generated requests as the simulator does`,
    { timeout: 900_000 },
    async () => {
      const tally: Tally = {
        outcomes: { allowed: 0, "implicitly-denied": 0, "explicitly-denied": 0 },
        open: 0,
        differences: [],
      };
      for (const seed of seeds) await compare(seed, casesPerSeed, tally);
      const count = seeds.length * casesPerSeed;
      if (slow) process.stderr.write(`${JSON.stringify({ count, ...tally.outcomes, open: tally.open })}\n`);
      expect(tally.differences.slice(0, 3)).toEqual([]);
      // Each outcome is really reached, and what is left open is little.
      for (const reached of Object.values(tally.outcomes)) expect(reached).toBeGreaterThan(count / 10);
      expect(tally.open).toBeLessThan(count / 25);
    },
  );

  it.each<readonly [what: string, without: (given: IamCase) => IamCase]>([
    ["policies of who acts", (given) => ({ ...given, identity: [] })],
    ["policies of the resource", (given) => ({ ...given, resourcePolicy: null })],
    ["permissions boundaries", (given) => ({ ...given, boundary: null })],
    ["session policies", (given) => ({ ...given, session: null })],
    ["service control policies", (given) => ({ ...given, serviceControl: [] })],
    ["VPC endpoints' policies", (given) => ({ ...given, vpcEndpoint: null })],
    ["the context", (given) => ({ ...given, context: {} })],
    ["the account of the resource", (given) => ({ ...given, resourceAccount: "111111111111" })],
    ["upper and lower case", (given) => ({ ...given, resource: given.resource.toLowerCase() })],
  ])("would be found out if it did not look at %s", async (_, without) => {
    const random = seededRandom(7);
    let found = 0;
    for (let index = 0; index < 250 && found === 0; index++) {
      const given = drawCase(random);
      const theirs = await simulate(given);
      if (decide(without(given), theirs.ignored) !== theirs.outcome) found++;
    }
    expect(found).toBe(1);
  });
});

const account = "111111111111";
const plain: IamCase = {
  principal: `arn:aws:sts::${account}:assumed-role/app/session`,
  action: "sqs:SendMessage",
  resource: `arn:aws:sqs:us-east-1:${account}:acme-jobs`,
  resourceAccount: account,
  context: {},
  identity: [],
  resourcePolicy: null,
  boundary: null,
  session: null,
  serviceControl: [],
  vpcEndpoint: null,
};
const allow = (more: object) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*", ...more }],
});
const identity = (more: object, version = "2012-10-17") => ({
  identity: [{ ...allow(more), Version: version }],
});

/** Where the simulator does not do what AWS documents; none of it is generated above. */
interface KnownDifference {
  readonly what: string;
  readonly documentation: string;
  readonly given: Partial<IamCase>;
  readonly ours: Outcome;
  readonly theirs: Outcome;
}

const guide = "https://docs.aws.amazon.com/IAM/latest/UserGuide";
const knownDifferences: readonly KnownDifference[] = [
  {
    what: "a range of no bits holds every address",
    documentation: `${guide}/reference_policies_elements_condition_operators.html (CIDR of RFC 4632)`,
    given: {
      context: { "aws:SourceIp": "203.0.114.9" },
      ...identity({ Condition: { IpAddress: { "aws:SourceIp": "0.0.0.0/0" } } }),
    },
    ours: "allowed",
    theirs: "implicitly-denied",
  },
  {
    what: "NotIpAddress holds for all addresses except those of the range, of the other version too",
    documentation: `${guide}/reference_policies_elements_condition_operators.html ("all IP addresses except the specified")`,
    given: {
      context: { "aws:SourceIp": "203.0.114.9" },
      ...identity({ Condition: { NotIpAddress: { "aws:SourceIp": "2001:db8::1" } } }),
    },
    ours: "allowed",
    theirs: "implicitly-denied",
  },
  {
    what: "an IPv6 address may be written out",
    documentation: `${guide}/reference_policies_elements_condition_operators.html (RFC 4291 notation)`,
    given: {
      context: { "aws:SourceIp": "2001:0DB8:0:0:0:0:0:1" },
      ...identity({ Condition: { IpAddress: { "aws:SourceIp": "2001:db8::1" } } }),
    },
    ours: "allowed",
    theirs: "implicitly-denied",
  },
  {
    what: "a variable may begin the last part of an ARN",
    documentation: `${guide}/reference_policies_variables.html ("in the Resource element")`,
    given: {
      context: { "aws:PrincipalTag/tenant": "acme" },
      ...identity({ Resource: `arn:aws:sqs:us-east-1:${account}:\${aws:PrincipalTag/tenant}-jobs` }),
    },
    ours: "allowed",
    theirs: "implicitly-denied",
  },
  {
    what: "${$} is a dollar sign in conditions",
    documentation: `${guide}/reference_policies_variables.html ("where you need the $ literal")`,
    given: {
      context: { "aws:PrincipalTag/tenant": "$" },
      ...identity({ Condition: { StringEquals: { "aws:PrincipalTag/tenant": "${$}" } } }),
    },
    ours: "allowed",
    theirs: "implicitly-denied",
  },
  {
    what: "a policy that names no version has no variables",
    documentation: `${guide}/reference_policies_elements_version.html ("defaults to 2008-10-17", variables "treated as literal strings")`,
    given: {
      context: { "aws:PrincipalTag/tenant": "acme" },
      identity: [
        {
          Statement: allow({
            Condition: { StringEquals: { "aws:PrincipalTag/tenant": "${aws:PrincipalTag/tenant}" } },
          }).Statement,
        },
      ],
    },
    ours: "implicitly-denied",
    theirs: "allowed",
  },
  {
    what: "what a resource's policy gives to a session is not bounded by the session's policy",
    documentation: `${guide}/access_policies.html#policies_session ("permissions from the resource-based policy are added after the session is created")`,
    given: {
      session: allow({ Action: "s3:*" }),
      resourcePolicy: allow({ Principal: { AWS: `arn:aws:sts::${account}:assumed-role/app/session` } }),
    },
    ours: "allowed",
    theirs: "implicitly-denied",
  },
  {
    what: "service control policies do not bind services",
    documentation:
      "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html (they bind users and roles of member accounts)",
    given: {
      principal: "ecs-tasks.amazonaws.com",
      resourcePolicy: allow({ Principal: { Service: "ecs-tasks.amazonaws.com" } }),
      serviceControl: [
        [{ Version: "2012-10-17", Statement: [{ Effect: "Deny", Action: "*", Resource: "*" }] }],
      ],
    },
    ours: "allowed",
    theirs: "explicitly-denied",
  },
  {
    what: "a condition may look at a pair of the encryption context",
    documentation:
      "https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context (the simulator drops the key)",
    given: {
      action: "kms:Decrypt",
      resource: `arn:aws:kms:us-east-1:${account}:key/0e2f4c33-3d1a-4f5a-9f07-6d3f0b8c2d11`,
      context: { "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::acme/x" },
      ...identity({
        Condition: { StringLike: { "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::acme/*" } },
      }),
      resourcePolicy: allow({ Principal: { AWS: account } }),
    },
    ours: "allowed",
    theirs: "implicitly-denied",
  },
];

describe("where the simulator departs from what AWS documents", () => {
  it.each(knownDifferences)("$what", async ({ given, ours, theirs }) => {
    const whole = { ...plain, ...given };
    expect(decide(whole, [])).toBe(ours);
    expect(decide(whole, [], "surely")).toBe(ours);
    expect((await simulate(whole)).outcome).toBe(theirs);
  });
});

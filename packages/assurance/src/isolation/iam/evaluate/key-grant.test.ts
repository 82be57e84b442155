import { describe, expect, it } from "vitest";
import { authorize, noPolicies } from "./authorize.ts";
import { contextOf } from "./context.ts";
import type { KeyGrant } from "./key-grant.ts";
import { parsePolicy } from "../policy/parse-policy.ts";

const account = "111111111111";
const role = `arn:aws:iam::${account}:role/app`;
const key = `arn:aws:kms:us-east-1:${account}:key/one`;
const grant: KeyGrant = {
  grantee: role,
  operations: ["Decrypt"],
  encryptionContext: { tenant: "acme" },
  exact: false,
};

function decide(action: string, tenant: string, grants: readonly KeyGrant[], denies = false) {
  const document = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Deny", Action: "kms:Decrypt", Resource: "*" }],
  };
  const { policy } = parsePolicy(document, "identity");
  return authorize(
    {
      principal: {
        kind: "role-session",
        account,
        roleArn: role,
        sessionArn: `arn:aws:sts::${account}:assumed-role/app/s`,
      },
      action,
      resource: key,
      resourceAccount: account,
      context: contextOf({
        "kms:EncryptionContext:tenant": tenant,
        "kms:EncryptionContextKeys": ["tenant", "more"],
      }),
    },
    { ...noPolicies, grants, identity: denies ? [{ name: "p", policy }] : [] },
  ).outcome;
}

describe("a grant of a key", () => {
  it("lets its grantee do what it names, for its encryption context", () => {
    expect(decide("kms:Decrypt", "acme", [grant])).toBe("allowed");
    expect(decide("kms:Decrypt", "globex", [grant])).toBe("implicitly-denied");
    expect(decide("kms:Encrypt", "acme", [grant])).toBe("implicitly-denied");
    expect(decide("kms:Decrypt", "acme", [{ ...grant, grantee: `${role}2` }])).toBe("implicitly-denied");
    expect(decide("kms:Decrypt", "acme", [{ ...grant, exact: true }])).toBe("implicitly-denied");
    expect(decide("kms:Decrypt", "acme", [])).toBe("implicitly-denied");
  });

  it("is below an explicit Deny", () => {
    expect(decide("kms:Decrypt", "acme", [grant], true)).toBe("explicitly-denied");
  });
});

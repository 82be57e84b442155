import { readPolicy } from "../../src/diagnose/iam/read-policy.ts";
import type { PolicyDocument } from "../../src/diagnose/iam/role-snapshot.ts";

/** The same data, to be broken by a test. */
export type Mutable<T> = T extends (infer Item)[] | readonly (infer Item)[]
  ? Mutable<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Mutable<T[Key]> }
    : T;

export function policy(statements: readonly object[]): PolicyDocument {
  const document = readPolicy(JSON.stringify({ Version: "2012-10-17", Statement: statements }));
  if (document === "unread") throw new Error("the test's policy is none");
  return document;
}

import type { ConditionOperator } from "./condition-operators.ts";

/** Which elements a policy has, and what its statements are about. */
export type PolicyKind =
  | "identity"
  | "permissions-boundary"
  | "session"
  | "service-control"
  | "resource"
  /** Of a repository of images, which names no resource. */
  | "repository"
  | "trust"
  | "key"
  | "vpc-endpoint";

/** An IAM policy as AWS reads it. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
export interface Policy {
  readonly version: "2008-10-17" | "2012-10-17";
  readonly statements: readonly Statement[];
}

export interface Statement {
  /** Its place in the document, from 0. */
  readonly index: number;
  readonly sid: string | null;
  readonly effect: "Allow" | "Deny";
  /** Null where the policy is attached to who acts. */
  readonly principals: PrincipalClause | null;
  readonly actions: PatternClause;
  /** Null where the policy is about what it is attached to, such as a role. */
  readonly resources: PatternClause | null;
  readonly conditions: readonly Condition[];
}

/** `negated` is NotAction or NotResource. */
export interface PatternClause {
  readonly negated: boolean;
  readonly patterns: readonly string[];
}

/** `negated` is NotPrincipal. */
export interface PrincipalClause {
  readonly negated: boolean;
  readonly principals: readonly PrincipalPattern[];
}

export type PrincipalPattern =
  | { readonly kind: "everyone" }
  /** Whoever the account lets: `arn:aws:iam::111122223333:root`, or the account's number. */
  | { readonly kind: "account"; readonly account: string }
  /** A user, a role, a session of a role or of a federated user. */
  | { readonly kind: "arn"; readonly arn: string }
  | { readonly kind: "service"; readonly service: string }
  | { readonly kind: "federated"; readonly provider: string }
  /** An id that AWS made, such as AROA… or that of a canonical user; nobody here is equal to it. */
  | { readonly kind: "unique-id"; readonly id: string };

export interface Condition {
  readonly operator: ConditionOperator;
  /** In lower case, as AWS compares keys without regard to case. */
  readonly key: string;
  readonly values: readonly string[];
}

/** What is wrong with a document. */
export interface PolicyProblem {
  /** Refuted: AWS refuses it, or it says something else than it seems to; unknown: it could not be resolved. */
  readonly kind: "refuted" | "unknown";
  /** Where: "statement 2 (Sid)", or "document". */
  readonly where: string;
  readonly what: string;
}

/** How people find a statement: its Sid, or its number from 0. */
export function statementName({ index, sid }: Pick<Statement, "index" | "sid">): string {
  return sid === null ? `statement ${index}` : `statement ${index} (${sid})`;
}

/** A role, with every policy that decides what it may do. */
export interface RoleSnapshot {
  readonly arn: string;
  readonly name: string;
  readonly trust: PolicyDocument;
  /** Null where it has none; "unread" where its text could not be read. */
  readonly boundary: { readonly arn: string; readonly document: PolicyDocument | "unread" } | null;
  readonly policies: readonly NamedPolicy[];
}

export interface NamedPolicy {
  readonly name: string;
  readonly document: PolicyDocument | "unread";
}

export interface PolicyDocument {
  readonly statements: readonly PolicyStatement[];
}

export interface PolicyStatement {
  readonly effect: "Allow" | "Deny";
  /** Null: the statement says NotAction. */
  readonly actions: readonly string[] | null;
  readonly notActions: readonly string[];
  /** Null: the statement says NotResource. */
  readonly resources: readonly string[] | null;
  readonly notResources: readonly string[];
  /** Services, accounts and ARNs; empty in a policy that is attached. */
  readonly principals: readonly string[];
  /** Operator, then key, then values. */
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

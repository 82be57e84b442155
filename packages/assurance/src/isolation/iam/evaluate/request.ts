import type { ContextLookup } from "./context.ts";

/** One request to AWS. */
export interface AccessRequest {
  readonly principal: Principal;
  /** Such as "s3:GetObject". */
  readonly action: string;
  /** ARN, or "*" for actions that have no resource. */
  readonly resource: string;
  readonly resourceAccount: string;
  readonly context: ContextLookup;
}

/** Who acts. */
export type Principal =
  | { readonly kind: "user"; readonly account: string; readonly arn: string }
  | {
      readonly kind: "role-session";
      readonly account: string;
      /** `arn:aws:iam::111122223333:role/path/name` */
      readonly roleArn: string;
      /** `arn:aws:sts::111122223333:assumed-role/name/session` */
      readonly sessionArn: string;
    }
  | { readonly kind: "federated-user"; readonly account: string; readonly arn: string }
  | { readonly kind: "root"; readonly account: string; readonly arn: string }
  | { readonly kind: "service"; readonly service: string }
  /** Somebody with a token of an identity provider, who asks for a role. */
  | { readonly kind: "federated"; readonly provider: string }
  | { readonly kind: "anonymous" };

/** The account of who acts; null for services and for those without one. */
export function accountOf(principal: Principal): string | null {
  return "account" in principal ? principal.account : null;
}

export const serviceOf = (action: string): string => action.slice(0, action.indexOf(":")).toLowerCase();

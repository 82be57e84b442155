import type { AccessRequest } from "./request.ts";

/** A grant of a KMS key, which lets beside all policies; only an explicit Deny is above it. */
export interface KeyGrant {
  /** ARN of a role, a session or a user. */
  readonly grantee: string;
  /** Such as "Decrypt". */
  readonly operations: readonly string[];
  /** Pairs of the encryption context that must be there, and whether no others may be. */
  readonly encryptionContext: Readonly<Record<string, string>>;
  readonly exact: boolean;
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/grants.html */
export function grantAllows(grant: KeyGrant, { principal, action, context }: AccessRequest): boolean {
  const [service = "", operation = ""] = action.split(":");
  if (service.toLowerCase() !== "kms") return false;
  if (!grant.operations.some((each) => each.toLowerCase() === operation.toLowerCase())) return false;
  const arns =
    principal.kind === "role-session"
      ? [principal.roleArn, principal.sessionArn]
      : "arn" in principal
        ? [principal.arn]
        : [];
  if (!arns.includes(grant.grantee)) return false;
  const fits = Object.entries(grant.encryptionContext).every(([name, value]) => {
    const found = context(`kms:encryptioncontext:${name}`.toLowerCase());
    return found.kind === "any" || (found.kind === "single" && found.value === value);
  });
  return fits && (!grant.exact || hasNoOtherKeys(grant, context("kms:encryptioncontextkeys")));
}

function hasNoOtherKeys(
  { encryptionContext }: KeyGrant,
  keys: ReturnType<AccessRequest["context"]>,
): boolean {
  if (keys.kind === "any") return true;
  const names = keys.kind === "many" ? keys.values : keys.kind === "single" ? [keys.value] : [];
  return names.every((name) => Object.hasOwn(encryptionContext, name));
}

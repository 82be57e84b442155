import { isCodedError } from "@tenantry/base";
import type { CodedError } from "@tenantry/base";
import { errors } from "../../errors.ts";

/** Codes with which AWS asks for patience (https://docs.aws.amazon.com/general/latest/gr/api-retries.html). */
const throttles = new Set([
  "Throttling",
  "ThrottlingException",
  "ThrottledException",
  "RequestThrottled",
  "RequestThrottledException",
  "RequestLimitExceeded",
  "TooManyRequestsException",
  "TooManyUpdates",
  "PriorRequestNotComplete",
  "BandwidthLimitExceeded",
  "SlowDown",
]);
const connectionLosses = new Set([
  "ECONNRESET",
  "ECONNREFUSED",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "TimeoutError",
  "RequestTimeout",
  "RequestTimeoutException",
  "NetworkingError",
  "InternalError",
  "InternalFailure",
  "ServiceUnavailable",
]);
const refusedCredentials = new Set([
  "CredentialsProviderError",
  "TokenProviderError",
  "UnrecognizedClientException",
  "InvalidClientTokenId",
  "InvalidAccessKeyId",
  "SignatureDoesNotMatch",
  "InvalidSignatureException",
  "ExpiredToken",
  "ExpiredTokenException",
  "RequestExpired",
  "AuthFailure",
  "MissingAuthenticationToken",
]);
const denials = new Set(["AccessDenied", "AccessDeniedException", "UnauthorizedOperation"]);

/** What the SDK throws, as far as it concerns us. */
interface SdkFailure {
  readonly name: string;
  readonly message: string;
  readonly code: string | undefined;
  readonly status: number | undefined;
}

export function readFailure(failure: unknown): SdkFailure {
  const { name, message, code, $metadata } = (failure ?? {}) as {
    readonly name?: unknown;
    readonly message?: unknown;
    readonly code?: unknown;
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  return {
    name: typeof name === "string" ? name : "Error",
    message: typeof message === "string" ? message : String(failure),
    code: typeof code === "string" ? code : undefined,
    status: $metadata?.httpStatusCode,
  };
}

/** Whether the same call can succeed a little later. */
export function isTransient(failure: unknown): boolean {
  if (isCodedError(failure)) return false;
  const { name, code, status, message } = readFailure(failure);
  const names = [name, code ?? ""];
  if (names.some((one) => refusedCredentials.has(one) || denials.has(one))) return false;
  if (names.some((one) => throttles.has(one) || connectionLosses.has(one))) return true;
  if (status !== undefined && (status >= 500 || status === 429)) return true;
  return /socket hang up|socket disconnected|aborted|Rate exceeded/i.test(message);
}

/** The expected failure that stands behind what the SDK threw. */
export function codedFailure(
  failure: unknown,
  { operation, region }: { readonly operation: string; readonly region: string },
): CodedError {
  if (isCodedError(failure)) return failure;
  const { name, code, message } = readFailure(failure);
  const isOneOf = (set: ReadonlySet<string>) => set.has(name) || (code !== undefined && set.has(code));
  if (isOneOf(refusedCredentials)) return errors.TOOLKIT_AWS_CREDENTIALS({ detail: message }, failure);
  if (isOneOf(denials)) return errors.TOOLKIT_AWS_DENIED({ operation, region, detail: message }, failure);
  if (code === "ENOTFOUND" || name === "OptInRequired")
    return errors.TOOLKIT_AWS_REGION({ region, detail: message }, failure);
  if (isTransient(failure))
    return errors.TOOLKIT_AWS_UNREACHABLE({ operation, region, detail: `${name}: ${message}` }, failure);
  return errors.TOOLKIT_AWS_REFUSED({ operation, region, reason: name, detail: message }, failure);
}

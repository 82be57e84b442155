import {
  type ApiAnswer,
  type ApiProblem,
  type ApiRequest,
  answerOf,
  detailOf,
  messageOf,
  requestTimeoutMs,
  silenceOf,
} from "../api/api-answer.ts";
import { errors } from "../errors.ts";

export interface ControlAddress {
  /** Such as http://127.0.0.1:8081. */
  readonly url: string;
  /** A token with the role operator. */
  readonly token: string;
}

/**
 * Asks the control plane.
 *
 * @throws TOOLKIT_CONTROL_UNREACHABLE when nothing that speaks HTTP answers in time
 */
export async function askControlPlane(
  { url, token }: ControlAddress,
  request: ApiRequest,
  fetchFn: typeof fetch,
): Promise<ApiAnswer> {
  const { headers, body } = messageOf(token, request);
  try {
    const response = await fetchFn(new URL(request.path, url), {
      method: request.method,
      headers,
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.timeout(requestTimeoutMs),
    });
    return answerOf(response.status, await response.text());
  } catch (failure) {
    throw errors.TOOLKIT_CONTROL_UNREACHABLE({ url, detail: silenceOf(failure) }, failure);
  }
}

/** Begins a download; how long it takes is a matter of its size. @throws TOOLKIT_CONTROL_UNREACHABLE */
export async function openDownload(
  { url, token }: ControlAddress,
  path: string,
  fetchFn: typeof fetch,
): Promise<Response> {
  try {
    return await fetchFn(new URL(path, url), { headers: { authorization: `Bearer ${token}` } });
  } catch (failure) {
    throw errors.TOOLKIT_CONTROL_UNREACHABLE({ url, detail: silenceOf(failure) }, failure);
  }
}

/** The error for a problem that the caller has no better words for. */
export function unexpected(problem: ApiProblem) {
  const { status, code } = problem;
  const detail = detailOf(problem);
  return status >= 500
    ? errors.TOOLKIT_CONTROL_FAILED({ status, code, detail })
    : errors.TOOLKIT_CONTROL_REFUSED({ status, code, detail });
}

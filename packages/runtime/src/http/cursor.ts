import { createHash, timingSafeEqual } from "node:crypto";
import { ProblemError } from "./problems.ts";

/**
 * A place in a list, opaque to clients: the key of the last item that was seen, with a check sum
 * over the list that it belongs to. The sum is no secret and grants nothing (whoever forges a
 * cursor still sees only rows of the own tenant); it catches cursors that were cut, edited, or
 * taken from another list, which would otherwise skip items without a word.
 */
export function encodeCursor(list: string, key: string): string {
  return Buffer.concat([checkSum(list, key), Buffer.from(key, "utf8")]).toString("base64url");
}

/** The key of the last item that was seen. @throws ProblemError INVALID_CURSOR */
export function decodeCursor(list: string, cursor: string): string {
  const bytes = Buffer.from(cursor, "base64url");
  // Node skips what is not base64url, so only a text that comes back the same was one.
  if (bytes.length <= checkSumBytes || bytes.toString("base64url") !== cursor) {
    throw new ProblemError("INVALID_CURSOR");
  }
  const key = bytes.subarray(checkSumBytes).toString("utf8");
  if (!timingSafeEqual(bytes.subarray(0, checkSumBytes), checkSum(list, key))) {
    throw new ProblemError("INVALID_CURSOR");
  }
  return key;
}

const checkSumBytes = 6;

function checkSum(list: string, key: string): Buffer {
  return createHash("sha256").update(`cursor v1\n${list}\n${key}`).digest().subarray(0, checkSumBytes);
}

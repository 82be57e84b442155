import { ProblemError } from "../http/problems.ts";

/**
 * Refuses paths that the service could read as another place than the router did: dot segments,
 * also behind escapes and backslashes, and what looks like another origin. Everything else passes
 * as it came.
 *
 * @throws ProblemError MALFORMED_TARGET
 */
export function requirePlainPath(url: string): void {
  const path = url.split("?", 1)[0] ?? url;
  if (!isPlainPath(path)) throw new ProblemError("MALFORMED_TARGET");
}

function isPlainPath(path: string): boolean {
  if (!path.startsWith("/") || path.replaceAll("\\", "/").startsWith("//")) return false;
  try {
    const segments = decodeURIComponent(path).split(/[/\\]/);
    return !segments.includes(".") && !segments.includes("..");
  } catch {
    return false;
  }
}

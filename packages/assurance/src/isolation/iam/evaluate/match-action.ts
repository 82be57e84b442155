import type { PatternClause } from "../policy/policy.ts";

/** Whether an Action or NotAction is about the action; upper and lower case are the same. */
export function matchAction({ negated, patterns }: PatternClause, action: string): boolean {
  return (
    patterns.some(
      (pattern) =>
        isOfService(pattern, action) && matchesWildcards(pattern.toLowerCase(), action.toLowerCase()),
    ) !== negated
  );
}

/** Most patterns are of another service, or another name; that is seen at once. */
function isOfService(pattern: string, action: string): boolean {
  const colon = pattern.indexOf(":");
  return (
    colon < 0 ||
    (action.charAt(colon) === ":" && (pattern.charCodeAt(0) | 32) === (action.charCodeAt(0) | 32))
  );
}

/** It is enough to try the latest `*` again. */
function matchesWildcards(pattern: string, text: string): boolean {
  let [at, place, retryAt, retryPlace] = [0, 0, -1, -1];
  while (at < text.length) {
    const sign = pattern.charAt(place);
    if (sign === "*") {
      retryPlace = place++;
      retryAt = at;
    } else if (sign === "?" || (sign !== "" && sign === text.charAt(at))) {
      place++;
      at++;
    } else if (retryPlace >= 0) {
      place = retryPlace + 1;
      at = ++retryAt;
    } else return false;
  }
  while (pattern.charAt(place) === "*") place++;
  return place === pattern.length;
}

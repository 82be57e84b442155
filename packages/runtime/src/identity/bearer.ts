import { ProblemError } from "../http/problems.ts";

// The scheme's name is case-insensitive (RFC 9110, section 11.1); the rest is exact.
const bearerPattern = /^bearer ([A-Za-z0-9._~+/=-]+)$/i;

/** The token of an Authorization field. @throws ProblemError TOKEN_MISSING or TOKEN_INVALID */
export function bearerToken(authorization: string | undefined): string {
  if (authorization === undefined) {
    throw new ProblemError("TOKEN_MISSING", { headers: { "www-authenticate": challenge } });
  }
  const token = bearerPattern.exec(authorization)?.[1];
  if (token === undefined) throw invalidToken("the Authorization field is not a bearer token");
  return token;
}

/** What refuses a token. The reason is logged and not sent: it would help only an attacker. */
export function invalidToken(reason: string): ProblemError {
  return new ProblemError("TOKEN_INVALID", {
    headers: { "www-authenticate": `${challenge}, error="invalid_token"` },
    reason,
  });
}

const challenge = 'Bearer realm="tenantry"';

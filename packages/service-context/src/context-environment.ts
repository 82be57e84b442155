import type { ContextOptions } from "./verify-tenant-context.ts";

/**
 * The options in the environment variables that a platform gives each of its services.
 *
 * @throws TypeError when a variable is missing, with its name
 */
export function contextOptionsFrom(
  environment: Readonly<Record<string, string | undefined>>,
): Pick<ContextOptions, "issuer" | "jwksUrl" | "audience"> {
  const read = (name: string) => {
    const value = environment[name];
    if (value === undefined || value === "") {
      throw new TypeError(
        `the environment variable ${name} is missing: the platform sets it for its services`,
      );
    }
    return value;
  };
  return {
    issuer: read("TENANTRY_ISSUER"),
    jwksUrl: read("TENANTRY_JWKS_URL"),
    audience: read("TENANTRY_AUDIENCE"),
  };
}

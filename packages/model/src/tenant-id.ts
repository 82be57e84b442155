/**
 * A tenant is a customer company. Its id stands in host names, bucket names, role names and
 * schema names, so its grammar is the intersection of what all of those allow.
 */
export type TenantId = string & { readonly __tenantId: unique symbol };

/** Lower-case words of letters and digits joined by single hyphens; the first begins with a letter. */
export const tenantIdPattern = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
export const tenantIdLengthMin = 3;
export const tenantIdLengthMax = 32;

export function isTenantId(value: unknown): value is TenantId {
  return (
    typeof value === "string" &&
    value.length >= tenantIdLengthMin &&
    value.length <= tenantIdLengthMax &&
    tenantIdPattern.test(value)
  );
}

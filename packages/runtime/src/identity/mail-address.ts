import { z } from "zod";

/** A mail address as a client sends it. It is kept in lower case, so that one address is one member. */
export const mailAddressSchema = z
  .email("must be a mail address")
  .max(254, "must be at most 254 characters")
  .regex(/^[^@]{1,64}@/, "must have at most 64 characters before the @");

export function canonicalMailAddress(address: string): string {
  return address.toLowerCase();
}

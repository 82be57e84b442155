import { isCodedError } from "@tenantry/base";
import { importSigningKey, requireKeyRing, type RingKey, ringOfOne } from "@tenantry/runtime";
import { z } from "zod";
import { json } from "./parsers.ts";
import { Unfit } from "./variable-reader.ts";

const expected =
  "private ES256 or EdDSA keys with a kid: a JWK, a JWK set whose first key signs, or a key ring as a rotation leaves it";

const jwk = z.looseObject({ kty: z.string() });
const jwkSet = z.object({ keys: z.array(jwk).min(1) });
const ring = z
  .array(
    z.object({
      jwk,
      createdAt: z.string(),
      signsFrom: z.string(),
      verifiesUntil: z.string().nullable(),
    }),
  )
  .min(1);

/** The ring of a JWK, of a JWK set, or of the JSON of a ring. Whether its keys work is asked by requireSigningKeys. */
export function parseSigningKeys(text: string): readonly RingKey[] {
  const value = json(text, expected);
  const asRing = ring.safeParse(value);
  if (asRing.success) return asRing.data;
  const asSet = jwkSet.safeParse(value);
  if (asSet.success) return ringOfSet(asSet.data.keys);
  const asKey = jwk.safeParse(value);
  if (asKey.success) return ringOfOne(asKey.data);
  throw new Unfit(expected, "JSON that is neither");
}

/** A set has no times: its first key signs, and all of them verify. */
function ringOfSet(keys: readonly RingKey["jwk"][]): readonly RingKey[] {
  const last = new Date(1).toISOString();
  return keys.flatMap((key, index) =>
    ringOfOne(key).map((entry) => (index === 0 ? { ...entry, signsFrom: last } : entry)),
  );
}

/** @returns what is wrong with the keys, without any part of them; null where nothing is */
export async function mistakeInSigningKeys(
  keys: readonly RingKey[],
): Promise<{ readonly expected: string; readonly found: string } | null> {
  try {
    requireKeyRing(keys);
    for (const key of keys) await importSigningKey(key.jwk);
    return null;
  } catch (error) {
    if (!isCodedError(error)) throw error;
    return { expected, found: `keys that cannot be used (${String(error.params["reason"])})` };
  }
}

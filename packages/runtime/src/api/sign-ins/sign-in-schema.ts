import type { Selectable } from "kysely";
import { z } from "zod";
import { apiSchemas, timestamp } from "../../http/schemas.ts";
import { uuidPattern } from "../../http/uuid-v7.ts";
import { mailAddressSchema } from "../../identity/mail-address.ts";
import type { SignInsTable } from "../../tenant-store/tenant-tables.ts";

const idSchema = z.string().regex(uuidPattern, "must be a UUID in lower case");

export const signInParams = z.strictObject({ id: idSchema });

/** Longer than any password: what is wrong about one is not said when somebody signs in. */
const passwordTextMax = 1_024;

export const signInInputSchema = z
  .strictObject({
    email: mailAddressSchema,
    password: z
      .string()
      .min(1, "must not be empty")
      .max(passwordTextMax, `must be at most ${passwordTextMax} characters`),
  })
  .register(apiSchemas, {
    id: "Credentials",
    description: "What a member signs in with.",
    examples: [{ email: "ada@example.com", password: "correct horse battery staple" }],
  });

export const refreshInputSchema = z
  .strictObject({
    refreshToken: z.string().min(1, "must not be empty").max(256, "must be at most 256 characters"),
  })
  .register(apiSchemas, {
    id: "RefreshRequest",
    description: "The refresh token that was given last; each is good for one use.",
  });

export const signInSchema = z
  .strictObject({
    id: idSchema,
    memberId: idSchema,
    userAgent: z.string(),
    createdAt: timestamp,
    refreshedAt: timestamp,
    expiresAt: timestamp,
    current: z.boolean(),
  })
  .register(apiSchemas, {
    id: "SignIn",
    description:
      "That a member has signed in somewhere, until they sign out or do not come back for 30 days. The current one is that of the token which asks.",
    examples: [
      {
        id: "0197a5f0-3c7e-7a10-9d5b-2f6c1e8b4a37",
        memberId: "0197a5f0-3c7e-7a10-9d5b-2f6c1e8b4a38",
        userAgent: "Mozilla/5.0",
        createdAt: "2026-01-31T12:00:00.000Z",
        refreshedAt: "2026-01-31T12:00:00.000Z",
        expiresAt: "2026-03-02T12:00:00.000Z",
        current: true,
      },
    ],
  });
export type SignInView = z.infer<typeof signInSchema>;

export const signInTokensSchema = z
  .strictObject({
    accessToken: z.string(),
    refreshToken: z.string(),
    expiresInSeconds: z.int().min(1),
    signIn: signInSchema,
  })
  .register(apiSchemas, {
    id: "SignInTokens",
    description:
      "An access token, which is good for so many seconds, and a refresh token, which is good for the next pair of them once, within 30 days.",
  });

export const signInColumns = [
  "id",
  "member_id",
  "user_agent",
  "created_at",
  "refreshed_at",
  "expires_at",
] as const;
/** A sign-in as the API shows it: never with its hashes. */
export type StoredSignIn = Pick<Selectable<SignInsTable>, (typeof signInColumns)[number]>;

export function signInView(row: StoredSignIn, current: string | null): SignInView {
  return {
    id: row.id,
    memberId: row.member_id,
    userAgent: row.user_agent,
    createdAt: row.created_at.toISOString(),
    refreshedAt: row.refreshed_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    current: row.id === current,
  };
}

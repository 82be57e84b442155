import type { z } from "zod";
import type { Tenant } from "../../tenants/tenant.ts";
import type { ApiContext } from "../api-context.ts";
import type { MadeSignIn } from "./sign-in-changes.ts";
import { signInView, type signInTokensSchema } from "./sign-in-schema.ts";

/** What whoever signed in, or refreshed, is answered. */
export async function signInTokens(
  { accessTokens }: Pick<ApiContext, "accessTokens">,
  tenant: Tenant,
  { row, refreshToken, holder }: MadeSignIn,
): Promise<z.infer<typeof signInTokensSchema>> {
  return {
    accessToken: await accessTokens.issue(tenant, holder),
    refreshToken,
    expiresInSeconds: accessTokens.lifetimeSeconds,
    signIn: signInView(row, row.id),
  };
}

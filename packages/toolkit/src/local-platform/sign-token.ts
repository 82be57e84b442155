import { join } from "node:path";
import type { TenantId } from "@tenantry/model";
import { displayPath } from "../definition/find-definition.ts";
import { errors } from "../errors.ts";
import type { ToolkitPorts } from "../ports.ts";

/** The roles that a user can have in a tenant, as the runtime knows them. */
export const tenantRoles = ["owner", "admin", "member", "viewer"] as const;
export type TenantRole = (typeof tenantRoles)[number];

/** For whom and for how long. */
export type TokenOrder = {
  readonly platform: string;
  readonly subject: string;
  /** 1 to 86,400. */
  readonly lifetimeSeconds: number;
} & (
  | { readonly kind: "tenant"; readonly tenant: TenantId; readonly role: TenantRole }
  | { readonly kind: "control"; readonly role: "operator" | "auditor" }
);

/**
 * Signs a token with the key in the data folder of a platform of this machine.
 *
 * @throws TOOLKIT_SECRETS_MISSING before the first start of the platform
 */
export async function signLocalToken(
  dataFolder: string,
  order: TokenOrder,
  { clock, random, cwd }: Pick<ToolkitPorts, "clock" | "random" | "cwd">,
): Promise<string> {
  const [{ localIssuerUrl, readSecrets }, { importSigningKey, issueToken, signingKeyAt }] = await Promise.all(
    [import("@tenantry/local"), import("@tenantry/runtime")],
  );
  const secrets = await readSecrets(dataFolder);
  if (secrets === null)
    throw errors.TOOLKIT_SECRETS_MISSING({ path: displayPath(join(dataFolder, "secrets.json"), cwd) });
  const key = await importSigningKey(signingKeyAt(secrets.keyRing, clock.nowMs()).jwk);
  return issueToken(key, { ...order, issuer: localIssuerUrl(order.platform) }, { clock, random });
}

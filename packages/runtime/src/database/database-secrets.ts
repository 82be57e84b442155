import { createHmac } from "node:crypto";

/** The two secrets from which every password and key of the platform's databases is derived. */
export interface DatabaseSecrets {
  /** Derives the passwords of the owner, app, control, operator and silo roles. */
  readonly rolePassword: string;
  /** Derives the keys that seal the tenant of a transaction. */
  readonly seal: string;
}

export function rolePassword(secrets: DatabaseSecrets, role: string): string {
  return createHmac("sha256", secrets.rolePassword).update(`role:${role}`).digest("base64url");
}

/**
 * The seal: what a transaction must show to be a tenant's.
 *
 * A transaction names its tenant in a setting, and SQL that an attacker injects can set it too.
 * So the setting carries `<tenant>.<HMAC-SHA-256 of the tenant>`, and the policies believe it
 * only when the database keeps the same for the tenant (see current-tenant.ts). The key never
 * reaches the database, and no role of the application can read the seals that it keeps. Each
 * database has a key of its own, so the seal for one opens nothing in another.
 */
export class Sealer {
  readonly #key: Buffer;

  constructor(secrets: DatabaseSecrets, database: string) {
    this.#key = createHmac("sha256", secrets.seal).update(`seal:${database}`).digest();
  }

  /** @param life how many tenants have had this id, this one included: none opens what was another's */
  seal(tenant: string, life = 1): string {
    return this.#sealOf(tenant, life === 1 ? tenant : `${tenant}#${life}`);
  }

  /** What opens a tenant for its removal only: while the database keeps it, the tenant itself is shut out. */
  removalSeal(tenant: string): string {
    return this.#sealOf(tenant, `${tenant}#removal`);
  }

  #sealOf(tenant: string, text: string): string {
    return `${tenant}.${createHmac("sha256", this.#key).update(text).digest("hex")}`;
  }
}

/** Names the sealing secret without telling it, so that tenants sealed with an older one are found. */
export function sealFingerprint(secrets: DatabaseSecrets): string {
  return createHmac("sha256", secrets.seal).update("fingerprint").digest("hex").slice(0, 32);
}

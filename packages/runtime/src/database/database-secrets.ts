import { createHash, createHmac } from "node:crypto";

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
 * only when the HMAC fits (see current-tenant.ts). The key never becomes part of SQL text and no
 * role of the application can read it. Each database has a key of its own.
 */
export class Sealer {
  readonly #key: Buffer;

  constructor(secrets: DatabaseSecrets, database: string) {
    this.#key = createHmac("sha256", secrets.seal).update(`seal:${database}`).digest();
  }

  seal(tenant: string): string {
    return `${tenant}.${this.#mac(tenant)}`;
  }

  /** What a registry notification carries instead of the tenant id, which any listener would see. */
  changeToken(tenant: string): string {
    return this.#mac(`change:${tenant}`).slice(0, 32);
  }

  /** The key in the form in which the database keeps it: HMAC's two pads, ready to be hashed. */
  pads(): { readonly inner: Buffer; readonly outer: Buffer } {
    const block = Buffer.alloc(64);
    this.#key.copy(block);
    return { inner: Buffer.from(block.map((byte) => byte ^ 0x36)), outer: Buffer.from(block.map((byte) => byte ^ 0x5c)) };
  }

  /** Names the key without telling it, so that a changed secret is noticed. */
  fingerprint(): string {
    return createHash("sha256").update("fingerprint:").update(this.#key).digest("hex");
  }

  #mac(message: string): string {
    return createHmac("sha256", this.#key).update(message).digest("hex");
  }
}

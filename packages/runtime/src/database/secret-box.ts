import { createCipheriv, createDecipheriv, hkdfSync } from "node:crypto";
import type { Random } from "@tenantry/base";
import type { DatabaseSecrets } from "./database-secrets.ts";

const nonceBytes = 12;
const tagBytes = 16;
const version = 1;

/**
 * Keeps secrets that have to be shown again, such as what webhooks are signed with: AES-256-GCM
 * under a key that is derived from the platform's secrets and never reaches the database. A secret
 * opens only under the name that it was closed under, so that rows cannot lend each other theirs.
 */
export class SecretBox {
  readonly #key: Uint8Array;
  readonly #random: Random;

  constructor(secrets: DatabaseSecrets, random: Random) {
    this.#key = new Uint8Array(hkdfSync("sha256", secrets.seal, "", "tenantry secret box", 32));
    this.#random = random;
  }

  close(name: string, secret: string): Buffer {
    const nonce = this.#random.bytes(nonceBytes);
    const cipher = createCipheriv("aes-256-gcm", this.#key, nonce).setAAD(Buffer.from(name));
    const closed = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()]);
    return Buffer.concat([Buffer.of(version), nonce, cipher.getAuthTag(), closed]);
  }

  /** The secret; null where the platform's secrets have changed since, or somebody has touched it. */
  open(name: string, box: Uint8Array): string | null {
    const bytes = Buffer.from(box);
    const start = 1 + nonceBytes + tagBytes;
    if (bytes[0] !== version || bytes.length < start) return null;
    try {
      const decipher = createDecipheriv("aes-256-gcm", this.#key, bytes.subarray(1, 1 + nonceBytes))
        .setAAD(Buffer.from(name))
        .setAuthTag(bytes.subarray(1 + nonceBytes, start));
      return Buffer.concat([decipher.update(bytes.subarray(start)), decipher.final()]).toString("utf8");
    } catch {
      return null;
    }
  }
}

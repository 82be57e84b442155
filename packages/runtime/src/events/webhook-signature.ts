import { createHmac } from "node:crypto";
import { assert, type Random } from "@tenantry/base";

const prefix = "whsec_";
const secretBytes = 32;

/** A new secret to sign with, as the receiver configures it: `whsec_` and base64. */
export function newWebhookSecret(random: Random): string {
  return `${prefix}${Buffer.from(random.bytes(secretBytes)).toString("base64")}`;
}

export interface SignedHeaders {
  readonly "webhook-id": string;
  readonly "webhook-timestamp": string;
  readonly "webhook-signature": string;
}

/**
 * The headers of a message by Standard Webhooks (https://www.standardwebhooks.com): one signature
 * for each secret that is valid, so that a receiver may have either of them while it changes over.
 *
 * @param id the same in every attempt, so that the receiver knows what it has seen
 */
export function signWebhook(
  secrets: readonly string[],
  message: { readonly id: string; readonly sentAtMs: number; readonly body: string },
): SignedHeaders {
  const timestamp = String(Math.floor(message.sentAtMs / 1_000));
  const signatures = secrets.map((secret) => {
    assert(secret.startsWith(prefix), "a webhook's secret has another form");
    const key = Buffer.from(secret.slice(prefix.length), "base64");
    const signed = `${message.id}.${timestamp}.${message.body}`;
    return `v1,${createHmac("sha256", key).update(signed).digest("base64")}`;
  });
  return {
    "webhook-id": message.id,
    "webhook-timestamp": timestamp,
    "webhook-signature": signatures.join(" "),
  };
}

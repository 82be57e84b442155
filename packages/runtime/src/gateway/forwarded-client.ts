import type { IncomingMessage } from "node:http";
import { forwardedAddress } from "../limits/client-address.ts";

/** How the client came to the outermost proxy of ours, or to the gateway where there is none. */
export interface ForwardedClient {
  readonly address: string;
  readonly proto: "http" | "https";
}

/**
 * Who the client is, by those hops only that are ours.
 *
 * @param trustedProxies how many proxies of ours stand in front; see {@link forwardedAddress}
 */
export function forwardedClient(request: IncomingMessage, trustedProxies: number): ForwardedClient {
  const peer = request.socket.remoteAddress ?? "unknown";
  if (trustedProxies === 0) return { address: peer, proto: "http" };
  return {
    address: forwardedAddress(request, trustedProxies) ?? peer,
    proto: forwardedProto(request, trustedProxies),
  };
}

/** Some proxies append to the field, as to the address, and some write it anew. Both are read from the right. */
function forwardedProto({ headers }: IncomingMessage, trustedProxies: number): ForwardedClient["proto"] {
  const field = headers["x-forwarded-proto"];
  const entries = (Array.isArray(field) ? field.join(",") : (field ?? "")).split(",");
  const entry = entries.at(-Math.min(trustedProxies, entries.length))?.trim().toLowerCase();
  return entry === "https" ? "https" : "http";
}

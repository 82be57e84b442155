import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";

/**
 * What is limited together for lack of a better name: an IPv4 address, or the 64 leading bits of
 * an IPv6 address, because whoever has one has all that begin like it.
 *
 * @param trustedProxies how many proxies of ours stand in front. Each appends to X-Forwarded-For
 *   the address that it was called from; what stands before those entries is the client's claim.
 */
export function clientAddress(request: IncomingMessage, trustedProxies: number): string {
  const forwarded = trustedProxies === 0 ? undefined : forwardedAddress(request, trustedProxies);
  return groupOf(forwarded ?? request.socket.remoteAddress ?? "unknown");
}

/** The address that the outermost proxy of ours was called from, as it wrote it down. */
export function forwardedAddress({ headers }: IncomingMessage, trustedProxies: number): string | undefined {
  const field = headers["x-forwarded-for"];
  const entries = (Array.isArray(field) ? field.join(",") : (field ?? "")).split(",");
  // Fewer entries than proxies: the request did not come through all of them, and nothing is known.
  const entry = entries.at(-trustedProxies)?.trim() ?? "";
  const address = isIP(entry) === 0 ? entry.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1") : entry;
  return isIP(address) === 0 ? undefined : address;
}

function groupOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, "");
  if (!plain.includes(":")) return plain;
  const [head = "", tail = ""] = plain.replace(/%.*$/, "").toLowerCase().split("::");
  const leading = head === "" ? [] : head.split(":");
  const trailing = tail === "" ? [] : tail.split(":");
  const zeros = plain.includes("::") ? Math.max(0, 8 - leading.length - trailing.length) : 0;
  const groups = [...leading, ...Array.from({ length: zeros }, () => "0"), ...trailing];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":")}::/64`;
}

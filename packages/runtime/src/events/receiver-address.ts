import { BlockList, isIP, isIPv4 } from "node:net";

/**
 * Which addresses a webhook may be sent to. A webhook makes this server open a connection that
 * somebody else chose, so it must not lead to what only this server reaches: private networks,
 * this machine, the metadata of the cloud (RFC 6890 and the IANA special-purpose registries).
 */
const notPublic = new BlockList();
for (const [network, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const) {
  notPublic.addSubnet(network, bits, "ipv4");
}
/** Of IPv6 only what is given out for the internet is reached, less what tunnels or documents. */
const globalUnicast = new BlockList();
globalUnicast.addSubnet("2000::", 3, "ipv6");
for (const [network, bits] of [
  // Protocol assignments, Teredo among them.
  ["2001::", 23],
  ["2001:db8::", 32],
  // 6to4, which holds an IPv4 address that would go unseen.
  ["2002::", 16],
  ["3fff::", 20],
] as const) {
  notPublic.addSubnet(network, bits, "ipv6");
}

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

export function isPublicAddress(address: string): boolean {
  const plain = mapped.exec(address)?.[1] ?? address;
  if (isIPv4(plain)) return !notPublic.check(plain, "ipv4");
  return isIP(plain) === 6 && globalUnicast.check(plain, "ipv6") && !notPublic.check(plain, "ipv6");
}

function isLoopbackAddress(address: string): boolean {
  const plain = mapped.exec(address)?.[1] ?? address;
  const family = isIP(plain);
  return family !== 0 && loopback.check(plain, family === 4 ? "ipv4" : "ipv6");
}

export interface ReceiverRules {
  /** Lets webhooks go to this machine, also without TLS: for development, where the receiver runs beside. */
  readonly allowLoopback: boolean;
}

/** Whether a connection to this address may be opened for a URL of this protocol. Asked for each connection. */
export function mayConnect(protocol: string, address: string, { allowLoopback }: ReceiverRules): boolean {
  if (allowLoopback && isLoopbackAddress(address)) return true;
  return protocol === "https:" && isPublicAddress(address);
}

const receiverUrlLengthMax = 2_048;

/**
 * What is wrong with the URL of a receiver, in words that follow it; null when nothing is. Where a
 * name leads is not looked at here: that can change, and is asked for each connection.
 */
export function faultOfReceiverUrl(text: string, rules: ReceiverRules): string | null {
  if (text.length > receiverUrlLengthMax) return `must be at most ${receiverUrlLengthMax} characters long`;
  // The parser would drop spaces and control characters without a word.
  if (!/^https?:\/\/[\x21-\x7e]+$/.test(text) || !URL.canParse(text)) {
    return "must be an absolute https URL in ASCII, such as https://hooks.example.com/tenants";
  }
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") {
    return "must hold no user name and no password; the receiver verifies the signature instead";
  }
  if (url.hash !== "") return "must have no fragment, which is never sent";
  const host = hostOf(url);
  const isLoopback = host === "localhost" || isLoopbackAddress(host);
  if (isLoopback) return rules.allowLoopback ? null : "must not lead to this machine";
  if (url.protocol !== "https:") return "must begin with https://, so that nobody on the way reads it";
  if (isIP(host) !== 0 && !isPublicAddress(host)) {
    return "must not lead to a private, link-local or otherwise special address";
  }
  return null;
}

/** The host of a URL as the network knows it: without the brackets of IPv6. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, "$1");
}

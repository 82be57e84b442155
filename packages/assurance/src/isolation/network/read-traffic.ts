import type { Data, Properties } from "../../artifacts/shipment.ts";
import type { Span, Traffic } from "./network-model.ts";
import { everyPort, everything, tcp, udp } from "./packet-box.ts";
import { recordOf, textOf, wholeOf } from "./property-values.ts";

const icmp = 1;
const icmpv6 = 58;
/** https://www.iana.org/assignments/protocol-numbers */
const protocolNames: Readonly<Record<string, number>> = { icmp, tcp, udp, icmpv6 };

const one = (number: number): Span => ({ from: number, to: number + 1 });

/** What a security group's rule is about; null where that cannot be read. */
export function groupTraffic(rule: Properties): Traffic | null {
  const protocol = protocolOf(rule["IpProtocol"]);
  if (protocol === null) return null;
  if (protocol === "all") return everything;
  const from = wholeOf(rule["FromPort"]);
  const to = wholeOf(rule["ToPort"]);
  if (protocol === icmp || protocol === icmpv6) {
    const isLeftOut = rule["FromPort"] === undefined && rule["ToPort"] === undefined;
    const ports = isLeftOut && protocol === icmpv6 ? everyPort : icmpPorts(from, to);
    return ports === null ? null : { protocols: one(protocol), ports };
  }
  return portTraffic(protocol, from, to);
}

/** What an entry of a network ACL is about; null where that cannot be read. */
export function aclTraffic(entry: Properties): Traffic | null {
  const protocol = protocolOf(entry["Protocol"]);
  if (protocol === null) return null;
  if (protocol === "all") return everything;
  if (protocol === icmp || protocol === icmpv6) {
    const { Type: type, Code: code } = recordOf(entry["Icmp"]);
    const ports = icmpPorts(wholeOf(type), wholeOf(code));
    return ports === null ? null : { protocols: one(protocol), ports };
  }
  const { From: from, To: to } = recordOf(entry["PortRange"]);
  return portTraffic(protocol, wholeOf(from), wholeOf(to));
}

/** Ports are of TCP and UDP only: of any other protocol AWS lets everything pass. */
function portTraffic(protocol: number, from: number | null, to: number | null): Traffic | null {
  const protocols = one(protocol);
  if (protocol !== tcp && protocol !== udp) return { protocols, ports: everyPort };
  if (from === null || to === null) return null;
  if (from === -1 && to === -1) return { protocols, ports: everyPort };
  if (from < 0 || from > to || to > 65_535) return null;
  return { protocols, ports: { from, to: to + 1 } };
}

/** Types and codes as ports: `type * 256 + code`; -1 is every one. */
function icmpPorts(type: number | null, code: number | null): Span | null {
  if (type === null || code === null || type > 255 || code > 255 || type < -1 || code < -1) return null;
  if (type === -1) return everyPort;
  const first = type * 256;
  return code === -1 ? { from: first, to: first + 256 } : one(first + code);
}

function protocolOf(value: Data | undefined): number | "all" | null {
  const text = textOf(value);
  if (text === null) return null;
  if (text === "-1") return "all";
  const named = Object.hasOwn(protocolNames, text.toLowerCase())
    ? protocolNames[text.toLowerCase()]
    : undefined;
  if (named !== undefined) return named;
  const number = wholeOf(text);
  return number !== null && number >= 0 && number <= 255 ? number : null;
}

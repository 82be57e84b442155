import type { Span, Traffic } from "./network-model.ts";
import { everyPort, everyProtocol, trafficContains } from "./packet-box.ts";

const names: Readonly<Record<number, string>> = { 1: "icmp", 6: "tcp", 17: "udp", 58: "icmpv6" };

/** Such as "tcp 5432", "tcp 1024-65535", "every protocol". */
export function describeTraffic({ protocols, ports }: Traffic): string {
  if (isAll(protocols, everyProtocol))
    return isAll(ports, everyPort) ? "every protocol" : `ports ${spanText(ports)}`;
  const single = protocols.to - protocols.from === 1;
  const protocol = single
    ? (names[protocols.from] ?? `protocol ${protocols.from}`)
    : `protocols ${spanText(protocols)}`;
  if (isAll(ports, everyPort))
    return single && names[protocols.from] !== undefined ? `every ${protocol}` : protocol;
  const isIcmp = protocols.from === 1 || protocols.from === 58;
  return isIcmp && single ? `${protocol} type ${ports.from >> 8}` : `${protocol} ${spanText(ports)}`;
}

/** Several, without those that are a part of another. */
export function describeAll(traffic: readonly Traffic[]): string {
  const whole = traffic.filter(
    (one, index) =>
      !traffic.some(
        (other, at) =>
          at !== index && trafficContains(other, one) && (at < index || !trafficContains(one, other)),
      ),
  );
  return [...new Set(whole.map(describeTraffic))].join(", ");
}

const spanText = ({ from, to }: Span): string => (to - from === 1 ? String(from) : `${from}-${to - 1}`);

const isAll = (span: Span, all: Span): boolean => span.from <= all.from && span.to >= all.to;

import { intersectRanges, subtractRange } from "./address-range.ts";
import type { AddressRange, NetworkAcl, Span, Traffic } from "./network-model.ts";

/** Packets to or from a range of addresses, and the rules that let them through. */
export interface PacketBox {
  readonly range: AddressRange;
  readonly traffic: Traffic;
  readonly by: readonly string[];
}

export const everyProtocol: Span = Object.freeze({ from: 0, to: 256 });
export const everyPort: Span = Object.freeze({ from: 0, to: 65_536 });
export const everything: Traffic = Object.freeze({ protocols: everyProtocol, ports: everyPort });
export const tcp = 6;
export const udp = 17;

export function intersectSpans(a: Span, b: Span): Span | null {
  const from = Math.max(a.from, b.from);
  const to = Math.min(a.to, b.to);
  return from < to ? { from, to } : null;
}

const spanContains = (outer: Span, inner: Span): boolean => outer.from <= inner.from && inner.to <= outer.to;

export function subtractSpan(a: Span, b: Span): readonly Span[] {
  const common = intersectSpans(a, b);
  if (common === null) return [a];
  return [
    { from: a.from, to: common.from },
    { from: common.to, to: a.to },
  ].filter(({ from, to }) => from < to);
}

export function intersectTraffic(a: Traffic, b: Traffic): Traffic | null {
  const protocols = intersectSpans(a.protocols, b.protocols);
  const ports = intersectSpans(a.ports, b.ports);
  return protocols === null || ports === null ? null : { protocols, ports };
}

export const trafficContains = (outer: Traffic, inner: Traffic): boolean =>
  spanContains(outer.protocols, inner.protocols) && spanContains(outer.ports, inner.ports);

/** What is left of some traffic without other traffic. */
export function subtractTraffic(a: Traffic, b: Traffic): readonly Traffic[] {
  const common = intersectTraffic(a, b);
  if (common === null) return [a];
  return [
    ...subtractSpan(a.protocols, common.protocols).map((protocols) => ({ protocols, ports: a.ports })),
    ...subtractSpan(a.ports, common.ports).map((ports) => ({ protocols: common.protocols, ports })),
  ];
}

export function intersectBox(a: PacketBox, range: AddressRange, traffic: Traffic): PacketBox | null {
  const commonRange = intersectRanges(a.range, range);
  const commonTraffic = commonRange === null ? null : intersectTraffic(a.traffic, traffic);
  return commonRange === null || commonTraffic === null
    ? null
    : { range: commonRange, traffic: commonTraffic, by: a.by };
}

export function subtractBox(a: PacketBox, range: AddressRange, traffic: Traffic): readonly PacketBox[] {
  const common = intersectBox(a, range, traffic);
  if (common === null) return [a];
  return [
    ...subtractRange(a.range, common.range).map((left) => ({ ...a, range: left })),
    ...subtractTraffic(a.traffic, common.traffic).map((left) => ({
      ...a,
      range: common.range,
      traffic: left,
    })),
  ];
}

/**
 * Whether an unknown rule lets through as little as it may, or as much. What is reached either way is certain; what is
 * reached only in the second is unknown.
 */
export type Bound = "certain" | "possible";

/** What an ACL lets through of the packets of some ranges, in disjoint boxes: the first entry that matches decides. */
export function allowedByAcl(
  acl: NetworkAcl,
  direction: "inbound" | "outbound",
  ranges: readonly AddressRange[],
  bound: Bound,
): readonly PacketBox[] {
  const allowed: PacketBox[] = [];
  let left: readonly PacketBox[] = ranges.map((range) => ({ range, traffic: everything, by: [] }));
  const entries = acl.entries.filter((entry) => entry.direction === direction);
  for (const { action, match, where } of entries.toSorted((a, b) => a.number - b.number)) {
    if (left.length === 0) break;
    if (match === null) {
      // It may match everything or nothing. As much as may be: an allow lets all through, a deny stops nothing.
      if (action === "allow" && bound === "possible") {
        allowed.push(...left.map((box) => ({ ...box, by: [where] })));
      }
      if ((action === "allow") === (bound === "possible")) left = [];
      continue;
    }
    if (action === "allow") {
      for (const box of left) {
        const common = intersectBox(box, match.range, match.traffic);
        if (common !== null) allowed.push({ ...common, by: [where] });
      }
    }
    left = left.flatMap((box) => subtractBox(box, match.range, match.traffic));
  }
  return allowed;
}

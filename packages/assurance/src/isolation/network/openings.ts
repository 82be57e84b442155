import { intersectRanges } from "./address-range.ts";
import type { Span, Traffic } from "./network-model.ts";
import {
  everyPort,
  everyProtocol,
  intersectSpans,
  intersectTraffic,
  type PacketBox,
  subtractSpan,
  tcp,
} from "./packet-box.ts";

/** Connections that can be opened: the port they go to, the ports they may come from, and the rules that let them. */
export interface Opening {
  readonly traffic: Traffic;
  readonly sourcePorts: Span;
  readonly by: readonly string[];
}

/** What one side of a connection needs of ACLs and routes. */
export interface Half {
  readonly traffic: Traffic;
  readonly sourcePorts: Span;
  readonly by: readonly string[];
}

export const tcpOnly: Traffic = Object.freeze({ protocols: { from: tcp, to: tcp + 1 }, ports: everyPort });

/** Packets that pass, each with an answer from or to the same addresses where it is TCP. */
export function halves(pass: readonly PacketBox[], answers: () => readonly PacketBox[]): readonly Half[] {
  const found: Half[] = [];
  let back: readonly PacketBox[] | null = null;
  for (const { range, traffic, by } of pass) {
    const { protocols, ports } = traffic;
    for (const other of [
      { from: everyProtocol.from, to: tcp },
      { from: tcp + 1, to: everyProtocol.to },
    ]) {
      const datagrams = intersectSpans(protocols, other);
      if (datagrams !== null) {
        found.push({ traffic: { protocols: datagrams, ports }, sourcePorts: everyPort, by });
      }
    }
    if (intersectSpans(protocols, tcpOnly.protocols) === null) continue;
    back ??= answers();
    for (const answer of back) {
      if (intersectRanges(range, answer.range) === null) continue;
      const sourcePorts = answer.traffic.ports;
      found.push({
        traffic: { protocols: tcpOnly.protocols, ports },
        sourcePorts,
        by: [...by, ...answer.by],
      });
    }
  }
  return found;
}

export function join(near: readonly Half[], far: readonly Half[]): readonly Opening[] {
  return near.flatMap((a) =>
    far.flatMap((b) => {
      const traffic = intersectTraffic(a.traffic, b.traffic);
      const sourcePorts = intersectSpans(a.sourcePorts, b.sourcePorts);
      return traffic === null || sourcePorts === null
        ? []
        : [{ traffic, sourcePorts, by: [...a.by, ...b.by] }];
    }),
  );
}

/** Whether every port from which a client may call is among the source ports. */
export function coversClients(openings: readonly Opening[]): boolean {
  const left = openings.reduce<readonly Span[]>(
    (rest, { sourcePorts }) => rest.flatMap((span) => subtractSpan(span, sourcePorts)),
    [{ from: 1024, to: 65_536 }],
  );
  return left.length === 0;
}

/** One of each that lets the same through. */
export function distinct(openings: readonly Opening[]): readonly Opening[] {
  const byTraffic = new Map<string, Opening>();
  for (const opening of openings) {
    const { traffic, sourcePorts } = opening;
    const key = [traffic.protocols, traffic.ports, sourcePorts]
      .map(({ from, to }) => `${from}-${to}`)
      .join(" ");
    if (!byTraffic.has(key)) byTraffic.set(key, opening);
  }
  return [...byTraffic.values()];
}

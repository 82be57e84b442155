import fc from "fast-check";
import { expect, test } from "vitest";
import type { AclEntry, NetworkAcl } from "./network-model.ts";
import { allowedByAcl, subtractTraffic, trafficContains } from "./packet-box.ts";

const span = fc
  .tuple(fc.nat(6), fc.integer({ min: 1, max: 6 }))
  .map(([from, size]) => ({ from, to: from + size }));
const traffic = fc.record({ protocols: span, ports: span });
const range = span.map(({ from, to }) => ({ family: 4 as const, from: BigInt(from), to: BigInt(to) }));
const entry: fc.Arbitrary<AclEntry> = fc.record({
  direction: fc.constant("inbound" as const),
  number: fc.integer({ min: 1, max: 20 }),
  action: fc.constantFrom("allow" as const, "deny" as const),
  match: fc.option(fc.record({ range, traffic }), { freq: 8 }),
  where: fc.constant("entry"),
});

const aclOf = (entries: readonly AclEntry[]): NetworkAcl => ({
  id: "acl",
  where: "acl",
  isDefault: false,
  entries: [...new Map(entries.map((one) => [one.number, one])).values()],
});

test("what an ACL lets through is what the first entry that matches allows, and boxes do not overlap", () => {
  const all = { family: 4 as const, from: 0n, to: 12n };
  fc.assert(
    fc.property(
      fc.array(entry, { maxLength: 6 }),
      fc.nat(11),
      fc.nat(11),
      fc.nat(11),
      fc.constantFrom("certain" as const, "possible" as const),
      (entries, address, protocol, port, bound) => {
        const acl = aclOf(entries);
        const boxes = allowedByAcl(acl, "inbound", [all], bound).filter(
          (box) =>
            box.range.from <= address &&
            address < box.range.to &&
            trafficContains(box.traffic, {
              protocols: { from: protocol, to: protocol + 1 },
              ports: { from: port, to: port + 1 },
            }),
        );
        const first = acl.entries
          .toSorted((a, b) => a.number - b.number)
          .find(({ action, match }) =>
            match === null
              ? (action === "allow") === (bound === "possible")
              : match.range.from <= address &&
                address < match.range.to &&
                match.traffic.protocols.from <= protocol &&
                protocol < match.traffic.protocols.to &&
                match.traffic.ports.from <= port &&
                port < match.traffic.ports.to,
          );
        expect(boxes.length).toBe(first?.action === "allow" ? 1 : 0);
      },
    ),
    { numRuns: 2000 },
  );
});

test("what is left of traffic is apart from what was taken", () => {
  fc.assert(
    fc.property(traffic, traffic, fc.nat(11), fc.nat(11), (one, other, protocol, port) => {
      const point = { protocols: { from: protocol, to: protocol + 1 }, ports: { from: port, to: port + 1 } };
      const left = subtractTraffic(one, other).filter((part) => trafficContains(part, point)).length;
      expect(left).toBe(trafficContains(one, point) && !trafficContains(other, point) ? 1 : 0);
    }),
  );
});

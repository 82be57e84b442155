import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { matches } from "../../src/diagnose/iam/evaluate-policies.ts";
import { addressRange, formatAddress, formatRange, isInRange } from "../../src/diagnose/network/cidr.ts";
import { innerObstacles } from "../../src/diagnose/network/inner-path.ts";
import { refusalOf } from "../../src/diagnose/network/network-acl-rules.ts";
import type {
  NetworkAclEntry,
  NetworkSnapshot,
  SecurityGroupRule,
} from "../../src/diagnose/network/network-snapshot.ts";
import { groupsAllow } from "../../src/diagnose/network/security-group-rules.ts";

// A world of 64 addresses and ports up to 15, small enough to be tried out as a whole.
const cidr = fc
  .tuple(fc.integer({ min: 0, max: 63 }), fc.integer({ min: 26, max: 32 }))
  .map(([last, length]) => formatRange(addressRange(`10.0.0.${last}/${length}`) ?? { first: 0, last: 0 }));
const ports = fc
  .tuple(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 0, max: 15 }))
  .map(([a, b]) => ({ fromPort: Math.min(a, b), toPort: Math.max(a, b) }));
const group = fc.constantFrom("sg-a", "sg-b", "sg-c");
const rule: fc.Arbitrary<SecurityGroupRule> = fc
  .record({
    protocol: fc.constantFrom("tcp", "udp", "-1"),
    ports,
    cidrs: fc.array(cidr, { maxLength: 2 }),
    groups: fc.array(group, { maxLength: 1 }),
  })
  .map(({ ports: range, ...rest }) => ({ ...rest, ...range, prefixLists: [] }));
const entry: fc.Arbitrary<NetworkAclEntry> = fc
  .record({
    number: fc.integer({ min: 1, max: 1000 }),
    direction: fc.constantFrom("ingress" as const, "egress" as const),
    action: fc.constantFrom("allow" as const, "deny" as const),
    protocol: fc.constantFrom("6", "17", "-1"),
    cidr,
    ports,
  })
  .map(({ ports: range, ...rest }) => ({ ...rest, ...range }));
const entries = fc.uniqueArray(entry, { maxLength: 6, selector: ({ number }) => number });

/** Written out from AWS's words, with no thought of speed. */
function ruleLetsThrough(
  one: SecurityGroupRule,
  port: number,
  address: number,
  groups: readonly string[],
): boolean {
  const isProtocol = one.protocol === "-1" || one.protocol === "tcp";
  const isPort = one.protocol === "-1" || (port >= (one.fromPort ?? 0) && port <= (one.toPort ?? 0));
  const text = formatAddress(address);
  const isAddress = one.cidrs.some((range) => addressesOf(range).includes(text));
  return isProtocol && isPort && (isAddress || one.groups.some((id) => groups.includes(id)));
}

/** Every address of a range, by counting in text. */
function addressesOf(range: string): readonly string[] {
  const [address = "", length = "32"] = range.split("/");
  const last = Number(address.split(".")[3]);
  return Array.from({ length: 2 ** (32 - Number(length)) }, (_, index) => `10.0.0.${last + index}`);
}

function aclPasses(
  list: readonly NetworkAclEntry[],
  direction: string,
  address: number,
  port: number,
): boolean {
  const ordered = [...list].sort((a, b) => a.number - b.number);
  for (const one of ordered) {
    if (one.direction !== direction || !addressesOf(one.cidr).includes(formatAddress(address))) continue;
    if (one.protocol === "-1") return one.action === "allow";
    if (one.protocol === "6" && port >= (one.fromPort ?? 0) && port <= (one.toPort ?? 0))
      return one.action === "allow";
  }
  return false;
}

const base = addressRange("10.0.0.0")?.first ?? 0;
const everyAddress = Array.from({ length: 64 }, (_, index) => base + index);

function networkOf(
  groups: Readonly<Record<string, Pick<NetworkSnapshot["securityGroups"][string], "ingress" | "egress">>>,
): NetworkSnapshot {
  return {
    vpcs: {},
    subnets: Object.fromEntries(
      [
        ["low", "10.0.0.0/27"],
        ["high", "10.0.0.32/27"],
      ].map(([id = "", range = ""]) => [id, { id, vpc: "vpc", cidr: range, zone: "a", freeAddresses: null }]),
    ),
    securityGroups: Object.fromEntries(
      Object.entries(groups).map(([id, one]) => [id, { id, name: id, ...one }]),
    ),
    acls: [],
    routeTables: [],
    endpoints: [],
    natGateways: {},
  };
}

describe("security groups", () => {
  test("let through exactly what a rule names", () => {
    fc.assert(
      fc.property(
        fc.array(rule, { maxLength: 5 }),
        fc.integer({ min: 0, max: 15 }),
        fc.integer({ min: 0, max: 63 }),
        fc.array(group),
        (rules, port, offset, groups) => {
          const network = networkOf({ "sg-1": { ingress: rules, egress: [] } });
          const address = base + offset;
          const expected = rules.some((one) => ruleLetsThrough(one, port, address, groups));
          const answer = groupsAllow(network, ["sg-1"], "ingress", { port, peer: { address, groups } });
          expect(answer).toBe(expected ? "yes" : "no");
        },
      ),
    );
  });

  test("a path between subnets is open exactly where every address of both is let out and in", () => {
    let open = 0;
    fc.assert(
      fc.property(
        fc.array(rule, { maxLength: 6 }),
        fc.array(rule, { maxLength: 6 }),
        fc.integer({ min: 0, max: 15 }),
        (egress, ingress, port) => {
          const network = networkOf({ "sg-a": { ingress: [], egress }, "sg-b": { ingress, egress: [] } });
          const low = everyAddress.slice(0, 32);
          const high = everyAddress.slice(32);
          const goesOut = high.every((address) =>
            egress.some((one) => ruleLetsThrough(one, port, address, ["sg-b"])),
          );
          const comesIn = low.every((address) =>
            ingress.some((one) => ruleLetsThrough(one, port, address, ["sg-a"])),
          );
          if (goesOut && comesIn) open += 1;
          const obstacles = innerObstacles(network, {
            from: { name: "one", groups: ["sg-a"], subnets: ["low"] },
            to: { name: "other", groups: ["sg-b"], subnets: ["high"] },
            port,
            ephemeral: { first: 1024, last: 65_535 },
            region: "us-east-1",
          });
          expect(obstacles.map(({ code }) => code)).toEqual([
            ...(goesOut ? [] : ["SECURITY_GROUP_EGRESS_MISSING"]),
            ...(comesIn ? [] : ["SECURITY_GROUP_INGRESS_MISSING"]),
          ]);
        },
      ),
      { numRuns: 400 },
    );
    // A property that only ever saw closed paths would say nothing of open ones.
    expect(open).toBeGreaterThan(5);
  });

  test("a list of addresses that only AWS knows may let through", () => {
    const list: SecurityGroupRule = {
      protocol: "tcp",
      fromPort: 443,
      toPort: 443,
      cidrs: [],
      groups: [],
      prefixLists: ["pl-1"],
    };
    const network = networkOf({ "sg-1": { ingress: [list], egress: [] } });
    const ask = (port: number) =>
      groupsAllow(network, ["sg-1"], "ingress", { port, peer: { address: base, groups: [] } });
    expect([ask(443), ask(80)]).toEqual(["maybe", "no"]);
  });
});

describe("network ACLs", () => {
  test("refuse exactly where the first entry that matches denies, or none matches; the witness is refused", () => {
    let passing = 0;
    fc.assert(
      fc.property(
        entries,
        cidr,
        ports,
        fc.constantFrom("ingress" as const, "egress" as const),
        (list, peers, range, direction) => {
          const peerRange = addressRange(peers) ?? { first: 0, last: 0 };
          const portRange = { first: range.fromPort, last: range.toPort };
          const acl = { id: "acl", vpc: "vpc", isDefault: true, subnets: [], entries: list };
          const refusal = refusalOf(acl, { direction, peers: peerRange, ports: portRange });
          const allPass = everyAddress
            .filter((address) => isInRange(address, peerRange))
            .every((address) =>
              Array.from(
                { length: portRange.last - portRange.first + 1 },
                (_, index) => portRange.first + index,
              ).every((port) => aclPasses(list, direction, address, port)),
            );
          if (allPass) passing += 1;
          expect(refusal === null).toBe(allPass);
          if (refusal !== null) expect(aclPasses(list, direction, refusal.address, refusal.port)).toBe(false);
        },
      ),
      { numRuns: 1000 },
    );
    expect(passing).toBeGreaterThan(20);
  });
});

describe("patterns of IAM", () => {
  test("match as the regular expression they stand for", () => {
    const pattern = fc
      .array(fc.constantFrom("a", "b", "*", "?", ":"), { maxLength: 8 })
      .map((parts) => parts.join(""));
    const text = fc.array(fc.constantFrom("a", "b", ":"), { maxLength: 10 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(pattern, text, (one, other) => {
        const expression = new RegExp(`^${one.replaceAll("*", ".*").replaceAll("?", ".")}$`);
        expect(matches(one, other)).toBe(expression.test(other));
      }),
      { numRuns: 2000 },
    );
  });

  test("no pattern takes long", () => {
    expect(matches(`${"*a".repeat(50)}b`, "a".repeat(5000))).toBe(false);
  });
});

import { describe, expect, test } from "vitest";
import { everyPort, everything } from "./packet-box.ts";
import { aclTraffic, groupTraffic } from "./read-traffic.ts";

const one = (number: number) => ({ from: number, to: number + 1 });

describe("a rule of a security group", () => {
  test.each([
    [{ IpProtocol: "-1", FromPort: 80, ToPort: 80 }, everything],
    [{ IpProtocol: -1 }, everything],
    [
      { IpProtocol: "tcp", FromPort: 80, ToPort: "443" },
      { protocols: one(6), ports: { from: 80, to: 444 } },
    ],
    [
      { IpProtocol: "17", FromPort: 53, ToPort: 53 },
      { protocols: one(17), ports: one(53) },
    ],
    [
      { IpProtocol: "icmp", FromPort: -1, ToPort: -1 },
      { protocols: one(1), ports: everyPort },
    ],
    [
      { IpProtocol: "icmp", FromPort: 252, ToPort: 86 },
      { protocols: one(1), ports: one(252 * 256 + 86) },
    ],
    [
      { IpProtocol: "icmp", FromPort: 3, ToPort: -1 },
      { protocols: one(1), ports: { from: 768, to: 1024 } },
    ],
    [{ IpProtocol: "icmpv6" }, { protocols: one(58), ports: everyPort }],
    // Of any other protocol AWS lets all through, whatever the ports say.
    [
      { IpProtocol: "50", FromPort: 1, ToPort: 2 },
      { protocols: one(50), ports: everyPort },
    ],
  ])("%j", (rule, traffic) => {
    expect(groupTraffic(rule)).toEqual(traffic);
  });

  test.each([
    {},
    { IpProtocol: "tcp" },
    { IpProtocol: "tcp", FromPort: 80 },
    { IpProtocol: "tcp", FromPort: 443, ToPort: 80 },
    { IpProtocol: "tcp", FromPort: 0, ToPort: 65_536 },
    { IpProtocol: "tcp", FromPort: 1.5, ToPort: 2 },
    { IpProtocol: "icmp" },
    { IpProtocol: "sctp", FromPort: 1, ToPort: 2 },
    { IpProtocol: "256" },
    { IpProtocol: "constructor" },
    { IpProtocol: ["tcp"] },
  ])("%j cannot be read", (rule) => {
    expect(groupTraffic(rule)).toBeNull();
  });
});

describe("an entry of a network ACL", () => {
  test.each([
    [{ Protocol: -1 }, everything],
    [
      { Protocol: 6, PortRange: { From: 22, To: 22 } },
      { protocols: one(6), ports: one(22) },
    ],
    [
      { Protocol: 1, Icmp: { Type: 3, Code: 4 } },
      { protocols: one(1), ports: one(772) },
    ],
    [{ Protocol: 47 }, { protocols: one(47), ports: everyPort }],
  ])("%j", (entry, traffic) => {
    expect(aclTraffic(entry)).toEqual(traffic);
  });

  test.each([{}, { Protocol: 6 }, { Protocol: 1 }, { Protocol: 6, PortRange: { From: 2, To: 1 } }])(
    "%j cannot be read",
    (entry) => {
      expect(aclTraffic(entry)).toBeNull();
    },
  );
});

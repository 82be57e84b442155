import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { clientAddress } from "./client-address.ts";

const request = (remoteAddress: string | undefined, forwarded?: string) =>
  ({
    socket: { remoteAddress },
    headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded },
  }) as unknown as IncomingMessage;

test.each([
  ["203.0.113.7", "203.0.113.7"],
  ["::ffff:203.0.113.7", "203.0.113.7"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:0DB8:0001:0002::1", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  [undefined, "unknown"],
])("the address %s counts as %s", (address, bucket) => {
  expect(clientAddress(request(address), 0)).toBe(bucket);
});

test.each([
  [0, "198.51.100.1", "10.0.0.1"],
  [1, "198.51.100.1", "198.51.100.1"],
  [1, "6.6.6.6, 198.51.100.1", "198.51.100.1"],
  [2, "6.6.6.6, 198.51.100.1, 10.0.0.9", "198.51.100.1"],
  [2, "198.51.100.1", "10.0.0.1"],
  [1, "198.51.100.1:4711", "198.51.100.1"],
  [1, "[2001:db8::1]:4711", "2001:db8:0:0::/64"],
  [1, "2001:db8::1", "2001:db8:0:0::/64"],
  [1, "not an address", "10.0.0.1"],
  [1, undefined, "10.0.0.1"],
])("behind %i proxies, forwarded for %s, a client is %s", (proxies, forwarded, bucket) => {
  expect(clientAddress(request("10.0.0.1", forwarded), proxies)).toBe(bucket);
});

import { describe, expect, test } from "vitest";
import { faultOfReceiverUrl, isPublicAddress, mayConnect } from "./receiver-address.ts";

const strict = { allowLoopback: false };
const local = { allowLoopback: true };

describe("an address", () => {
  test.each([
    "8.8.8.8",
    "1.1.1.1",
    "172.15.255.255",
    "172.32.0.1",
    "100.63.255.255",
    "100.128.0.0",
    "169.253.0.1",
    "223.255.255.255",
    "2606:4700::1111",
    "2a00:1450:4001::1",
    "::ffff:8.8.8.8",
  ])("%s is public", (address) => expect(isPublicAddress(address)).toBe(true));

  test.each([
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.255",
    // The metadata of AWS, over IPv4, IPv6 and as an ECS task has it.
    "169.254.169.254",
    "fd00:ec2::254",
    "169.254.170.2",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "fe80::1",
    "fc00::1",
    "ff02::1",
    "2001:db8::1",
    "2001:0:4136:e378::1",
    "2002:a9fe:a9fe::1",
    "",
    "localhost",
    "8.8.8.8.8",
  ])("%j is not public", (address) => expect(isPublicAddress(address)).toBe(false));

  test("of this machine is reached only where that is allowed, and without TLS nothing else is", () => {
    for (const address of ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"]) {
      expect(mayConnect("http:", address, strict)).toBe(false);
      expect(mayConnect("https:", address, strict)).toBe(false);
      expect(mayConnect("http:", address, local)).toBe(true);
    }
    expect(mayConnect("https:", "8.8.8.8", strict)).toBe(true);
    expect(mayConnect("http:", "8.8.8.8", local)).toBe(false);
    expect(mayConnect("https:", "10.0.0.1", local)).toBe(false);
  });
});

describe("the URL of a receiver", () => {
  test.each([
    "https://hooks.example.com/tenants",
    "https://hooks.example.com:8443/a?b=c",
    "https://8.8.8.8/",
    "https://[2606:4700::1111]/",
  ])("%s is taken", (url) => expect(faultOfReceiverUrl(url, strict)).toBeNull());

  test.each([
    ["", "must be an absolute https URL"],
    ["hooks.example.com", "must be an absolute https URL"],
    ["ftp://example.com/", "must be an absolute https URL"],
    ["https://exa mple.com/", "must be an absolute https URL"],
    ["https://example.com/\n", "must be an absolute https URL"],
    ["https://", "must be an absolute https URL"],
    ["http://hooks.example.com/", "must begin with https://"],
    ["https://ada:secret@example.com/", "must hold no user name"],
    ["https://ada@example.com/", "must hold no user name"],
    ["https://example.com/#here", "must have no fragment"],
    ["https://localhost/", "must not lead to this machine"],
    ["https://127.0.0.1/", "must not lead to this machine"],
    // Other spellings of the same addresses.
    ["https://2130706433/", "must not lead to this machine"],
    ["https://0x7f.1/", "must not lead to this machine"],
    ["https://[::1]/", "must not lead to this machine"],
    ["https://[::ffff:127.0.0.1]/", "must not lead to"],
    ["https://169.254.169.254/latest/meta-data", "must not lead to a private"],
    ["https://0xa9fea9fe/", "must not lead to a private"],
    ["https://10.1.2.3/", "must not lead to a private"],
    ["https://[fd00:ec2::254]/", "must not lead to a private"],
    [`https://example.com/${"x".repeat(2_048)}`, "must be at most 2048 characters"],
  ])("%j is refused", (url, fault) => expect(faultOfReceiverUrl(url, strict)).toContain(fault));

  test("may be of this machine where that is allowed, and then without TLS", () => {
    for (const url of ["http://localhost:8000/", "http://127.0.0.1:8000/", "http://[::1]:8000/"])
      expect(faultOfReceiverUrl(url, local)).toBeNull();
    expect(faultOfReceiverUrl("http://hooks.example.com/", local)).toContain("must begin with https://");
    expect(faultOfReceiverUrl("http://10.0.0.1/", local)).toContain("must begin with https://");
  });
});

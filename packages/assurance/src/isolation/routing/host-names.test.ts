import type { Platform } from "@tenantry/model";
import { expect, it } from "vitest";
import { hostName, hostsByDefinition, hostsOfTenant } from "./host-names.ts";

const definition = {
  name: "acme",
  environment: "staging",
  region: "us-east-1",
  domain: "Example.com",
  routing: { tenantHosts: ["{tenant}.{environment}.{domain}", "*.{tenant}.{domain}"] },
  tenants: { known: { hosts: ["known.staging.example.com", "shop.known.org"] } },
} as unknown as Platform;

it("compares names in lower case, and leaves marks as they are", () => {
  expect(hostName("WWW.Example.COM.")).toBe("www.example.com");
  expect(hostName("X.⟨cell-1/LoadBalancer.DNSName⟩.")).toBe("x.⟨cell-1/LoadBalancer.DNSName⟩");
});

it("fills the definition's patterns", () => {
  expect(hostsByDefinition(definition, "⟨tenant:a⟩")).toEqual([
    "⟨tenant:a⟩.staging.example.com",
    "*.⟨tenant:a⟩.example.com",
  ]);
});

it.each([
  ["somebody", "shop.example.org", true],
  ["somebody", "*.shop.example.org", true],
  ["somebody", "Shop.Example.ORG", true],
  ["somebody", "other.example.com", false],
  ["somebody", "example.com", false],
  ["somebody", "*", false],
  ["somebody", "*.*.org", false],
  ["somebody", "a*.example.org", false],
  ["somebody", "org", false],
  ["known", "shop.known.org", true],
  ["known", "shop.example.org", false],
])("gives %s the host %s: %s", (tenant, host, isOwn) => {
  expect(hostsOfTenant(definition, { tenant }, [host]).has(hostName(host))).toBe(isOwn);
});

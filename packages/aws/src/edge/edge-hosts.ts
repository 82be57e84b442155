import type { Platform } from "@tenantry/model";
import { tenantHostPatterns } from "../load-balancer/tenant-hosts.ts";

/**
 * The hosts that lead to the platform: its domain, and a wildcard for each pattern of tenants' hosts. With the default patterns that is
 * `example.com` and `*.example.com`.
 *
 * In DNS a wildcard stands for any number of labels, so `*.example.com` answers for `a.acme.example.com` too, as long as nothing
 * exists at or below `acme.example.com` (RFC 4592, 3.3.1). Whoever makes a record there, if only to prove a certificate, makes the records of
 * `acme.example.com` and `*.acme.example.com` as well. A certificate and an alias of CloudFront are stricter: there a wildcard is
 * one label, so a host two labels below the domain has a name but no certificate here.
 */
export function edgeHosts(platform: Platform): readonly [string, ...string[]] {
  const { domain } = platform;
  const hosts = tenantHostPatterns(platform).map(wildcardOf);
  return [domain, ...new Set(hosts.filter((host) => host !== domain))];
}

/** "*.{tenant}.example.com" becomes "*.example.com": one wildcard for every label up to the tenant's. */
function wildcardOf(pattern: string): string {
  const labels = pattern.split(".");
  const last = labels.findLastIndex((label) => label.includes("{") || label === "*");
  return last === -1 ? pattern : ["*", ...labels.slice(last + 1)].join(".");
}

/**
 * Where a region is reached, whichever serves. Two hyphens in a row are in no tenant's id, so no tenant's host is ever
 * taken by it, and the certificate for `*.{domain}` holds for it.
 */
export function regionHost(domain: string, region: string): string {
  return `origin--${region}.${domain}`;
}

/** What CloudFront takes as its origin: DNS leads it to the region that serves. */
export function entryHost(domain: string): string {
  return `origin--entry.${domain}`;
}

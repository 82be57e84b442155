import type { Platform, PlatformTenant } from "@tenantry/model";
import { errors } from "../errors.ts";

type Named = Pick<Platform, "name" | "environment" | "region" | "domain" | "routing">;

/** The hosts of a tenant as the platform writes them, with only {tenant} left open. */
export function tenantHostPatterns({ name, environment, region, domain, routing }: Named): readonly string[] {
  const values = { platform: name, environment, region, domain };
  return routing.tenantHosts.map((pattern) =>
    Object.entries(values).reduce((text, [key, value]) => text.replaceAll(`{${key}}`, value), pattern),
  );
}

/** The hosts that the certificate of every cell covers: a wildcard stands for one label. */
export function sharedHosts(domain: string): readonly [string, string] {
  return [domain, `*.${domain}`];
}

/** Whether a host or a pattern of hosts is in the platform's own zone. */
export function isBelow(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}

/** The patterns that need a certificate of the tenant's own, such as "*.{tenant}.example.com". */
export function uncoveredPatterns(platform: Named): readonly string[] {
  const { domain } = platform;
  return tenantHostPatterns(platform).filter((pattern) => {
    const isOneLabel = !pattern.slice(0, -domain.length - 1).includes(".");
    return isBelow(pattern, domain) && pattern !== domain && !isOneLabel;
  });
}

/**
 * Throws AWS_TENANT_DOMAIN where a declared tenant of the tier has a host that no certificate covers.
 */
export function requireCertificates(platform: Platform, tier: string): void {
  for (const pattern of tenantHostPatterns(platform)) {
    if (!hasCertificate(platform, pattern)) throw errors.AWS_TENANT_DOMAIN({ tenant: tier, domain: pattern });
  }
  for (const { hosts, id } of tenantsOf(platform, tier)) {
    const domain = hosts.find((host) => !hasCertificate(platform, host));
    if (domain !== undefined) throw errors.AWS_TENANT_DOMAIN({ tenant: id, domain });
  }
}

/** Whether a caller of the host is shown a certificate that fits; with HTTP nobody asks for one. */
function hasCertificate({ domain, edge, routing }: Platform, host: string): boolean {
  if (routing.listener === "http" || isBelow(host, domain)) return true;
  return edge.cloudFront?.customDomains === true;
}

/** Throws AWS_TENANT_HOSTS where a declared tenant of the tier has more hosts than the rule of a service takes. */
export function requireRoomForHosts(platform: Platform, tier: string, service: string, limit: number): void {
  for (const { hosts, id } of tenantsOf(platform, tier)) {
    if (hosts.length > limit) {
      throw errors.AWS_TENANT_HOSTS({ tenant: id, count: hosts.length, service, limit });
    }
  }
}

function tenantsOf(platform: Platform, tier: string): readonly PlatformTenant[] {
  return Object.values(platform.tenants).filter((tenant) => tenant.tier === tier);
}

import type { Platform } from "@tenantry/model";
import { mark } from "../../artifacts/mark.ts";
import type { ShippedStack } from "../../artifacts/shipment.ts";

/** As names are compared: in lower case, marks as they are, without the last dot. */
export function hostName(text: string): string {
  return text
    .replace(/\.$/, "")
    .replaceAll(/⟨[^⟩]*⟩|[^⟨]+/gu, (part) => (part.startsWith("⟨") ? part : part.toLowerCase()));
}

type Routed = Pick<Platform, "name" | "environment" | "region" | "domain" | "routing">;

/** The hosts that the definition gives a tenant. */
export function hostsByDefinition(definition: Routed, tenant: string): readonly string[] {
  const { name, environment, region, domain, routing } = definition;
  const values = { platform: name, environment, region, domain, tenant };
  return routing.tenantHosts.map((pattern) =>
    hostName(
      Object.entries(values).reduce((text, [key, value]) => text.replaceAll(`{${key}}`, value), pattern),
    ),
  );
}

/** Whether a host or pattern is the domain or below it. */
export function isBelow(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}

/** A host without wildcards, or one for all that is below a name. */
const ownDomain = /^(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;

/**
 * The hosts that a tenant's stack may answer for: those of the definition, and domains of the tenant's own. What is below the
 * platform's domain is the definition's to give.
 *
 * @param hosts the hosts that its placement says
 */
export function hostsOfTenant(
  definition: Platform,
  { tenant }: Pick<ShippedStack, "tenant">,
  hosts: readonly string[],
): ReadonlySet<string> {
  const id = tenant ?? mark("tenant");
  const given = hostsByDefinition(definition, id);
  const declared = Object.hasOwn(definition.tenants, id)
    ? definition.tenants[id]?.hosts.map(hostName)
    : undefined;
  const own = hosts
    .map(hostName)
    .filter((host) => ownDomain.test(host) && !isBelow(host, hostName(definition.domain)))
    .filter((host) => declared === undefined || declared.includes(host));
  return new Set([...given, ...own]);
}

import type { DnsRecord, Inspector } from "../inspector.ts";
import type { HostSnapshot, RegionSnapshot } from "../snapshot.ts";
import type { StackSnapshot } from "../stack-snapshot.ts";
import type { Attempts } from "./attempts.ts";
import { resourcesOf } from "./stack-resources.ts";

/** A record can lead to another one of the zone; not further than this. */
const stepsMax = 5;

/** The names by which people come, and where the platform's hosted zone leads them. */
export async function collectHosts(
  regions: readonly RegionSnapshot[],
  { inspector, attempts }: { readonly inspector: Inspector; readonly attempts: Attempts },
): Promise<readonly HostSnapshot[]> {
  const stacks = regions.flatMap((one) => one.stacks);
  const zone = zoneOf(stacks);
  if (zone === null) return [];
  const records = await attempts.readOr("route53", null, null, () => inspector.records(zone));
  const apex = records?.find(({ type }) => type === "SOA")?.name ?? null;
  const expected = regions.flatMap((one) => one.loadBalancers.map(({ dnsName }) => dnsName));
  const hasDistribution = regions.some(
    (one) => resourcesOf(one.stacks, "AWS::CloudFront::Distribution").length > 0,
  );
  const entrances = hasDistribution ? [...expected, ".cloudfront.net"] : expected;
  const hosts = new Map<string, HostSnapshot>();
  for (const region of regions) {
    for (const { host, tenant } of hostsOf(region)) {
      const isOfZone = apex !== null && (host === apex || host.endsWith(`.${apex}`));
      hosts.set(host, {
        host,
        tenant,
        region: region.region,
        // A name of the tenant's own domain is in a zone of theirs.
        zone: isOfZone ? zone : null,
        targets: records === null ? null : follow(host, records),
        expected: entrances,
      });
    }
  }
  return [...hosts.values()];
}

function zoneOf(stacks: readonly StackSnapshot[]): string | null {
  for (const { deployed } of stacks) {
    if (deployed === null || deployed === "unread") continue;
    for (const [name, { value, resolved }] of Object.entries(deployed.parameters)) {
      if (/DnsHostedZoneId/.test(name)) return resolved ?? value;
    }
  }
  return resourcesOf(stacks, "AWS::Route53::HostedZone")[0]?.physicalId ?? null;
}

function hostsOf({
  stacks,
}: RegionSnapshot): readonly { readonly host: string; readonly tenant: string | null }[] {
  const ofTenants = stacks.flatMap(({ tenant, declared }) =>
    (declared["Hosts"] ?? "")
      .split(",")
      .map((host) => ({ host: host.trim().toLowerCase(), tenant }))
      .filter(({ host }) => host !== ""),
  );
  const made = resourcesOf(stacks, "AWS::Route53::RecordSet").map(({ physicalId, tenant }) => ({
    host: physicalId.toLowerCase().replace(/\.$/, ""),
    tenant,
  }));
  return [...made, ...ofTenants];
}

/** Where a name ends: what is no name of the zone any more. Nothing where it has no record. */
export function follow(host: string, records: readonly DnsRecord[]): readonly string[] {
  const ends = new Set<string>();
  const seen = new Set<string>();
  let names = [host];
  for (let step = 0; step < stepsMax && names.length > 0; step += 1) {
    const next: string[] = [];
    for (const name of names) {
      seen.add(name);
      const found = recordsOf(name, records);
      // The name itself is no place to arrive at.
      if (found.length === 0 && name !== host) ends.add(name);
      next.push(...found.flatMap(({ values }) => values).filter((one) => !seen.has(one)));
    }
    names = next;
  }
  for (const name of names) ends.add(name);
  return [...ends].sort();
}

/** Those of the name itself, else those of the nearest wildcard. */
function recordsOf(name: string, records: readonly DnsRecord[]): readonly DnsRecord[] {
  const leading = records.filter(({ type }) => type !== "SOA");
  const own = leading.filter((one) => one.name === name);
  if (own.length > 0) return own;
  const labels = name.split(".");
  for (let from = 1; from < labels.length; from += 1) {
    const wildcard = `*.${labels.slice(from).join(".")}`;
    const found = leading.filter((one) => one.name === wildcard);
    if (found.length > 0) return found;
  }
  return [];
}

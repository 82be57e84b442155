import { type Cidr, contains, formatCidr, overlaps, parseCidr } from "../cidr.ts";
import { errors } from "../errors.ts";
import type { PlatformNetwork, PlatformSubnet } from "../platform.ts";
import { formatPath, type Path } from "../problem.ts";
import type { ParsedDefinition } from "../schema/definition.ts";
import { type SubnetGroup, subnetGroups } from "../schema/network.ts";
import type { Report } from "./report.ts";

interface Taken {
  readonly cidr: Cidr;
  readonly path: Path;
}

/** Gives every subnet group one subnet per zone: the ranges that were written, or computed ones. */
export function resolveNetwork(
  settings: ParsedDefinition["network"],
  zones: readonly string[],
  report: Report,
): PlatformNetwork {
  const { zones: _count, subnets: wanted, ...rest } = settings;
  const vpc = parseCidr(settings.cidr);
  const subnets: Partial<Record<SubnetGroup, readonly PlatformSubnet[]>> = {};
  if (vpc !== null) {
    const taken = writtenRanges(wanted, vpc, settings.cidr, report);
    const autoGroups = subnetGroups.filter((group) => wanted[group] === "auto");
    const blocks = freeBlocks(vpc, taken, autoGroups.length * zones.length);
    if (blocks === null) {
      report(
        ["network", "cidr"],
        errors.MODEL_NETWORK_TOO_SMALL({ cidr: settings.cidr, subnets: autoGroups.length * zones.length }),
      );
    }
    for (const group of subnetGroups) {
      const given = wanted[group];
      if (given === undefined) continue;
      const first = autoGroups.indexOf(group) * zones.length;
      const ranges =
        given === "auto" ? (blocks ?? []).slice(first, first + zones.length).map(formatCidr) : given;
      if (given !== "auto" && given.length < zones.length) {
        report(
          ["network", "subnets", group],
          errors.MODEL_SUBNET_COUNT({ group, given: given.length, zones: zones.length }),
        );
      }
      subnets[group] = zones.flatMap((zone, index) => {
        const cidr = ranges[index];
        return cidr === undefined ? [] : [{ zone, cidr }];
      });
    }
  }
  if (settings.natGateways !== "none" && wanted.public === undefined) {
    report(["network", "natGateways"], errors.MODEL_NAT_WITHOUT_PUBLIC({}));
  }
  return { ...rest, subnets };
}

function writtenRanges(
  wanted: ParsedDefinition["network"]["subnets"],
  vpc: Cidr,
  vpcText: string,
  report: Report,
): readonly Taken[] {
  const taken: Taken[] = [];
  for (const group of subnetGroups) {
    const given = wanted[group];
    if (given === undefined || given === "auto") continue;
    for (const [index, text] of given.entries()) {
      const path = ["network", "subnets", group, index];
      const cidr = parseCidr(text);
      if (cidr === null) continue;
      if (!contains(vpc, cidr)) report(path, errors.MODEL_SUBNET_OUTSIDE({ cidr: text, vpc: vpcText }));
      const other = taken.find((candidate) => overlaps(candidate.cidr, cidr));
      if (other !== undefined) {
        report(
          path,
          errors.MODEL_SUBNET_OVERLAP({
            cidr: text,
            other: formatCidr(other.cidr),
            otherPath: formatPath(other.path),
          }),
        );
      }
      taken.push({ cidr, path });
    }
  }
  return taken;
}

/**
 * The largest equal blocks of which `count` fit beside the ranges that are taken, between /20
 * and /28: large enough for thousands of tasks with an address each, and room stays for more.
 */
function freeBlocks(vpc: Cidr, taken: readonly Taken[], count: number): readonly Cidr[] | null {
  if (count === 0) return [];
  for (let prefix = Math.max(vpc.prefix, 20); prefix <= 28; prefix++) {
    const size = 2 ** (32 - prefix);
    const blocks: Cidr[] = [];
    for (let base = vpc.base; base < vpc.base + vpc.size && blocks.length < count; base += size) {
      const block = { base, prefix, size };
      if (!taken.some(({ cidr }) => overlaps(cidr, block))) blocks.push(block);
    }
    if (blocks.length === count) return blocks;
  }
  return null;
}

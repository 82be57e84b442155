import { formatCidr, networkOf, parseCidr } from "@tenantry/model";
import type { Data, Resource } from "../../artifacts/shipment.ts";
import { marksIn, unknownIn } from "../../artifacts/mark.ts";
import { type Finding, refuted, unknown } from "../../rule.ts";
import { postureRule } from "../posture-rule.ts";
import { isFields } from "../read-value.ts";

interface WrittenRange {
  readonly resource: Resource;
  readonly path: string;
  readonly text: string;
}

const rangeProperty =
  /^(Cidr|CidrIp|CidrBlock|DestinationCidrBlock|DestinationCidr|SourceCidr|SecondaryCidrBlock)$/;
const range6Property = /^(CidrIpv6|Ipv6CidrBlock|DestinationIpv6CidrBlock)$/;
const listProperty = /^(Addresses|AllowedCidrs|CidrList|PublicAccessCidrs)$/;

export const cidrsValid = postureRule({
  name: "cidrs-valid",
  why: "EC2 refuses a range that is none, and clears the bits behind its prefix: the rule then holds for other addresses than it says.",
  fix: "Write an address and a prefix of 0 to 32 with no bits behind the prefix, such as 10.0.1.0/24.",
  things: "address ranges",
  find: ({ resources }) => resources.flatMap((resource) => rangesOf(resource)),
  judge: ({ resource, path, text }) => judgeRange(resource, path, text),
});

function rangesOf(resource: Resource): readonly WrittenRange[] {
  const found: WrittenRange[] = [];
  const visit = (value: Data, path: readonly string[]): void => {
    if (isFields(value)) {
      for (const [field, item] of Object.entries(value)) visit(item, [...path, field]);
      return;
    }
    const field = path.findLast((part) => !/^\d+$/.test(part)) ?? "";
    if (Array.isArray(value)) {
      for (const [index, item] of (value as readonly Data[]).entries()) visit(item, [...path, String(index)]);
      return;
    }
    const isRange = rangeProperty.test(field) || range6Property.test(field) || listProperty.test(field);
    if (isRange && typeof value === "string" && (value.includes("/") || !listProperty.test(field)))
      found.push({ resource, path: path.join("."), text: value });
  };
  visit(resource.properties, []);
  return found;
}

function judgeRange({ key }: Resource, path: string, text: string): readonly Finding[] {
  const why = unknownIn(text);
  if (why !== undefined) return [unknown(key, `the range ${path}: ${why}`)];
  // A range that AWS gives, such as a VPC's IPv6 block, is one.
  if (marksIn(text).length > 0) return [];
  if (text.includes(":")) {
    return isRange6(text) ? [] : [refuted(key, `${path} is ${text}, which is no range of IPv6`)];
  }
  const range = parseCidr(text);
  if (range === null) return [refuted(key, `${path} is ${text}, which is no range`)];
  const network = networkOf(range);
  if (network.base === range.base) return [];
  return [
    refuted(key, `${path} is ${text}; with the bits behind the prefix cleared it is ${formatCidr(network)}`),
  ];
}

function isRange6(text: string): boolean {
  const [address = "", prefix = "", ...rest] = text.split("/");
  if (rest.length > 0 || !/^\d{1,3}$/.test(prefix) || Number(prefix) > 128) return false;
  const halves = address.split("::");
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  const isComplete = halves.length === 1 ? groups.length === 8 : halves.length === 2 && groups.length < 8;
  return isComplete && groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group));
}

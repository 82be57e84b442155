import { type Cidr, contains, overlaps, parseCidr } from "@tenantry/model";
import type { Resource } from "../../artifacts/shipment.ts";
import { type Finding, refuted } from "../../rule.ts";
import { postureRule } from "../posture-rule.ts";
import type { Posture } from "../read-posture.ts";
import { textAt } from "../read-value.ts";

interface Subnet {
  readonly resource: Resource;
  readonly vpc: string;
  readonly range: Cidr;
  readonly text: string;
}

export const subnetsApart = postureRule({
  name: "subnets-apart",
  why: "EC2 refuses a subnet outside of its VPC or upon another one, and the deployment stops at the network that all others need.",
  fix: "Give each subnet a range of its own within the VPC's.",
  things: "subnets",
  find: (posture) => subnetsOf(posture),
  judge: (subnet, posture) => [...inside(subnet, posture), ...apart(subnet, posture)],
});

function subnetsOf({ ofType }: Posture): readonly Subnet[] {
  return ofType("AWS::EC2::Subnet").flatMap((resource) => {
    const text = textAt(resource.properties, "CidrBlock") ?? "";
    const vpc = textAt(resource.properties, "VpcId") ?? "";
    const range = parseCidr(text);
    // What is no range is refuted as such.
    return range === null ? [] : [{ resource, vpc, range, text }];
  });
}

function inside({ resource, vpc, range, text }: Subnet, { ofType }: Posture): readonly Finding[] {
  const own = ofType("AWS::EC2::VPC").filter(({ physicalId }) => physicalId === vpc);
  if (own.length === 0) return [];
  const blocks = [
    ...own,
    ...ofType("AWS::EC2::VPCCidrBlock").filter(({ properties }) => textAt(properties, "VpcId") === vpc),
  ].map(({ properties }) => textAt(properties, "CidrBlock") ?? "");
  const holds = blocks.some((block) => {
    const outer = parseCidr(block);
    return outer !== null && contains(outer, range);
  });
  return holds ? [] : [refuted(resource.key, `${text} is not within its VPC's ${blocks.join(", ")}`)];
}

/** Each pair is said once, by the later one. */
function apart(subnet: Subnet, posture: Posture): readonly Finding[] {
  const before = subnetsOf(posture);
  const own = before.findIndex(({ resource }) => resource === subnet.resource);
  return before
    .slice(0, own)
    .filter((other) => other.vpc === subnet.vpc && overlaps(other.range, subnet.range))
    .map(({ resource, text }) =>
      refuted(subnet.resource.key, `${subnet.text} overlaps ${text} of ${resource.key}`),
    );
}

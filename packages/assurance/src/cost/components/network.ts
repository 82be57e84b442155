import {
  type Charge,
  countText,
  everybody,
  fixed,
  graduated,
  hoursPerMonth,
  noCharge,
  usage,
} from "../charge.ts";
import { listAt, textAt } from "../property.ts";
import type { Site } from "../site.ts";
import type { CostOf } from "./cost-of.ts";

const gib = countText;

export const costOfNatGateway: CostOf = ({ properties }, { usage: assumed, inRegion }) => {
  const moved = (inRegion.services * assumed.natGiBPerService) / Math.max(1, inRegion.natGateways);
  return [
    fixed(
      "network",
      { service: "nat", item: "NAT gateway hour" },
      {
        quantity: hoursPerMonth,
        basis: `one ${textAt(properties, "ConnectivityType") ?? "public"} NAT gateway, ${hoursPerMonth} hours`,
      },
    ),
    usage(
      "network",
      { service: "nat", item: "NAT gateway data processed" },
      {
        quantity: moved,
        basis: `${assumed.natGiBPerService} GiB of each of ${inRegion.services} services, over ${inRegion.natGateways} NAT gateways`,
        assumes: ["natGiBPerService"],
      },
    ),
  ];
};

export const costOfElasticIp: CostOf = () => [
  fixed(
    "network",
    { service: "ec2", item: "Public IPv4 address" },
    {
      quantity: hoursPerMonth,
      basis: "one address, in use or not",
    },
  ),
];

export const costOfVpcEndpoint: CostOf = ({ properties }, { usage: assumed, inRegion }) => {
  if ((textAt(properties, "VpcEndpointType") ?? "Gateway") === "Gateway") {
    return [noCharge("gateway endpoints cost nothing")];
  }
  const zones = Math.max(1, listAt(properties, "SubnetIds").length);
  const moved =
    (inRegion.services * assumed.endpointGiBPerService) / Math.max(1, inRegion.interfaceEndpoints);
  return [
    fixed(
      "network",
      { service: "vpc", item: "Interface VPC endpoint" },
      {
        quantity: zones * hoursPerMonth,
        basis: `in ${zones} zones, ${hoursPerMonth} hours`,
      },
    ),
    usage(
      "network",
      { service: "vpc", item: "Interface endpoint data (first 1 PB)" },
      {
        quantity: moved,
        basis: `${assumed.endpointGiBPerService} GiB of each of ${inRegion.services} services, over ${inRegion.interfaceEndpoints} endpoints`,
        assumes: ["endpointGiBPerService"],
      },
    ),
  ];
};

/** What the first, next and further GB to the internet cost differs: https://aws.amazon.com/ec2/pricing/on-demand/ */
const egressSteps = [
  { upTo: 10 * 1024, item: "Internet egress first 10 TB" },
  { upTo: 50 * 1024, item: "Internet egress next 40 TB" },
  { upTo: Number.POSITIVE_INFINITY, item: "Internet egress next 100 TB" },
];

/** What a region is charged for that no single resource is. */
export function costOfRegionTraffic(site: Site): readonly Charge[] {
  const { egressGiB, crossZoneGiB, requests } = site.demand(everybody);
  const toInternet = site.inPlatform.hasDistribution ? 0 : egressGiB;
  const keyRequests = requests * site.usage.keyRequestsPerRequest;
  const all = [
    ...graduated(toInternet, egressSteps).map(({ item, quantity }) =>
      usage(
        "data-transfer",
        { service: "data-transfer", item },
        {
          quantity,
          basis: `${gib(toInternet)} GiB to the internet a month`,
          assumes: ["egressGiBPerTenant"],
        },
      ),
    ),
    usage(
      "data-transfer",
      { service: "data-transfer", item: "Cross-AZ (each direction)" },
      {
        quantity: crossZoneGiB * 2,
        basis: `${gib(crossZoneGiB)} GiB between zones a month, charged where it leaves and where it arrives`,
        assumes: ["crossZoneGiBPerTenant"],
      },
    ),
    usage(
      "keys",
      { service: "kms", item: "Requests (symmetric)" },
      {
        quantity: keyRequests,
        basis: `${countText(site.usage.keyRequestsPerRequest)} of each of ${countText(requests)} requests`,
        assumes: ["keyRequestsPerRequest", "requestsPerTenant"],
      },
    ),
  ];
  return all.filter(({ quantity }) => quantity > 0);
}

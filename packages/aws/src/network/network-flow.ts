import type { Platform, PlatformNetwork, PlatformRegion, PlatformStore, SubnetGroup } from "@tenantry/model";

/** Connections that may be opened between two places: what a network ACL lets through, and the answers to it. */
export interface NetworkFlow {
  /** Where connections are opened. */
  readonly from: SubnetGroup | "internet";
  /** Where they go. Gateway endpoints have public addresses, but no NAT gateway stands before them. */
  readonly to: SubnetGroup | "internet" | "gateway-endpoints";
  /** TCP port; null for every port and protocol. */
  readonly port: number | null;
}

/** Services of AWS that are reached by routes; all others have an interface endpoint with addresses in subnets. */
export const gatewayServices: readonly string[] = ["s3", "dynamodb"];

type Flows = readonly NetworkFlow[];

/** What of a platform decides on which ports its load balancers listen, and for whom. */
export interface Entrance extends Pick<Platform["routing"], "listener" | "scheme"> {
  /** Whether CloudFront stands before the load balancers, and so redirects from HTTP itself. */
  readonly behindCloudFront: boolean;
}

/** All flows of a region: what its load balancers, services and stores need, and nothing else. */
export function networkFlows(
  region: Pick<PlatformRegion, "network" | "services" | "stores">,
  entrance: Entrance,
): Flows {
  const all = [
    ...loadBalancerFlows(region, entrance),
    ...serviceFlows(region),
    ...outgoingFlows(region),
    ...storeFlows(region),
    ...endpointFlows(region.network),
  ];
  const distinct = new Map(all.map((flow) => [`${flow.from} ${flow.to} ${flow.port}`, flow]));
  return [...distinct.values()];
}

/** Where the load balancers stand. */
export function loadBalancerGroup(
  network: Pick<PlatformNetwork, "subnets">,
  scheme: Platform["routing"]["scheme"],
): SubnetGroup {
  return scheme === "internet-facing" ? "public" : innerGroup(network);
}

/** Where interface endpoints, internal load balancers and functions that rotate credentials stand. */
export function innerGroup({ subnets }: Pick<PlatformNetwork, "subnets">): SubnetGroup {
  return (
    (["private", "app", "web", "database"] as const).find((group) => subnets[group] !== undefined) ?? "public"
  );
}

/** Every group that the internet cannot reach. */
function innerGroups({ subnets }: Pick<PlatformNetwork, "subnets">): readonly SubnetGroup[] {
  return (["private", "web", "app", "database"] as const).filter((group) => subnets[group] !== undefined);
}

function loadBalancerFlows(
  { network, services }: Pick<PlatformRegion, "network" | "services">,
  { listener, scheme, behindCloudFront }: Entrance,
): Flows {
  const group = loadBalancerGroup(network, scheme);
  const behind = Object.values(services).filter(({ allowFrom }) => allowFrom.includes("load-balancer"));
  if (behind.length === 0 || network.subnets[group] === undefined) return [];
  const callers = scheme === "internet-facing" ? (["internet"] as const) : innerGroups(network);
  const ports = [
    ...(listener === "https" ? [443] : []),
    ...(listener === "http" || !behindCloudFront ? [80] : []),
  ];
  return [
    ...callers.flatMap((from) => ports.map((port) => ({ from, to: group, port }))),
    ...behind.map(({ subnets, port }) => ({ from: group, to: subnets, port })),
  ];
}

function serviceFlows({ services, stores }: Pick<PlatformRegion, "services" | "stores">): Flows {
  return Object.values(services).flatMap(({ subnets, port, allowFrom, uses }) => [
    ...allowFrom.flatMap((name) => {
      const caller = services[name];
      return caller === undefined ? [] : [{ from: caller.subnets, to: subnets, port }];
    }),
    ...uses.flatMap((name) => {
      const place = placeOf(stores[name]);
      return place === null ? [] : [{ from: subnets, ...place }];
    }),
  ]);
}

/** Where a store listens; null for one that is reached by an API of AWS. */
function placeOf(
  store: PlatformStore | undefined,
): (Pick<NetworkFlow, "port"> & { readonly to: SubnetGroup }) | null {
  switch (store?.kind) {
    case "postgres":
    case "documentdb":
    case "redis":
      return { to: store.subnets, port: store.port };
    case "broker":
      // AMQP over TLS: https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/rabbitmq-basic-elements-broker.html
      return { to: store.subnets, port: 5671 };
    case "bucket":
    case "queue":
    case "topic":
    case undefined:
      return null;
  }
}

function outgoingFlows({ network, services }: Pick<PlatformRegion, "network" | "services">): Flows {
  if (network.natGateways === "none") return [];
  return Object.values(services)
    .filter(({ egress }) => egress === "all")
    .map(({ subnets }) => ({ from: subnets, to: "internet", port: null }));
}

/** What databases need besides their users: their own nodes and proxy, and the function that rotates credentials. */
function storeFlows({ network, stores }: Pick<PlatformRegion, "network" | "stores">): Flows {
  const inner = innerGroup(network);
  return Object.values(stores).flatMap((store): Flows => {
    const place = placeOf(store);
    if (place === null) return [];
    const nodes = { from: place.to, ...place };
    if (!("credentials" in store) || store.credentials.rotationDays === null) return [nodes];
    const secrets = { from: inner, to: "internet", port: 443 } as const;
    const isReachable = network.natGateways !== "none" && !network.endpoints.includes("secretsmanager");
    return [nodes, { from: inner, ...place }, ...(isReachable ? [secrets] : [])];
  });
}

function endpointFlows(network: Pick<PlatformNetwork, "subnets" | "endpoints">): Flows {
  const isGateway = (service: string) => gatewayServices.includes(service);
  const inner = innerGroups(network);
  const to = innerGroup(network);
  return [
    ...(network.endpoints.every(isGateway) ? [] : inner.map((from) => ({ from, to, port: 443 }))),
    ...(network.endpoints.some(isGateway)
      ? inner
          .filter((group) => group !== "database")
          .map((from) => ({ from, to: "gateway-endpoints", port: 443 }) as const)
      : []),
  ];
}

// Goal: the network is the one that the documents draw, and its ACLs let through what is named and nothing else.
import { App, Stack } from "aws-cdk-lib";
import { expect, test } from "vitest";
import { Network } from "../../src/network/network.ts";
import { networkFlows } from "../../src/network/network-flow.ts";
import { Keys } from "../../src/keys/keys.ts";
import { joinRanges } from "../../src/network/address-range.ts";
import { platformWith, resourcesOf, type Template } from "../test-stack.ts";
import { passes } from "./access-control-list.ts";
import { documentPlatform, foundationTemplate, takeTemplate } from "./document-platform.ts";

const silos = foundationTemplate(documentPlatform("tenant-silos", "production"));
const managed = documentPlatform("saas-management", "production");
const management = foundationTemplate(managed);
const staging = foundationTemplate(documentPlatform("saas-management", "staging"));
const recovery = foundationTemplate(managed, "recovery");

function propertiesOf(template: Template, type: string) {
  return Object.entries(resourcesOf(template, type)).map(([id, { Properties }]) => ({ id, ...Properties }));
}

function subnetsOf(template: Template) {
  return propertiesOf(template, "AWS::EC2::Subnet").map((subnet) => {
    const { id, AvailabilityZone, CidrBlock } = subnet as Record<string, unknown>;
    const zone = (AvailabilityZone as { "Fn::Sub": string })["Fn::Sub"].replace("${AWS::Region}", "");
    return `${id as string} ${zone} ${CidrBlock as string}`;
  });
}

test("S5.01 the VPC has the ranges of the document, DNS, and a NAT gateway in each zone", () => {
  expect(resourcesOf(silos, "AWS::EC2::VPC")["NetworkVpc"]?.Properties).toMatchObject({
    CidrBlock: "10.0.0.0/16",
    EnableDnsSupport: true,
    EnableDnsHostnames: true,
  });
  expect(subnetsOf(silos)).toEqual([
    "NetworkPublicSubnetA a 10.0.1.0/24",
    "NetworkPublicSubnetB b 10.0.2.0/24",
    "NetworkPublicSubnetC c 10.0.3.0/24",
    "NetworkPrivateSubnetA a 10.0.11.0/24",
    "NetworkPrivateSubnetB b 10.0.12.0/24",
    "NetworkPrivateSubnetC c 10.0.13.0/24",
  ]);
  expect(propertiesOf(silos, "AWS::EC2::NatGateway")).toMatchObject(
    ["A", "B", "C"].map((zone) => ({
      id: `NetworkNatGateway${zone}`,
      SubnetId: { "Fn::GetAtt": [`NetworkPublicSubnet${zone}`, "SubnetId"] },
      AllocationId: { "Fn::GetAtt": [`NetworkNatAddress${zone}`, "AllocationId"] },
    })),
  );
});

test("S1.01 production spans the zones a, b and c, its recovery region and staging two each", () => {
  const zonesOf = (template: Template) => [...new Set(subnetsOf(template).map((text) => text.split(" ")[1]))];
  expect(zonesOf(management)).toEqual(["a", "b", "c"]);
  expect(zonesOf(recovery)).toEqual(["a", "b"]);
  expect(zonesOf(staging)).toEqual(["a", "b"]);
});

test("S1.02 a public and a private subnet, and a NAT gateway in each zone that the private one goes out by; flow logs", () => {
  expect(subnetsOf(management)).toHaveLength(6);
  const routes = resourcesOf(management, "AWS::EC2::Route");
  for (const zone of ["A", "B", "C"]) {
    expect(routes[`NetworkPrivateRouteToInternet${zone}`]?.Properties).toEqual({
      RouteTableId: { "Fn::GetAtt": [`NetworkPrivateRouteTable${zone}`, "RouteTableId"] },
      DestinationCidrBlock: "0.0.0.0/0",
      NatGatewayId: { "Fn::GetAtt": [`NetworkNatGateway${zone}`, "NatGatewayId"] },
    });
  }
  expect(Object.keys(routes)).toHaveLength(4);
  expect(propertiesOf(management, "AWS::EC2::FlowLog")).toMatchObject([
    { TrafficType: "ALL", LogDestinationType: "cloud-watch-logs", ResourceType: "VPC" },
  ]);
  expect(resourcesOf(management, "AWS::Logs::LogGroup")["NetworkFlowLogsGroup"]).toMatchObject({
    DeletionPolicy: "RetainExceptOnCreate",
    Properties: {
      LogGroupName: "/saas-platform/production/vpc-flow-logs",
      RetentionInDays: 90,
      KmsKeyId: { "Fn::GetAtt": ["KeysLogs", "Arn"] },
    },
  });
});

// Addresses of S1's production: public 10.0.0.0/20 to 10.0.32.0/20, private 10.0.48.0/20 to 10.0.80.0/20.
const internet = { address: "203.0.113.7" };
const balancer = { address: "10.0.17.5", group: "public" };
const task = { address: "10.0.50.9", group: "private" };
const database = { address: "10.0.90.4", group: "private" };

test("S1.09 the network ACLs let through what is named, there and back", () => {
  const named = [
    { from: internet, to: balancer, port: 443 },
    { from: balancer, to: task, port: 8080 },
    ...[5432, 27_017, 6379, 443, 8080].map((port) => ({ from: task, to: database, port })),
    { from: task, to: internet, port: 443 },
    { from: task, to: internet, port: 53, protocol: "udp" as const },
  ];
  expect(named.filter((connection) => !passes(management, connection))).toEqual([]);
});

test("S1.09 a private subnet reaches the internet through the public one of its NAT gateway", () => {
  // The NAT gateway takes the packet in the public subnet, sends it out, and hands the answer back.
  expect(passes(management, { from: { address: task.address }, to: balancer, port: 443 })).toBe(true);
  expect(passes(management, { from: balancer, to: internet, port: 443 })).toBe(true);
});

test("S1.09 without any one of the rules that a connection needs, it does not pass", () => {
  const connection = { from: balancer, to: task, port: 8080 };
  const needed = [
    "PublicOutbound2000", // to the task
    "PrivateInbound1000", // from the load balancer
    "PrivateOutbound1000", // the answer
  ].map((id) => `NetworkAcls${id}`);
  for (const id of needed) {
    const { [id]: taken, ...rest } = management.Resources;
    expect(taken, id).toBeDefined();
    expect(passes({ ...management, Resources: rest }, connection), id).toBe(false);
  }
});

test("S1.09 the network ACLs drop what nobody named", () => {
  const unnamed = [
    { from: internet, to: balancer, port: 22 },
    // CloudFront redirects from HTTP itself.
    { from: internet, to: balancer, port: 80 },
    { from: internet, to: { ...task }, port: 443 },
    { from: balancer, to: task, port: 22 },
    { from: balancer, to: task, port: 443 },
    { from: balancer, to: database, port: 5432 },
    { from: balancer, to: database, port: 6379 },
    { from: task, to: database, port: 22 },
    { from: { address: "10.0.200.1" }, to: task, port: 8080 },
    { from: { address: "10.0.200.1" }, to: balancer, port: 443 },
  ];
  expect(unnamed.filter((connection) => passes(management, connection))).toEqual([]);
});

test("S1.09 a subnet group for databases takes the ports of its stores from its users, and nothing goes to the internet", () => {
  const platform = platformWith({
    network: { subnets: { public: "auto", web: "auto", app: "auto", database: "auto" }, zones: 2 },
    services: {
      site: { image: "site:1", route: "/", subnets: "web", port: 80 },
      api: { image: "api:1", subnets: "app", port: 9000, allowFrom: ["site"], uses: ["main"] },
    },
    stores: { main: { kind: "postgres" } },
  });
  const template = foundationTemplate(platform);
  const inGroup = (group: "public" | "web" | "app" | "database") => ({
    group,
    address: platform.network.subnets[group]?.[0]?.cidr.replace("0/20", "7") ?? "",
  });
  const web = inGroup("web");
  const app = inGroup("app");
  const data = inGroup("database");
  expect(passes(template, { from: inGroup("public"), to: web, port: 80 })).toBe(true);
  expect(passes(template, { from: web, to: app, port: 9000 })).toBe(true);
  expect(passes(template, { from: app, to: data, port: 5432 })).toBe(true);
  expect(passes(template, { from: web, to: data, port: 5432 })).toBe(false);
  expect(passes(template, { from: inGroup("public"), to: app, port: 9000 })).toBe(false);
  expect(passes(template, { from: data, to: internet, port: 443 })).toBe(false);
  // The function that rotates credentials stands in the subnets of the application.
  expect(passes(template, { from: app, to: internet, port: 443 })).toBe(true);
  const routes = Object.keys(resourcesOf(template, "AWS::EC2::Route"));
  expect(routes.filter((id) => id.includes("Database"))).toEqual([]);
  expect(Object.keys(resourcesOf(template, "AWS::EC2::NetworkAcl"))).toHaveLength(4);
});

test("the function that rotates credentials reaches its database and Secrets Manager, though no service does", () => {
  const settings = { network: { subnets: { public: "auto", app: "auto", database: "auto" }, endpoints: [] } };
  const templateWith = (rotationDays: number | null) =>
    foundationTemplate(
      platformWith({ ...settings, stores: { main: { kind: "postgres", credentials: { rotationDays } } } }),
    );
  const from = { group: "app", address: "10.0.50.1" };
  const ways = [
    { from, to: { group: "database", address: "10.0.100.1" }, port: 5432 },
    { from, to: internet, port: 443 },
  ];
  expect(ways.map((way) => passes(templateWith(30), way))).toEqual([true, true]);
  expect(ways.map((way) => passes(templateWith(null), way))).toEqual([false, false]);
});

test("the internet reaches a load balancer on 80 as well where nothing before it redirects from HTTP", () => {
  const from = { address: "203.0.113.7" };
  const to = { address: "10.0.2.5", group: "public" };
  expect([443, 80, 81].map((port) => passes(silos, { from, to, port }))).toEqual([true, true, false]);
});

test("a subnet gets an ACL when its rules are there, a NAT gateway its address when there is a way out", () => {
  const waitsFor = (id: string) =>
    (silos.Resources[id] as { readonly DependsOn?: readonly string[] }).DependsOn;
  const rules = Object.keys(resourcesOf(silos, "AWS::EC2::NetworkAclEntry")).filter((id) =>
    id.includes("Private"),
  );
  expect(waitsFor("NetworkAclsPrivateSubnetA")?.toSorted()).toEqual(rules.toSorted());
  expect(waitsFor("NetworkNatGatewayA")).toEqual(["NetworkPublicRouteToInternet"]);
  expect(waitsFor("NetworkNatAddressA")).toEqual(["NetworkPublicRouteToInternet"]);
});

test("no ACL has more rules in a direction than AWS takes", () => {
  const six = platformWith({
    network: { zones: 6 },
    stores: { main: { kind: "postgres" } },
    services: { web: { image: "web:1", route: "/", uses: ["main"] } },
  });
  for (const template of [silos, management, foundationTemplate(six)]) {
    const counts = new Map<string, number>();
    for (const { NetworkAclId, Egress } of propertiesOf(template, "AWS::EC2::NetworkAclEntry") as {
      NetworkAclId?: unknown;
      Egress?: unknown;
    }[]) {
      const key = JSON.stringify([NetworkAclId, Egress]);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(Math.max(...counts.values())).toBeLessThanOrEqual(20);
  }
});

test("a network without ACLs, without NAT gateways, and with one of them", () => {
  const open = foundationTemplate(platformWith({ network: { networkAcls: "open", natGateways: "none" } }));
  expect(resourcesOf(open, "AWS::EC2::NetworkAcl")).toEqual({});
  expect(resourcesOf(open, "AWS::EC2::NatGateway")).toEqual({});
  expect(Object.keys(resourcesOf(open, "AWS::EC2::Route"))).toEqual(["NetworkPublicRouteToInternet"]);
  const single = foundationTemplate(platformWith({ network: { natGateways: "single" } }));
  expect(Object.keys(resourcesOf(single, "AWS::EC2::NatGateway"))).toEqual(["NetworkNatGatewayA"]);
  for (const zone of ["A", "B", "C"]) {
    const route = resourcesOf(single, "AWS::EC2::Route")[`NetworkPrivateRouteToInternet${zone}`];
    expect(route?.Properties?.["NatGatewayId"]).toEqual({
      "Fn::GetAtt": ["NetworkNatGatewayA", "NatGatewayId"],
    });
  }
});

test("another zone, service or store changes no logical id of the network that was there", () => {
  const before = platformWith({ network: { zones: 2 } });
  const after = platformWith({
    network: { zones: 3 },
    services: { web: { image: "web:1", route: "/", uses: ["main"] } },
    stores: { main: { kind: "postgres" } },
  });
  const idsAfter = Object.keys(foundationTemplate(after).Resources);
  const idsBefore = Object.keys(foundationTemplate(before).Resources).filter((id) => !id.includes("Acls"));
  expect(idsBefore.filter((id) => !idsAfter.includes(id))).toEqual([]);
});

test("S5.16 endpoints: S3 in the routes of the private subnets, the others with an address in each zone, 443 from the VPC only", () => {
  const endpoints = resourcesOf(silos, "AWS::EC2::VPCEndpoint");
  expect(Object.keys(endpoints).sort()).toEqual(
    ["EcrApi", "EcrDkr", "Kms", "Logs", "S3", "Secretsmanager"].map((name) => `NetworkEndpoints${name}`),
  );
  expect(endpoints["NetworkEndpointsS3"]?.Properties).toMatchObject({
    ServiceName: "com.amazonaws.us-east-1.s3",
    VpcEndpointType: "Gateway",
    RouteTableIds: ["A", "B", "C"].map((zone) => ({
      "Fn::GetAtt": [`NetworkPrivateRouteTable${zone}`, "RouteTableId"],
    })),
  });
  expect(endpoints["NetworkEndpointsEcrDkr"]?.Properties).toMatchObject({
    VpcEndpointType: "Interface",
    PrivateDnsEnabled: true,
    SubnetIds: ["A", "B", "C"].map((zone) => ({ "Fn::GetAtt": [`NetworkPrivateSubnet${zone}`, "SubnetId"] })),
  });
  const [group] = Object.values(resourcesOf(silos, "AWS::EC2::SecurityGroup"));
  expect(group?.Properties?.["SecurityGroupIngress"]).toMatchObject([
    { IpProtocol: "tcp", FromPort: 443, ToPort: 443, CidrIp: "10.0.0.0/16" },
  ]);
});

test("endpoints are for this account, except where AWS itself hands things out", () => {
  const policyOf = (service: string) =>
    JSON.stringify(
      resourcesOf(silos, "AWS::EC2::VPCEndpoint")[`NetworkEndpoints${service}`]?.Properties?.[
        "PolicyDocument"
      ],
    );
  for (const service of ["EcrApi", "EcrDkr", "Kms", "Logs", "S3", "Secretsmanager"]) {
    expect(policyOf(service)).toContain('"aws:PrincipalAccount":{"Ref":"AWS::AccountId"}');
  }
  expect(policyOf("Secretsmanager")).toContain('"aws:ResourceAccount":{"Ref":"AWS::AccountId"}');
  // Images of agents belong to AWS, and so does the bucket with the layers of every image.
  expect(policyOf("EcrDkr")).not.toContain("aws:ResourceAccount");
  expect(policyOf("S3")).toContain("prod-us-east-1-starport-layer-bucket/*");
});

test("S3.01 network and keys stand in a stack of somebody else", () => {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, "other", { env: { region: "eu-west-1" } });
  const { network, services, stores, routing } = platformWith({});
  const keys = new Keys(stack, "Keys", {
    name: "other/test",
    purposes: new Map([["logs", ["logs"]]]),
    scope: "per-store",
    rotationDays: 180,
    deletionWindowDays: 7,
    dataProtection: "disposable",
  });
  const made = new Network(stack, "Network", {
    name: "other",
    network: { ...network, endpoints: ["s3", "sts"] },
    flows: networkFlows({ network, services, stores }, { ...routing, behindCloudFront: false }),
    flowLogGroup: "/other/flow-logs",
    logKey: keys.arn("logs"),
    dataProtection: "disposable",
    permissionsBoundary: null,
  });
  const template = takeTemplate(app, "other");
  expect(made.subnetIds.private).toHaveLength(3);
  expect(Object.keys(resourcesOf(template, "AWS::EC2::VPC"))).toHaveLength(1);
  const [key] = Object.values(resourcesOf(template, "AWS::KMS::Key"));
  expect(key).toMatchObject({
    DeletionPolicy: "Delete",
    Properties: { RotationPeriodInDays: 180, PendingWindowInDays: 7, EnableKeyRotation: true },
  });
});

test("ranges are joined where together they are one, and nowhere else", () => {
  expect(joinRanges(["10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24"])).toEqual(["10.0.1.0/24", "10.0.2.0/23"]);
  expect(joinRanges(["10.0.3.0/24", "10.0.0.0/24", "10.0.2.0/24", "10.0.1.0/24"])).toEqual(["10.0.0.0/22"]);
  expect(joinRanges(["10.0.0.0/24", "10.0.2.0/24"])).toEqual(["10.0.0.0/24", "10.0.2.0/24"]);
  expect(joinRanges(["10.0.0.0/24", "10.0.1.0/25"])).toEqual(["10.0.0.0/24", "10.0.1.0/25"]);
  expect(joinRanges(["200.0.0.0/16", "201.0.0.0/16"])).toEqual(["200.0.0.0/16", "201.0.0.0/16"]);
});

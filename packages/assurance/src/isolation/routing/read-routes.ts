import { unknownIn } from "../../artifacts/mark.ts";
import { splitText } from "../../artifacts/split-text.ts";
import type { Properties, Resource, ShippedStack } from "../../artifacts/shipment.ts";
import { isTrue, listOf, recordOf, textOf, wholeOf } from "../network/property-values.ts";
import { hostName } from "./host-names.ts";
import { readCachePolicy, readDistribution, sendsHost } from "./read-distribution.ts";
import { actionOf, readRule } from "./read-rule.ts";
import type {
  Certificate,
  DiscoveryName,
  DnsRecord,
  Feeder,
  Gap,
  Listener,
  ListenerCertificate,
  LoadBalancer,
  StackRoutes,
  TargetGroup,
} from "./routing-model.ts";

const balancing = "AWS::ElasticLoadBalancingV2::";

const types: ReadonlySet<string> = new Set([
  `${balancing}ListenerRule`,
  `${balancing}Listener`,
  `${balancing}LoadBalancer`,
  `${balancing}TargetGroup`,
  `${balancing}ListenerCertificate`,
  "AWS::ECS::Service",
  "AWS::ECS::TaskSet",
  "AWS::ECS::TaskDefinition",
  "AWS::AutoScaling::AutoScalingGroup",
  "AWS::Route53::RecordSet",
  "AWS::Route53::RecordSetGroup",
  "AWS::CertificateManager::Certificate",
  "AWS::CloudFront::Distribution",
  "AWS::CloudFront::CachePolicy",
  "AWS::CloudFront::OriginRequestPolicy",
  "AWS::CloudFront::DistributionTenant",
  "AWS::S3::Bucket",
  "AWS::ServiceDiscovery::Service",
]);

/** Services that lead requests to somewhere and of which nothing is known here. */
const strange =
  /^AWS::(ApiGateway|ApiGatewayV2|AppRunner|AppSync|Amplify|ElasticLoadBalancing|GlobalAccelerator|Lightsail|Transfer|VpcLattice)::|^AWS::(Lambda::Url|EC2::VPCEndpointService|CloudFront::(StreamingDistribution|VpcOrigin|AnycastIpList|ContinuousDeploymentPolicy)|Cognito::UserPoolDomain|ServiceDiscovery::Instance)$/;

/** Reads what of a stack has to do with the way of a request. */
export function readRoutes(stack: ShippedStack): StackRoutes {
  const all = stack.resources();
  const resources = all.filter(({ type }) => types.has(type));
  const gaps: Gap[] = [];
  const gapOf =
    ({ key, type }: Resource) =>
    (missing: string): void => {
      gaps.push({ key, type, missing });
    };
  for (const service of resources) {
    const isClassic = listOf(service.properties["LoadBalancers"]).some(
      (one) => recordOf(one)["LoadBalancerName"] !== undefined,
    );
    if (service.type === "AWS::ECS::Service" && isClassic)
      gapOf(service)("what its classic load balancer sends to it");
  }
  for (const resource of resources) {
    const why = unknownIn(JSON.stringify(routed(resource)));
    if (why !== undefined) gapOf(resource)(why);
  }
  const of = (type: string): readonly Resource[] => resources.filter((resource) => resource.type === type);
  return {
    stack,
    rules: of(`${balancing}ListenerRule`).map((rule) => readRule(rule, gapOf(rule))),
    listeners: of(`${balancing}Listener`).map(readListener),
    loadBalancers: of(`${balancing}LoadBalancer`).map(readLoadBalancer),
    targetGroups: of(`${balancing}TargetGroup`).map(readTargetGroup),
    feeders: [
      ...of("AWS::ECS::Service").flatMap(readService),
      ...of("AWS::ECS::TaskSet").flatMap(readService),
      ...of("AWS::AutoScaling::AutoScalingGroup").flatMap(readMachines),
    ],
    containers: new Map(
      of("AWS::ECS::TaskDefinition").map((task) => [task.physicalId, readContainers(task)]),
    ),
    records: [
      ...of("AWS::Route53::RecordSet").map((record) => readRecord(record, record.properties)),
      ...of("AWS::Route53::RecordSetGroup").flatMap((group) =>
        listOf(group.properties["RecordSets"]).map((record) => readRecord(group, recordOf(record))),
      ),
    ],
    certificates: of("AWS::CertificateManager::Certificate").map(readCertificate),
    listenerCertificates: of(`${balancing}ListenerCertificate`).map(readListenerCertificate),
    distributions: of("AWS::CloudFront::Distribution").map(readDistribution),
    cachePolicies: new Map(
      of("AWS::CloudFront::CachePolicy").map((one) => [one.physicalId, readCachePolicy(one)]),
    ),
    domains: of("AWS::CloudFront::DistributionTenant").map(({ key, properties }) => ({
      key,
      names: listOf(properties["Domains"]).map((name) => hostName(textOf(name) ?? "")),
    })),
    discoveries: [
      ...of("AWS::ECS::Service").flatMap(readConnect),
      ...of("AWS::ServiceDiscovery::Service").map(readCloudMap),
    ],
    registrations: of("AWS::ECS::Service").flatMap(({ key, properties }) =>
      listOf(properties["ServiceRegistries"]).map((one) => ({
        key,
        registry: textOf(recordOf(one)["RegistryArn"]) ?? "",
      })),
    ),
    registries: new Set(of("AWS::ServiceDiscovery::Service").flatMap(({ arn }) => arn ?? [])),
    requestPolicies: new Map(
      of("AWS::CloudFront::OriginRequestPolicy").map((one) => [one.physicalId, sendsHost(one.properties)]),
    ),
    strangers: all.filter(({ type }) => strange.test(type)).map(({ key, type }) => ({ key, type })),
    buckets: of("AWS::S3::Bucket").map(({ physicalId }) => physicalId),
    gaps,
  };
}

/** What of a resource routing hangs on: a task's settings are none of its business. */
function routed({ type, properties }: Resource): Properties {
  if (type === "AWS::ECS::TaskDefinition") {
    const containers = listOf(properties["ContainerDefinitions"]).map(recordOf);
    return { ports: containers.map((one) => [one["Name"] ?? null, one["PortMappings"] ?? null]) };
  }
  if (type === "AWS::S3::Bucket") return {};
  if (type !== "AWS::ECS::Service") return properties;
  const { LoadBalancers = null, ServiceConnectConfiguration = null } = properties;
  const { ServiceRegistries = null, TaskDefinition = null } = properties;
  return { LoadBalancers, ServiceConnectConfiguration, ServiceRegistries, TaskDefinition };
}

function readListener({ key, physicalId, stack, properties }: Resource): Listener {
  const action = actionOf(properties["DefaultActions"]);
  const redirects = listOf(properties["DefaultActions"]).map((one) =>
    recordOf(recordOf(one)["RedirectConfig"]),
  );
  return {
    key,
    arn: physicalId,
    stack,
    loadBalancer: textOf(properties["LoadBalancerArn"]) ?? "",
    port: wholeOf(properties["Port"]),
    protocol: textOf(properties["Protocol"]) ?? "",
    tlsPolicy: textOf(properties["SslPolicy"]),
    action,
    redirectsToHttps:
      action.types.length === 1 &&
      action.types[0] === "redirect" &&
      redirects.some((redirect) => redirect["Protocol"] === "HTTPS"),
  };
}

function readLoadBalancer({ key, physicalId, stack, properties }: Resource): LoadBalancer {
  const attributes = listOf(properties["LoadBalancerAttributes"]).map(recordOf);
  return {
    key,
    arn: physicalId,
    stack,
    type: textOf(properties["Type"]) ?? "application",
    attributes: Object.fromEntries(
      attributes.map((one) => [textOf(one["Key"]) ?? "", String(one["Value"] ?? "")]),
    ),
  };
}

function readTargetGroup({ key, physicalId, stack, properties }: Resource): TargetGroup {
  return {
    key,
    arn: physicalId,
    stack,
    targetType: textOf(properties["TargetType"]) ?? "instance",
    port: wholeOf(properties["Port"]),
    hasHealthCheck: isTrue(properties["HealthCheckEnabled"] ?? true),
    healthPort: textOf(properties["HealthCheckPort"]) ?? "traffic-port",
    fixedTargets: listOf(properties["Targets"]).length,
  };
}

function readService({ key, properties }: Resource): readonly Feeder[] {
  return listOf(properties["LoadBalancers"])
    .map(recordOf)
    .map((balancer) => {
      const advanced = recordOf(balancer["AdvancedConfiguration"]);
      const groups = [balancer["TargetGroupArn"], advanced["AlternateTargetGroupArn"]];
      const rules = [advanced["ProductionListenerRule"], advanced["TestListenerRule"]];
      return {
        key,
        targetGroups: groups.flatMap((arn) => textOf(arn) ?? []),
        container: textOf(balancer["ContainerName"]),
        port: wholeOf(balancer["ContainerPort"]),
        taskDefinition: textOf(properties["TaskDefinition"]) ?? "",
        rules: rules.flatMap((arn) => textOf(arn) ?? []),
      };
    });
}

function readMachines({ key, properties }: Resource): readonly Feeder[] {
  const targetGroups = listOf(properties["TargetGroupARNs"]).flatMap((arn) => textOf(arn) ?? []);
  if (targetGroups.length === 0) return [];
  return [{ key, targetGroups, container: null, port: null, taskDefinition: "", rules: [] }];
}

/** The names of Service Connect. Both the service's and those of its callers are shared by the namespace. */
function readConnect({ key, properties }: Resource): readonly DiscoveryName[] {
  const connect = recordOf(properties["ServiceConnectConfiguration"]);
  const namespace = lastPart(textOf(connect["Namespace"]) ?? "");
  return listOf(connect["Services"])
    .map(recordOf)
    .flatMap((service) => {
      const aliases = listOf(service["ClientAliases"]).map((alias) => textOf(recordOf(alias)["DnsName"]));
      const names = [textOf(service["DiscoveryName"] ?? service["PortName"]), ...aliases];
      const known = new Set(names.flatMap((name) => name ?? []).map(hostName));
      return [...known].map((name) => ({ key, namespace, name }));
    });
}

function readCloudMap({ key, physicalId, properties }: Resource): DiscoveryName {
  return {
    key,
    namespace: lastPart(textOf(properties["NamespaceId"]) ?? ""),
    name: hostName(textOf(properties["Name"]) ?? physicalId),
  };
}

function lastPart(idOrArn: string): string {
  return splitText(idOrArn, "/")?.at(-1) ?? idOrArn;
}

function readContainers({ properties }: Resource): ReadonlyMap<string, readonly number[]> {
  const containers = listOf(properties["ContainerDefinitions"]).map(recordOf);
  return new Map(
    containers.map((container) => [
      textOf(container["Name"]) ?? "",
      listOf(container["PortMappings"]).flatMap(
        (mapping) => wholeOf(recordOf(mapping)["ContainerPort"]) ?? [],
      ),
    ]),
  );
}

function readRecord({ key, stack }: Resource, properties: Properties): DnsRecord {
  const alias = recordOf(properties["AliasTarget"]);
  const targets = [...listOf(alias["DNSName"]), ...listOf(properties["ResourceRecords"])];
  return {
    key,
    stack,
    name: hostName(textOf(properties["Name"]) ?? ""),
    type: textOf(properties["Type"]) ?? "",
    targets: targets.map((target) => hostName(textOf(target) ?? "")),
  };
}

function readCertificate({ key, physicalId, properties }: Resource): Certificate {
  const names = [...listOf(properties["DomainName"]), ...listOf(properties["SubjectAlternativeNames"])];
  return { key, arn: physicalId, names: names.map((name) => hostName(textOf(name) ?? "")) };
}

function readListenerCertificate({ key, properties }: Resource): ListenerCertificate {
  const certificates = listOf(properties["Certificates"]).map((one) => recordOf(one)["CertificateArn"]);
  return {
    key,
    listener: textOf(properties["ListenerArn"]) ?? "",
    certificates: certificates.map((arn) => textOf(arn) ?? ""),
  };
}

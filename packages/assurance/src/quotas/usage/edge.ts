import type { Resource } from "../../artifacts/shipment.ts";
import { listAt, numberAt, textAt, valueAt } from "../../posture/read-value.ts";
import {
  type Container,
  containerNamed,
  containerOf,
  regionOf,
  type StackView,
  type Use,
} from "./stack-view.ts";

const zoneType = "AWS::Route53::HostedZone";
const aclType = "AWS::WAFv2::WebACL";

/** Route 53, certificates, CloudFront and WAF. */
export function edgeUses(view: StackView): readonly Use[] {
  return [
    ...view.ofType("AWS::Route53::RecordSet").flatMap((record) => recordUses(view, record)),
    // A zone is made with records of its own: NS and SOA.
    ...view.ofType(zoneType).map((zone) => ({
      quota: "records-per-hosted-zone",
      container: containerOf(zone),
      amount: 2,
      by: zone.key,
    })),
    ...view
      .ofType("AWS::CertificateManager::Certificate")
      .flatMap((certificate) => certificateUses(view, certificate)),
    ...view.ofType("AWS::CloudFront::Distribution").flatMap(distributionUses),
    ...view.ofType(aclType).flatMap((acl) => webAclUses(view, acl)),
    ...view.ofType("AWS::WAFv2::WebACLAssociation").flatMap(({ key, properties }) => {
      const quota = "load-balancers-per-web-acl";
      const container = containerNamed(view, quota, key, properties["WebACLArn"], aclType);
      return container === null ? [] : [{ quota, container, amount: 1, by: key }];
    }),
  ];
}

function recordUses(view: StackView, { key, properties }: Resource): readonly Use[] {
  const quota = "records-per-hosted-zone";
  const zone = properties["HostedZoneId"] ?? properties["HostedZoneName"];
  const container = containerNamed(view, quota, key, zone, zoneType);
  return container === null ? [] : [{ quota, container, amount: 1, by: key }];
}

/** A name is shown to be owned by a record in its zone; a name and its wildcard need the same one. */
function certificateUses(view: StackView, certificate: Resource): readonly Use[] {
  const { key, properties } = certificate;
  const names = new Set([
    ...listAt(properties, "DomainName"),
    ...listAt(properties, "SubjectAlternativeNames"),
  ]);
  const validated = new Map<string, Container>();
  for (const option of listAt(properties, "DomainValidationOptions")) {
    const zone = valueAt(option, "HostedZoneId");
    const domain = (textAt(option, "DomainName") ?? "").replace(/^\*\./, "");
    if (zone === undefined || domain === "") continue;
    const container = containerNamed(view, "records-per-hosted-zone", key, zone, zoneType);
    if (container !== null) validated.set(domain, container);
  }
  return [
    {
      quota: "domains-per-certificate",
      container: containerOf(certificate),
      amount: names.size,
      by: key,
    },
    ...[...validated.values()].map((container) => ({
      quota: "records-per-hosted-zone",
      container,
      amount: 1,
      by: key,
    })),
  ];
}

function distributionUses(distribution: Resource): readonly Use[] {
  const { key, properties } = distribution;
  const container = containerOf(distribution);
  const count = (quota: string, field: string, besides = 0): Use => ({
    quota,
    container,
    amount: listAt(properties, "DistributionConfig", field).length + besides,
    by: key,
  });
  return [
    count("aliases-per-distribution", "Aliases"),
    count("behaviours-per-distribution", "CacheBehaviors", 1),
    count("origins-per-distribution", "Origins"),
  ];
}

function webAclUses(view: StackView, acl: Resource): readonly Use[] {
  const { key, properties } = acl;
  const isGlobal = textAt(properties, "Scope") === "CLOUDFRONT";
  const global: Container = { key: "region global", subject: "global", level: "account" };
  const rateRules = listAt(properties, "Rules").filter(
    (rule) => numberAt(rule, "Statement", "RateBasedStatement", "Limit") !== undefined,
  ).length;
  return [
    { quota: "web-acls", container: isGlobal ? global : regionOf(view), amount: 1, by: key },
    ...(rateRules === 0
      ? []
      : [{ quota: "rate-rules-per-web-acl", container: containerOf(acl), amount: rateRules, by: key }]),
  ];
}

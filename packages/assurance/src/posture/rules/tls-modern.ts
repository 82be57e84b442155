import type { Data, Resource } from "../../artifacts/shipment.ts";
import { type Finding, refuted } from "../../rule.ts";
import { postureRule } from "../posture-rule.ts";
import { isFields, listAt, textAt, valueAt } from "../read-value.ts";

/**
 * Policies of load balancers by the oldest TLS that they take.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
 */
function oldestTls(policy: string): "1.2" | "1.3" | "older" {
  if (/^ELBSecurityPolicy-TLS13-1-3(-(FIPS|PQ|FIPS-PQ))?(-PQ)?-\d{4}-\d{2}$/.test(policy)) return "1.3";
  if (/^ELBSecurityPolicy-TLS13-1-2(-(Res|Ext1|Ext2|Ext0|FIPS))*(-PQ)?-\d{4}-\d{2}$/.test(policy))
    return "1.2";
  if (
    /^ELBSecurityPolicy-(TLS-1-2(-Ext)?-2017-01|TLS-1-2-2017-01|FS-1-2(-Res)?-(2019-08|2020-10))$/.test(
      policy,
    )
  )
    return "1.2";
  return "older";
}

const rank = { older: 0, "1.2": 1, "1.3": 2 } as const;

export const tlsModern = postureRule({
  name: "tls-modern",
  why: "TLS before 1.2 can be broken on the way, and the environment says what it wants besides.",
  fix: "Use a policy of the version that routing.tlsMinimum or edge.cloudFront.tlsMinimum says.",
  things: "listeners or distributions",
  find: ({ ofType }) => [
    ...ofType("AWS::ElasticLoadBalancingV2::Listener").filter(({ properties }) =>
      ["HTTPS", "TLS"].includes(textAt(properties, "Protocol") ?? ""),
    ),
    ...ofType("AWS::CloudFront::Distribution"),
  ],
  judge: (resource, { definition }) =>
    resource.type === "AWS::CloudFront::Distribution"
      ? judgeDistribution(resource, definition.edge.cloudFront?.tlsMinimum ?? "1.2")
      : judgePolicy(resource, definition.routing.tlsMinimum),
});

function judgePolicy(listener: Resource, asked: "1.2" | "1.3"): readonly Finding[] {
  const policy = textAt(listener.properties, "SslPolicy");
  // The default takes TLS 1.0: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/create-https-listener.html
  const oldest = policy === undefined ? "older" : oldestTls(policy);
  if (rank[oldest] >= rank[asked]) return [];
  return [
    refuted(
      listener.key,
      `SslPolicy is ${policy ?? "missing"}, and the definition wants TLS ${asked} at least`,
    ),
  ];
}

function judgeDistribution(distribution: Resource, asked: "1.2" | "1.3"): readonly Finding[] {
  const config = valueAt(distribution.properties, "DistributionConfig");
  const minimum = textAt(config, "ViewerCertificate", "MinimumProtocolVersion");
  const right = asked === "1.3" ? /^TLSv1\.3_/ : /^TLSv1\.[23]_/;
  const behaviours = [valueAt(config, "DefaultCacheBehavior"), ...listAt(config, "CacheBehaviors")].filter(
    (one) => isFields(one),
  );
  return [
    ...(minimum !== undefined && right.test(minimum)
      ? []
      : [
          refuted(
            distribution.key,
            `MinimumProtocolVersion is ${minimum ?? "missing"}, and the definition wants TLS ${asked}`,
          ),
        ]),
    ...behaviours
      .map((behaviour) => textAt(behaviour, "ViewerProtocolPolicy"))
      .filter((policy) => policy !== "redirect-to-https" && policy !== "https-only")
      .map((policy) =>
        refuted(distribution.key, `ViewerProtocolPolicy is ${policy ?? "missing"}: it answers plain HTTP`),
      ),
    ...listAt(config, "Origins").flatMap((origin) => judgeOrigin(distribution, origin)),
  ];
}

function judgeOrigin(distribution: Resource, origin: Data): readonly Finding[] {
  const custom = valueAt(origin, "CustomOriginConfig");
  if (!isFields(custom)) return [];
  const policy = textAt(custom, "OriginProtocolPolicy");
  const old = listAt(custom, "OriginSSLProtocols").filter(
    (version) => version !== "TLSv1.2" && version !== "TLSv1.3",
  );
  return [
    ...(policy === "https-only"
      ? []
      : [refuted(distribution.key, `OriginProtocolPolicy is ${policy ?? "missing"}`)]),
    ...old.map((version) => refuted(distribution.key, `OriginSSLProtocols has ${String(version)}`)),
  ];
}

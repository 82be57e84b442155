import type { Data, Properties, Resource } from "../../artifacts/shipment.ts";
import { isTrue, listOf, recordOf, textOf } from "../network/property-values.ts";
import { hostName } from "./host-names.ts";
import type { Behavior, CacheKey, Distribution, Origin } from "./routing-model.ts";

export function readDistribution({ key, physicalId, stack, properties }: Resource): Distribution {
  const config = recordOf(properties["DistributionConfig"]);
  const behaviors = [
    recordOf(config["DefaultCacheBehavior"]),
    ...listOf(config["CacheBehaviors"]).map(recordOf),
  ];
  return {
    key,
    id: physicalId,
    stack,
    aliases: listOf(config["Aliases"]).map((alias) => hostName(textOf(alias) ?? "")),
    origins: listOf(config["Origins"]).map(recordOf).map(readOrigin),
    originGroups: listOf(recordOf(config["OriginGroups"])["Items"]).map(
      (group) => textOf(recordOf(group)["Id"]) ?? "",
    ),
    behaviors: behaviors.map(readBehavior),
    oldestTls: textOf(recordOf(config["ViewerCertificate"])["MinimumProtocolVersion"]) ?? "TLSv1",
  };
}

function readOrigin(origin: Properties): Origin {
  const custom = origin["CustomOriginConfig"];
  return {
    id: textOf(origin["Id"]) ?? "",
    host: hostName(textOf(origin["DomainName"]) ?? ""),
    protocol: custom === undefined ? null : (textOf(recordOf(custom)["OriginProtocolPolicy"]) ?? ""),
    headers: listOf(origin["OriginCustomHeaders"])
      .map(recordOf)
      .map((header) => ({
        name: (textOf(header["HeaderName"]) ?? "").toLowerCase(),
        value: textOf(header["HeaderValue"]) ?? "",
      })),
  };
}

function readBehavior(behavior: Properties): Behavior {
  const forwarded = behavior["ForwardedValues"];
  return {
    path: textOf(behavior["PathPattern"]) ?? "*",
    origin: textOf(behavior["TargetOriginId"]) ?? "",
    viewerProtocol: textOf(behavior["ViewerProtocolPolicy"]) ?? "",
    cachePolicy: textOf(behavior["CachePolicyId"]),
    ownKey: forwarded === undefined ? null : ownKey(recordOf(forwarded), behavior),
    originRequestPolicy: textOf(behavior["OriginRequestPolicyId"]),
    runsCode:
      listOf(behavior["FunctionAssociations"]).length +
        listOf(behavior["LambdaFunctionAssociations"]).length >
      0,
  };
}

function ownKey(forwarded: Properties, behavior: Properties): CacheKey {
  return {
    headers: headersOf(forwarded["Headers"]),
    cookies: textOf(recordOf(forwarded["Cookies"])["Forward"]) ?? "none",
    keeps: behavior["MaxTTL"] !== 0,
  };
}

export function readCachePolicy({ properties }: Resource): CacheKey {
  const config = recordOf(properties["CachePolicyConfig"]);
  const key = recordOf(config["ParametersInCacheKeyAndForwardedToOrigin"]);
  const headers = recordOf(key["HeadersConfig"]);
  return {
    headers: headers["HeaderBehavior"] === "whitelist" ? headersOf(headers["Headers"]) : [],
    cookies: textOf(recordOf(key["CookiesConfig"])["CookieBehavior"]) ?? "none",
    // Nothing is kept only where nothing may be: with a longest time of 0 the others are 0 too.
    keeps: Number(textOf(config["MaxTTL"] ?? 1) ?? 1) > 0 || isTrue(config["MaxTTL"] ?? false),
  };
}

/** Whether a policy of requests to the origin sends the host on that was asked for. */
export function sendsHost(properties: Properties): boolean {
  const headers = recordOf(recordOf(properties["OriginRequestPolicyConfig"])["HeadersConfig"]);
  const isListed = headersOf(headers["Headers"]).includes("host");
  switch (headers["HeaderBehavior"]) {
    case "allViewer":
    case "allViewerAndWhitelistCloudFront":
      return true;
    case "allExcept":
      return !isListed;
    default:
      return headers["HeaderBehavior"] === "whitelist" && isListed;
  }
}

function headersOf(value: Data | undefined): readonly string[] {
  return listOf(value).map((header) => (textOf(header) ?? "").toLowerCase());
}

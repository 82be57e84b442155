import { resourceMark } from "./mark.ts";

/** What is known of a resource when its names are made. */
export interface Named {
  /** `{stack id}/{logical id}`. */
  readonly key: string;
  readonly type: string;
  readonly region: string;
  readonly account: string;
  readonly name: string;
  /** A property as text; undefined where it is left out or is no text. */
  readonly property: (name: string) => string | undefined;
}

/** Fills a text of the table of types (resource-types/). */
export function fill(
  pattern: string,
  named: Named,
  more: { readonly arn?: string; readonly attribute?: string } = {},
): string {
  return pattern.replaceAll(/\{([\w-]+)\}/g, (_, placeholder: string) => {
    if (placeholder === "arn") return more.arn ?? "";
    if (placeholder === "attribute") return more.attribute ?? "";
    return partOf(placeholder, named);
  });
}

function partOf(placeholder: string, named: Named): string {
  const { key, region, account, name, property } = named;
  switch (placeholder) {
    case "name":
      return name;
    case "mark":
      return resourceMark(key);
    case "region":
      return region;
    case "account":
      return account;
    // A role's path stands in its ARN, between slashes.
    case "path":
      return property("Path") ?? "/";
    case "path-name":
      return name.replace(/^\//, "");
    case "cluster":
      return lastPart(property("Cluster") ?? "default");
    case "issuer":
      return (property("Url") ?? "").replace(/^https:\/\//, "");
    case "scope":
      return property("Scope") === "CLOUDFRONT" ? "global" : "regional";
    case "bus":
      return busOf(property("EventBusName"));
    case "balancer":
      return balancerKinds[property("Type") ?? "application"] ?? "app";
    case "listener":
      return below("loadbalancer", "listener", property("LoadBalancerArn"), named);
    case "rule":
      return below("listener", "listener-rule", property("ListenerArn"), named);
    default:
      return property(placeholder) ?? resourceMark(key, placeholder);
  }
}

const balancerKinds: Readonly<Record<string, string>> = {
  application: "app",
  network: "net",
  gateway: "gwy",
};

function lastPart(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf("/") + 1);
}

function busOf(nameOrArn: string | undefined): string {
  const bus = lastPart(nameOrArn ?? "default");
  return bus === "default" ? "" : `${bus}/`;
}

/** The ARN of what belongs to a load balancer continues the one that it hangs on. */
function below(parent: string, kind: string, parentArn: string | undefined, named: Named): string {
  const { key, region, account } = named;
  const own = resourceMark(key);
  if (parentArn?.includes(`:${parent}/`) === true) {
    return `${parentArn.replace(`:${parent}/`, `:${kind}/`)}/${own}`;
  }
  return `arn:aws:elasticloadbalancing:${region}:${account}:${kind}/${own}`;
}

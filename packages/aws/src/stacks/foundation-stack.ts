import type { PlatformStore, SubnetGroup } from "@tenantry/model";
import { type App, CfnCondition, Fn } from "aws-cdk-lib";
import { CfnParameter as CfnSsmParameter } from "aws-cdk-lib/aws-ssm";
import { AccessLogs } from "../audit/access-logs.ts";
import { Audit } from "../audit/audit.ts";
import { PermissionsBoundary } from "../identity/permissions-boundary.ts";
import type { KeyUse } from "../keys/key-policy.ts";
import { Keys } from "../keys/keys.ts";
import { OriginSecret } from "../load-balancer/origin-header.ts";
import { HostedZone, hostedZoneArn } from "../network/hosted-zone.ts";
import { Network } from "../network/network.ts";
import { networkFlows } from "../network/network-flow.ts";
import { Registry, repositoryOf } from "../registry/registry.ts";
import { PlatformStack } from "../stack/platform-stack.ts";
import type { Site } from "../stack/site.ts";
import type { KeyPurpose } from "../stack/stack-values.ts";
import { hasCells } from "./cell-stack.ts";

/** What everything else of a region stands on: network, keys, registry, audit, the boundary of roles, the hosted zone. */
export function foundationStack(app: App, site: Site): PlatformStack {
  const { platform, role } = site;
  const stack = new PlatformStack(app, site, "foundation", {
    description: `Network, keys, registry and audit of ${platform.name} in ${platform.environment}.`,
  });
  const permissionsBoundary = boundary(stack);
  const keys = makeKeys(stack);
  const keyOf = (purpose: KeyPurpose) => keys?.arn(purpose) ?? null;
  makeNetwork(stack, keyOf("logs"), permissionsBoundary);
  makeRegistry(stack, keyOf);

  const logs = new AccessLogs(stack, "AccessLogs", {
    retentionDays: platform.audit.retentionDays,
    hasCloudFront: platform.edge.cloudFront !== null,
    dataProtection: platform.dataProtection,
  });
  stack.provide("audit/log-bucket", logs.bucketName);
  makeOriginSecret(stack, keyOf("secrets"));
  if (role === "primary") {
    makeAudit(stack, { logBucket: logs.bucketName, keyOf, permissionsBoundary });
    makeHostedZone(stack);
  }
  for (const [name, value] of Object.entries(platform.parameters)) {
    new CfnSsmParameter(stack, `Parameter-${name}`, {
      name: stack.parameterPath(name),
      type: "String",
      value,
    });
  }
  return stack;
}

/** The ARN of the boundary; null where roles have none. */
function boundary(stack: PlatformStack): string | null {
  const { platform } = stack.site;
  if (!platform.identity.deployment.permissionsBoundary) return null;
  const { arn } = new PermissionsBoundary(stack, "PermissionsBoundary", {
    platform: platform.name,
    environment: platform.environment,
    region: stack.region,
    regions: [platform.region, ...(platform.recovery === null ? [] : [platform.recovery.region])],
  });
  stack.provide("identity/permissions-boundary-arn", arn);
  return arn;
}

/** Null where AWS's own keys are used. */
function makeKeys(stack: PlatformStack): Keys | null {
  const { platform } = stack.site;
  if (platform.encryption.keys === "aws-managed") return null;
  const { scope, rotationDays, deletionWindowDays } = platform.encryption;
  const keys = new Keys(stack, "Keys", {
    name: nameOf(stack),
    purposes: purposesOf(stack.site),
    scope,
    rotationDays,
    deletionWindowDays,
    dataProtection: platform.dataProtection,
  });
  for (const [purpose, arn] of keys.arns) stack.provide(`keys/${purpose}`, arn);
  return keys;
}

/** Every purpose for which a stack of the site may need a key, and who uses the key by itself. */
function purposesOf({ region }: Site): ReadonlyMap<KeyPurpose, readonly KeyUse[]> {
  return new Map<KeyPurpose, readonly KeyUse[]>([
    ["audit", ["audit"]],
    ["backups", []],
    ["logs", ["logs"]],
    ["notifications", ["notifications"]],
    ...(repositoriesOf(region).size === 0 ? [] : ([["registry", []]] as const)),
    ["secrets", []],
    ...Object.values(region.stores).map((store) => [`stores/${store.name}`, usesOf(store)] as const),
  ]);
}

function usesOf(store: PlatformStore): readonly KeyUse[] {
  return store.kind === "bucket" && store.servedByCloudFront ? ["cloudfront"] : [];
}

function makeNetwork(stack: PlatformStack, logKey: string | null, permissionsBoundary: string | null): void {
  const { platform, region } = stack.site;
  const made = new Network(stack, "Network", {
    name: `${platform.name}-${platform.environment}`,
    network: region.network,
    flows: networkFlows(region, {
      ...platform.routing,
      behindCloudFront: platform.edge.cloudFront !== null,
    }),
    flowLogGroup: `/${nameOf(stack)}/vpc-flow-logs`,
    logKey,
    dataProtection: platform.dataProtection,
    permissionsBoundary,
  });
  stack.provide("network/vpc-id", made.vpcId);
  for (const group of Object.keys(made.subnetIds) as SubnetGroup[]) {
    stack.provideList(`network/subnets/${group}`, made.subnetIds[group] ?? []);
    stack.provideList(`network/route-tables/${group}`, made.routeTableIds[group] ?? []);
  }
  stack.output("VpcId", made.vpcId, "The VPC.");
  if (made.natAddresses.length > 0) {
    const addresses = Fn.join(",", [...made.natAddresses]);
    stack.output("NatAddresses", addresses, "The addresses from which private subnets reach the internet.");
  }
}

/** One secret serves all cells of the region, and who asks for it comes after the cells. */
function makeOriginSecret(stack: PlatformStack, keyArn: string | null): void {
  const { platform } = stack.site;
  if (platform.edge.cloudFront === null || !hasCells(stack.site)) return;
  new OriginSecret(stack, "OriginSecret", {
    platform: platform.name,
    environment: platform.environment,
    region: stack.region,
    keyArn,
  });
}

function makeRegistry(stack: PlatformStack, keyOf: (purpose: KeyPurpose) => string | null): void {
  const { platform, region } = stack.site;
  const repositories = repositoriesOf(region);
  if (repositories.size === 0) return;
  const { uris } = new Registry(stack, "Registry", {
    name: nameOf(stack),
    repositories: [...new Set(repositories.values())],
    settings: platform.delivery.registry,
    key: keyOf("registry"),
    dataProtection: platform.dataProtection,
  });
  for (const [service, path] of repositories) stack.provide(`registry/${service}`, uris.get(path) ?? "");
}

/**
 * The repository of each service with an image of the platform's registry; services may share one. What is only built
 * has one by the service's name.
 */
function repositoriesOf({ services }: Site["region"]): ReadonlyMap<string, string> {
  return new Map(
    Object.values(services).flatMap(({ name, image, build }) => {
      const path = image === null && build !== null ? name : repositoryOf(image);
      return path === null ? [] : [[name, path] as const];
    }),
  );
}

interface AuditNeeds {
  readonly logBucket: string;
  readonly keyOf: (purpose: KeyPurpose) => string | null;
  readonly permissionsBoundary: string | null;
}

/**
 * The audit of the account, in the primary region. The environment owns it that says so: where environments share an account, all
 * but one are deployed with `OwnsAccountAudit=false`, or say in their definition that they have no audit.
 */
function makeAudit(stack: PlatformStack, { logBucket, keyOf, permissionsBoundary }: AuditNeeds): void {
  const { platform } = stack.site;
  const { audit } = platform;
  if (!audit.cloudTrail && !audit.config && !audit.guardDuty && !audit.securityHub) return;
  const owns = stack.parameter(
    "OwnsAccountAudit",
    {
      type: "String",
      default: "true",
      allowedValues: ["true", "false"],
      description:
        "Whether this environment makes the trail, the recorder and the detector of the account and region.",
    },
    null,
  );
  new Audit(stack, "Audit", {
    settings: audit,
    trailName: `${platform.name}-${platform.environment}`,
    trailLogGroup: `/${nameOf(stack)}/cloudtrail`,
    credentialRotationDays: platform.identity.credentialRotationDays,
    key: keyOf("audit"),
    logKey: keyOf("logs"),
    logBucket,
    dataProtection: platform.dataProtection,
    permissionsBoundary,
    condition: new CfnCondition(stack, "IsAuditOwner", {
      expression: Fn.conditionEquals(owns.valueAsString, "true"),
    }),
  });
}

function makeHostedZone(stack: PlatformStack): void {
  const { platform } = stack.site;
  if (platform.edge.dns.hostedZone !== null) return;
  const { domain, dataProtection } = platform;
  const zone = new HostedZone(stack, "HostedZone", { domain, dataProtection });
  stack.provide("dns/hosted-zone-id", zone.hostedZoneId);
  stack.provide("dns/hosted-zone-arn", hostedZoneArn(stack.partition, zone.hostedZoneId));
  const servers = Fn.join(",", zone.nameServers as string[]);
  stack.output("NameServers", servers, `The name servers that the registrar of ${domain} must name.`);
}

/** "shop/production": how paths of the environment begin. */
function nameOf({ site: { platform } }: PlatformStack): string {
  return `${platform.name}/${platform.environment}`;
}

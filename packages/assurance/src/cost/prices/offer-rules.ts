import type { PricedItem } from "./price-list.ts";

/** A product of an offer file, as far as it says what it is. */
export interface OfferProduct {
  readonly offerCode: string;
  readonly productFamily: string;
  /** Without the prefix of its region, such as "NatGateway-Hours". */
  readonly usageType: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** What one product is in our list, and how many of AWS's units are in one of ours. */
export interface OfferItem extends PricedItem {
  readonly unit: string;
  readonly factor: number;
}

interface Rule {
  readonly offerCode: string;
  /** The whole usage type; a loose match would take `Outposts-…`, `TS-…` and other things of another price for it. */
  readonly usageType: string | RegExp;
  readonly when?: (product: OfferProduct) => boolean;
  readonly service: string;
  /** A function where it depends on the type of an instance, which the usage type names, and on its engine. */
  readonly item: string | ((instanceType: string, product: OfferProduct) => string | null);
  readonly unit: string;
  readonly factor?: number;
}

const hour = "hour";
const gbMonth = "GB-month";
const isApplication = ({ productFamily }: OfferProduct) => productFamily === "Load Balancer-Application";
const isSingleZone = ({ attributes }: OfferProduct) =>
  (attributes["deploymentOption"] ?? "Single-AZ") === "Single-AZ";

const cacheEngines: ReadonlyMap<string, string> = new Map([
  ["Redis", "Redis OSS"],
  ["Valkey", "Valkey"],
]);

/** Which products of AWS's offer files are which items of our list. */
const rules: readonly Rule[] = [
  ...[
    ["Fargate-vCPU-Hours:perCPU", "Linux x86 vCPU", "vCPU-hour"],
    ["Fargate-GB-Hours", "Linux x86 memory", "GB-hour"],
    ["Fargate-ARM-vCPU-Hours:perCPU", "Linux ARM vCPU", "vCPU-hour"],
    ["Fargate-ARM-GB-Hours", "Linux ARM memory", "GB-hour"],
    ["Fargate-EphemeralStorage-GB-Hours", "Ephemeral storage above 20 GB", "GB-hour"],
  ].map(([usageType = "", item = "", unit = ""]) => exact("AmazonECS", usageType, "fargate", item, unit)),
  {
    offerCode: "AmazonRDS",
    usageType: /^InstanceUsage:(db\.[a-z0-9-]+\.[a-z0-9]+)$/,
    when: isSingleZone,
    service: "rds",
    item: (type, { attributes }) =>
      attributes["databaseEngine"] === "PostgreSQL" ? `PostgreSQL ${type} Single-AZ` : null,
    unit: hour,
  },
  {
    offerCode: "AmazonRDS",
    usageType: /^InstanceUsage:(db\.[a-z0-9-]+\.[a-z0-9]+)$/,
    service: "aurora",
    item: (type, { attributes }) =>
      attributes["databaseEngine"] === "Aurora PostgreSQL" ? `Aurora PostgreSQL ${type}` : null,
    unit: hour,
  },
  exact("AmazonRDS", "RDS:GP3-Storage", "rds", "Storage gp3", gbMonth),
  exact("AmazonRDS", "Aurora:StorageUsage", "aurora", "Storage (Standard)", gbMonth),
  exact("AmazonRDS", "Aurora:IO-OptimizedStorageUsage", "aurora", "Storage (I/O-Optimized)", gbMonth),
  exact("AmazonRDS", "Aurora:StorageIOUsage", "aurora", "I/O requests (Standard)", "1M requests", 1e6),
  {
    offerCode: "AmazonElastiCache",
    usageType: /^NodeUsage:(cache\.[a-z0-9-]+\.[a-z0-9]+)$/,
    service: "elasticache",
    item: (type, { attributes }) => {
      const engine = cacheEngines.get(attributes["cacheEngine"] ?? "");
      return engine === undefined ? null : `${engine} ${type}`;
    },
    unit: "node-hour",
  },
  { ...exact("AWSELB", "LoadBalancerUsage", "alb", "ALB hour", hour), when: isApplication },
  { ...exact("AWSELB", "LCUUsage", "alb", "ALB LCU", "LCU-hour"), when: isApplication },
  exact("AmazonEC2", "NatGateway-Hours", "nat", "NAT gateway hour", hour),
  exact("AmazonEC2", "NatGateway-Bytes", "nat", "NAT gateway data processed", "GB"),
  exact("AmazonVPC", "PublicIPv4:InUseAddress", "ec2", "Public IPv4 address", hour),
  exact("AmazonVPC", "VpcEndpoint-Hours", "vpc", "Interface VPC endpoint", "endpoint-AZ-hour"),
  exact("AmazonVPC", "VpcEndpoint-Bytes", "vpc", "Interface endpoint data (first 1 PB)", "GB"),
  exact("AmazonS3", "TimedStorage-ByteHrs", "s3", "Standard storage", gbMonth),
  exact("AmazonS3", "Requests-Tier1", "s3", "Standard PUT/COPY/POST/LIST", "1k requests", 1000),
  exact("AmazonS3", "Requests-Tier2", "s3", "Standard GET", "1k requests", 1000),
  exact("AmazonCloudWatch", "DataProcessing-Bytes", "cloudwatch", "Logs ingestion (standard)", "GB"),
  exact("AmazonCloudWatch", "TimedStorage-ByteHrs", "cloudwatch", "Logs storage", gbMonth),
  exact("AmazonCloudWatch", "CW:MetricMonitorUsage", "cloudwatch", "Custom metric first 10k", "metric-month"),
  exact(
    "AmazonCloudWatch",
    "CW:AlarmMonitorUsage",
    "cloudwatch",
    "Alarm standard resolution",
    "alarm-metric-month",
  ),
  exact("awskms", "KMS-Keys", "kms", "Customer managed key", "key-month"),
  exact("awskms", "KMS-Requests", "kms", "Requests (symmetric)", "10k requests", 10_000),
  exact("AWSSecretsManager", "AWSSecretsManager-Secrets", "secretsmanager", "Secret", "secret-month"),
  exact(
    "AWSSecretsManager",
    "AWSSecretsManagerAPIRequest",
    "secretsmanager",
    "API calls",
    "10k calls",
    10_000,
  ),
];

function exact(
  offerCode: string,
  usageType: string,
  service: string,
  item: string,
  unit: string,
  factor = 1,
): Rule {
  return { offerCode, usageType, service, item, unit, factor };
}

/** What a product is in our list; null for the many that no resource here is charged for. */
export function offerItem(product: OfferProduct): OfferItem | null {
  for (const { offerCode, usageType, when, service, item, unit, factor = 1 } of rules) {
    if (offerCode !== product.offerCode || when?.(product) === false) continue;
    const matched =
      typeof usageType === "string"
        ? usageType === product.usageType
          ? ""
          : null
        : (usageType.exec(product.usageType)?.[1] ?? null);
    if (matched === null) continue;
    const name = typeof item === "string" ? item : item(matched, product);
    if (name !== null) return { service, item: name, unit, factor };
  }
  return null;
}

import type { Quota } from "../quota.ts";
import { quotasOf } from "./quota-row.ts";

/** IAM, stores, keys, logs, backups and CloudFormation. */
export const accountQuotas: readonly Quota[] = [
  ...quotasOf(
    "iam",
    {
      source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html",
      asOf: "2025",
      confidence: "documented",
    },
    [
      ["iam-roles", "Roles per account", "L-FE177D64", 1000, "account", "roles", { max: 5000 }],
      [
        "managed-policies",
        "Customer managed policies per account",
        "L-E95E4862",
        1500,
        "account",
        "managed policies",
        { max: 5000 },
      ],
      [
        "managed-policies-per-role",
        "Managed policies per role",
        "L-0DA4ABF3",
        10,
        "role",
        "managed policies",
        { max: 20 },
      ],
      [
        "trust-policy-size",
        "Role trust policy length",
        "L-C07B4B0D",
        2048,
        "role",
        "characters",
        { max: 4096 },
      ],
      ["inline-policy-size", "Inline policies of a role", null, 10_240, "role", "characters"],
      ["managed-policy-size", "Managed policy length", null, 6144, "managed policy", "characters"],
      ["iam-groups", "Groups per account", "L-F4A5425F", 300, "account", "groups", { max: 500 }],
    ],
  ),
  ...quotasOf(
    "s3",
    {
      source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/BucketRestrictions.html",
      asOf: "2026-04",
      confidence: "documented",
    },
    [["buckets", "General purpose buckets", "L-DC2B2D3D", 10_000, "account", "buckets"]],
  ),
  ...quotasOf(
    "rds",
    {
      source: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html",
      asOf: "2026-04-08",
      confidence: "documented",
    },
    [
      ["db-instances", "DB instances", "L-7B6409FD", 40, "account and region", "instances"],
      ["db-clusters", "DB clusters", "L-952B80B8", 40, "account and region", "clusters"],
      [
        "db-cluster-parameter-groups",
        "DB cluster parameter groups",
        "L-E4C808A8",
        50,
        "account and region",
        "parameter groups",
      ],
      ["db-parameter-groups", "Parameter groups", "L-DE55804A", 50, "account and region", "parameter groups"],
      ["db-subnet-groups", "DB subnet groups", "L-48C6BF61", 50, "account and region", "subnet groups"],
      [
        "db-storage",
        "Total storage for all DB instances",
        "L-7ADDB58A",
        100_000,
        "account and region",
        "GB",
        { atScale: true },
      ],
      ["db-proxies", "Proxies", "L-D94C7EA3", 20, "account and region", "proxies"],
      [
        "read-replicas-per-instance",
        "Read replicas per primary",
        "L-5BC124EF",
        15,
        "database",
        "read replicas",
      ],
      ["subnets-per-db-subnet-group", "Subnets per DB subnet group", null, 20, "subnet group", "subnets"],
      [
        "postgres-connections",
        "max_connections of PostgreSQL",
        null,
        null,
        "database",
        "connections",
        { adjustable: true, atScale: true },
      ],
    ],
  ),
  ...quotasOf(
    "secretsmanager",
    {
      source: "https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html",
      asOf: "2025",
      confidence: "documented",
    },
    [["secrets", "Secrets", null, 500_000, "account and region", "secrets"]],
  ),
  ...quotasOf(
    "kms",
    {
      source: "https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html",
      asOf: "2025",
      confidence: "documented",
    },
    [
      ["kms-keys", "Customer managed KMS keys", "L-C2F1777E", 100_000, "account and region", "keys"],
      ["aliases-per-key", "Aliases per KMS key", "L-340F62FB", 50, "key", "aliases"],
      ["key-policy-size", "Key policy document size", null, 32_768, "key", "bytes"],
    ],
  ),
  ...quotasOf(
    "logs",
    {
      source: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html",
      asOf: "2026-04-08",
      confidence: "documented",
    },
    [
      ["log-groups", "Log groups", "L-C7B9AAAB", 1_000_000, "account and region", "log groups"],
      [
        "metric-filters-per-log-group",
        "Metric filters per log group",
        null,
        100,
        "log group",
        "metric filters",
      ],
    ],
  ),
  ...quotasOf(
    "monitoring",
    {
      source: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html",
      asOf: "2026",
      confidence: "documented",
    },
    [
      [
        "alarms",
        "Alarms per account per Region",
        null,
        null,
        "account and region",
        "alarms",
        { adjustable: true },
      ],
      ["widgets-per-dashboard", "Dashboard widgets per dashboard", null, 500, "dashboard", "widgets"],
    ],
  ),
  ...quotasOf(
    "cloudformation",
    {
      source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html",
      asOf: "2026-04-10",
      confidence: "documented",
    },
    [
      ["resources-per-template", "Resources in a template", null, 500, "template", "resources"],
      ["outputs-per-template", "Outputs in a template", null, 200, "template", "outputs"],
      ["parameters-per-template", "Parameters in a template", null, 200, "template", "parameters"],
      ["template-size", "Template body size in an S3 object", null, 1_000_000, "template", "bytes"],
      ["stacks", "Stacks", "L-0485CB21", 2000, "account and region", "stacks"],
    ],
  ),
  ...quotasOf(
    "elasticache",
    {
      source: "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/quota-limits.html",
      asOf: "2025",
      confidence: "documented",
    },
    [
      ["cache-nodes", "Nodes per Region", "L-DFE45DF3", 300, "account and region", "nodes"],
      [
        "cache-parameter-groups",
        "Parameter groups per Region",
        "L-3F15A733",
        300,
        "account and region",
        "parameter groups",
      ],
      [
        "cache-subnet-groups",
        "Subnet groups per Region",
        "L-3E7F7726",
        300,
        "account and region",
        "subnet groups",
      ],
    ],
  ),
  ...quotasOf(
    "ecr",
    {
      source: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html",
      asOf: "2026-04-09",
      confidence: "documented",
    },
    [
      [
        "repositories",
        "Registered repositories",
        "L-CFEB8E8D",
        100_000,
        "account and region",
        "repositories",
      ],
    ],
  ),
  ...quotasOf(
    "backup",
    {
      source: "https://docs.aws.amazon.com/aws-backup/latest/devguide/aws-backup-limits.html",
      asOf: "2026-04-09",
      confidence: "documented",
    },
    [
      ["backup-vaults", "Backup vaults", "L-7705D2CB", 300, "account and region", "vaults"],
      ["backup-plans", "Backup plans", "L-BD69F607", 300, "account and region", "plans"],
      [
        "assignments-per-backup-plan",
        "Resource assignments per backup plan",
        null,
        100,
        "backup plan",
        "resource assignments",
      ],
    ],
  ),
  ...quotasOf(
    "ssm",
    {
      source: "https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html",
      asOf: "2026",
      confidence: "documented",
    },
    [["standard-parameters", "Standard parameters", null, 10_000, "account and region", "parameters"]],
  ),
];

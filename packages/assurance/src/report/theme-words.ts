import type { ReportTheme } from "./check-report.ts";

/** What a theme is about, for people. */
export interface ThemeWords {
  readonly title: string;
  /** What holds where everything in the theme is proved. */
  readonly claim: string;
  /** What the theme does not say. */
  readonly limit: string;
}

export const themeWords: Readonly<Record<ReportTheme, ThemeWords>> = {
  artifacts: {
    title: "Artifacts",
    claim: "Every file was read, and everything in it that is judged below could be resolved.",
    limit: "Whether what is deployed is what these files say: a deployment holds its files to their digests.",
  },
  iam: {
    title: "Identity and access",
    claim: "No role of one tenant can act on what is another tenant's, by any policy of the shipment.",
    limit:
      "Policies of the account that are not in the shipment, and what a program does with the role that it has.",
  },
  network: {
    title: "Network",
    claim:
      "No packet can go from what is one tenant's to what is another tenant's, in any zone, by any route.",
    limit: "Networks outside of the shipment that are joined to it later.",
  },
  routing: {
    title: "Routing",
    claim:
      "A request reaches the tenant whose host it names, and a request that names none reaches nobody's.",
    limit: "What DNS outside of the platform's zones says.",
  },
  names: {
    title: "Names",
    claim:
      "No two tenants have a name in common, and no pattern that captures one tenant's name captures another's.",
    limit: "Names that programs choose while they run.",
  },
  data: {
    title: "Stored data",
    claim: "Buckets, secrets, keys and files of one tenant are closed to every other one.",
    limit: "What a service that serves all tenants does with data of one of them.",
  },
  database: {
    title: "Database",
    claim:
      "The database keeps tenants apart by itself: roles, grants, row-level security and functions are what they must be.",
    limit: "What happens to the database after it was read.",
  },
  quotas: {
    title: "Quotas",
    claim: "What is shipped fits into the quotas of an account, with the tenants that are placed.",
    limit: "Quotas that were raised or lowered for the account, and what else it holds.",
  },
  posture: {
    title: "Posture",
    claim:
      "Encryption, logging, retention and protection are as the definition and the baseline of good practice want them.",
    limit: "Settings of the account outside of the shipment.",
  },
  recoverability: {
    title: "Recoverability",
    claim:
      "Everything that holds data can be brought back, in the regions and within the times that the definition promises.",
    limit: "Whether a restore works: only a drill shows that.",
  },
};

/** Words of rules' ids that are written otherwise. */
const written: Readonly<Record<string, string>> = {
  acl: "ACL",
  acls: "ACLs",
  api: "API",
  arn: "ARN",
  aws: "AWS",
  cpu: "CPU",
  dns: "DNS",
  ecs: "ECS",
  iam: "IAM",
  ipv4: "IPv4",
  ipv6: "IPv6",
  kms: "KMS",
  rds: "RDS",
  rpo: "RPO",
  rto: "RTO",
  s3: "S3",
  tls: "TLS",
  vpc: "VPC",
  vpcs: "VPCs",
  waf: "WAF",
};

/** `iam/roles-reach-own-tenant-only` → "Roles reach own tenant only". */
export function ruleSentence(rule: string): string {
  const words = (rule.split("/").at(-1) ?? rule).split("-").map((word) => {
    return Object.hasOwn(written, word) ? written[word] : word;
  });
  const sentence = words.join(" ");
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`;
}

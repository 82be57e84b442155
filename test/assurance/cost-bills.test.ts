import { readShipment } from "@tenantry/assurance";
import { type CostEstimate, estimateCost } from "@tenantry/assurance/cost";
import { expect, test } from "vitest";
import { type BillRow, differences } from "./cost-bill.ts";
import { shippedFiles } from "./shipped-platform.ts";

/*
 * Bills of materials made by hand from the definitions and the templates, with the arithmetic written out. A month has
 * 730 hours; every figure of use is the default: a million requests, 10 GiB of files, 5 GiB of rows, 20 GiB to the
 * internet and 20 GiB between zones per tenant, of which 20 % is written anew each month.
 */
const hours = 730;
const [east, west] = ["us-east-1", "us-west-2"];
const gibOf = (bytes: number) => bytes / 1024 ** 3;

async function estimateOf(platform: string): Promise<CostEstimate> {
  return estimateCost(readShipment(await shippedFiles(platform, "production")));
}

/** 500,000 events of 1,500 bytes. */
const trailGiB = gibOf(500_000 * 1500);

/** What records and watches the account in the primary region, but for databases, files and the number of resources. */
const audit = (resources: number, databaseCores: number, filesPerMonth: number): readonly BillRow[] => [
  ["audit", east, "Configuration item (continuous)", resources * 1 * 0.003],
  ["audit", east, "Rule evaluation", 15 * 100 * 0.001],
  ["audit", east, "CloudTrail management events", 0.5 * 4],
  ["audit", east, "VPC flow and DNS logs", 10 * 1 * 1],
  ["audit", east, "RDS login events", databaseCores * 1],
  ["audit", east, "S3 data events", (filesPerMonth / 1e6) * 0.8],
];

const tenants = 3;
const tenantSilos: readonly BillRow[] = [
  // Each tenant: at least 3 tasks and 20 % of the way to 8, so 4, of one processor and 2 GiB.
  ["services", east, "Linux x86 vCPU", tenants * 4 * 1 * hours * 0.04048],
  ["services", east, "Linux x86 memory", tenants * 4 * 2 * hours * 0.004445],
  ["load-balancers", east, "ALB hour", hours * 0.0225],
  // 60 GiB in 730 hours are 0.082 capacity units; 3,000,000 requests are less.
  ["load-balancers", east, "ALB LCU", 60 * 0.008],
  // Three NAT gateways with an address each, three addresses of the load balancer, five endpoints in three zones.
  ["network", east, "NAT gateway hour", 3 * hours * 0.045],
  ["network", east, "NAT gateway data processed", tenants * 10 * 0.045],
  ["network", east, "Public IPv4 address", (3 + 3) * hours * 0.005],
  ["network", east, "Interface VPC endpoint", 5 * 3 * hours * 0.01],
  ["network", east, "Interface endpoint data (first 1 PB)", tenants * 10 * 0.01],
  // The recovery region has the same network, and nothing in it that sends anything.
  ["network", west, "NAT gateway hour", 3 * hours * 0.045],
  ["network", west, "Public IPv4 address", 3 * hours * 0.005],
  ["network", west, "Interface VPC endpoint", 5 * 3 * hours * 0.01],
  ["data-transfer", east, "Internet egress first 10 TB", tenants * 20 * 0.09],
  ["data-transfer", east, "Cross-AZ (each direction)", tenants * 20 * 2 * 0.01],
  ["databases", east, "Aurora PostgreSQL db.t3.medium", 2 * hours * 0.082],
  ["databases", east, "Storage (Standard)", tenants * 5 * 0.1],
  ["databases", east, "I/O requests (Standard)", tenants * 4 * 0.2],
  // A bucket for access logs and one for records, 10 GiB each; 10 GiB of a tenant and 90 days of old versions.
  ["storage", east, "Standard storage", (2 * 10 + tenants * 10 * (1 + 0.2 * 3)) * 0.023],
  ["storage", east, "Standard GET", tenants * 100 * 0.0004],
  ["storage", east, "Standard PUT/COPY/POST/LIST", tenants * 20 * 0.005],
  ["storage", west, "Standard storage", 10 * 0.023],
  ["edge", east, "Web ACL", 5],
  ["edge", east, "Rule", 4 * 1],
  ["edge", east, "Requests", tenants * 1 * 0.6],
  ["dns", east, "Hosted zone", 0.5],
  ["keys", east, "Customer managed key", 7 * 1],
  ["keys", west, "Customer managed key", 7 * 1],
  ["keys", east, "Requests (symmetric)", ((tenants * 1e6 * 0.01) / 10_000) * 0.03],
  // The administrator's, and one of each tenant, each with a replica in the recovery region.
  ["secrets", east, "Secret", (1 + tenants) * 0.4],
  ["secrets", west, "Secret", (1 + tenants) * 0.4],
  ["secrets", east, "API calls", (1 + tenants) * 0.1 * 0.05],
  // Trail, flow logs, database, WAF, and each tenant's service.
  [
    "logs",
    east,
    "Logs ingestion (standard)",
    (trailGiB + 10 + 1 + gibOf(tenants * 1e6 * 1500) + tenants * 5) * 0.5,
  ],
  // The trail's stay for 90 days, the others for 30.
  ["logs", east, "Logs storage", (trailGiB * 3 + 10 + 1 + gibOf(tenants * 1e6 * 1500) + tenants * 5) * 0.03],
  ["logs", west, "Logs ingestion (standard)", 10 * 0.5],
  ["logs", west, "Logs storage", 10 * 0.03],
  // Container Insights: 8 metrics of the cluster, 11 of each service and 6 of its tasks.
  ["monitoring", east, "Custom metric first 10k", (8 + tenants * (11 + 6)) * 0.3],
  // Metrics that alarms look at: 4 of the cell, 5 of the database and others, 5 of each tenant.
  ["monitoring", east, "Alarm standard resolution", (4 + 5 + tenants * 5) * 0.1],
  ["monitoring", east, "Dashboard", 2 * 3],
  ["tracing", east, "Traces recorded", tenants * 0.05 * 5],
  ["tracing", east, "Insights traces", tenants * 0.05 * 1],
  // foundation, cell, watch, data, edge, operations, access, and each tenant's stack; 2 x 2 processors.
  ...audit(141 + 18 + 3 + 22 + 8 + 35 + 8 + tenants * 22, 2 * 2, tenants * 120_000),
  // What changes in 7 days; hourly recovery points for 7 days; each copied as a whole.
  ["backups", east, "Backup storage", tenants * 5 * 0.2 * (7 / 30) * 0.021],
  ["backups", east, "Aurora snapshot", tenants * 5 * (1 + 0.2 * (7 / 30)) * 0.021],
  ["backups", west, "Aurora snapshot", tenants * 5 * 24 * 7 * 0.021],
  ["backups", east, "Cross-region copy transfer", tenants * 5 * hours * 0.02],
  ["notifications", east, "Email notifications", 2 * 0.001 * 2],
];

const saasManagement: readonly BillRow[] = [
  // web: half a processor and 1 GiB, from 2 to 10 tasks; api: one and 2 GiB, from 2 to 20; 20 % of the way.
  ["services", east, "Linux x86 vCPU", ((2 + 0.2 * 8) * 0.5 + (2 + 0.2 * 18) * 1) * hours * 0.04048],
  ["services", east, "Linux x86 memory", ((2 + 0.2 * 8) * 1 + (2 + 0.2 * 18) * 2) * hours * 0.004445],
  // One task of each waits.
  ["services", west, "Linux x86 vCPU", (0.5 + 1) * hours * 0.04048],
  ["services", west, "Linux x86 memory", (1 + 2) * hours * 0.004445],
  ["load-balancers", east, "ALB hour", hours * 0.0225],
  ["load-balancers", east, "ALB LCU", 20 * 0.008],
  ["load-balancers", west, "ALB hour", hours * 0.0225],
  ["network", east, "NAT gateway hour", 3 * hours * 0.045],
  ["network", east, "NAT gateway data processed", 2 * 10 * 0.045],
  ["network", east, "Public IPv4 address", (3 + 3) * hours * 0.005],
  ["network", east, "Interface VPC endpoint", 5 * 3 * hours * 0.01],
  ["network", east, "Interface endpoint data (first 1 PB)", 2 * 10 * 0.01],
  // Two zones in the recovery region.
  ["network", west, "NAT gateway hour", 2 * hours * 0.045],
  ["network", west, "NAT gateway data processed", 2 * 10 * 0.045],
  ["network", west, "Public IPv4 address", (2 + 2) * hours * 0.005],
  ["network", west, "Interface VPC endpoint", 5 * 2 * hours * 0.01],
  ["network", west, "Interface endpoint data (first 1 PB)", 2 * 10 * 0.01],
  // CloudFront sends to the internet.
  ["data-transfer", east, "Cross-AZ (each direction)", 20 * 2 * 0.01],
  // A database with its standby and a replica; 100 GiB for each of the three.
  ["databases", east, "PostgreSQL db.r5.2xlarge Single-AZ", (2 + 1) * hours * 1],
  ["databases", east, "Storage gp3", (2 + 1) * 100 * 0.115],
  ["databases", west, "PostgreSQL db.r5.xlarge Single-AZ", 2 * hours * 0.5],
  ["databases", west, "Storage gp3", 2 * 100 * 0.115],
  // Half of the 5 GiB are rows, the other half documents.
  ["databases", east, "To other regions", 2.5 * 0.2 * 0.02],
  ["document-databases", east, "db.r5.large", 2 * hours * 0.277],
  ["document-databases", east, "Storage", 2.5 * 0.1],
  ["document-databases", east, "I/O requests", 4 * 0.2],
  ["document-databases", east, "To other regions", 2.5 * 0.2 * 0.02],
  ["document-databases", west, "db.r5.large", hours * 0.277],
  ["document-databases", west, "Storage", 2.5 * 0.1],
  ["document-databases", west, "Global cluster replicated write I/O", ((2.5 * 0.2 * 1024 * 128) / 1e6) * 0.2],
  // One primary and two replicas; one and one in the recovery region.
  ["caches", east, "Redis OSS cache.r5.large", 3 * hours * 0.216],
  ["caches", west, "Redis OSS cache.r5.large", 2 * hours * 0.216],
  // Access logs, records, the configuration; files with 90 days of old versions.
  ["storage", east, "Standard storage", (3 * 10 + 10 * (1 + 0.2 * 3)) * 0.023],
  ["storage", east, "Standard GET", 100 * 0.0004],
  ["storage", east, "Standard PUT/COPY/POST/LIST", 20 * 0.005],
  ["storage", east, "To other regions", 10 * 0.2 * 0.02],
  ["storage", east, "Replication Time Control", 10 * 0.2 * 0.015],
  ["storage", west, "Standard PUT/COPY/POST/LIST", 20 * 0.005],
  ["storage", west, "Standard storage", (10 + 10 * (1 + 0.2 * 3)) * 0.023],
  // WAF is covered by Shield Advanced.
  ["edge", east, "Data out first 10 TB", 20 * 0.085],
  ["edge", east, "HTTPS requests", 100 * 0.01],
  ["protection", east, "Advanced subscription", 3000],
  ["dns", east, "Hosted zone", 0.5],
  // Two checks of the services behind each load balancer, and one that holds where one of them does.
  ["dns", east, "Health check, AWS endpoint", 3 * 0.5],
  ["dns", west, "Health check, AWS endpoint", 3 * 0.5],
  ["keys", east, "Customer managed key", 10 * 1],
  ["keys", west, "Customer managed key", 10 * 1],
  ["keys", east, "Requests (symmetric)", ((1e6 * 0.01) / 10_000) * 0.03],
  // Five of stores and the origin's, and the replica of the other region's; there four replicas, the origin's and the cache's.
  ["secrets", east, "Secret", (5 + 1 + 1) * 0.4],
  ["secrets", west, "Secret", (4 + 1 + 1) * 0.4],
  ["secrets", east, "API calls", (5 + 1) * 0.1 * 0.05],
  ["secrets", west, "API calls", (1 + 1) * 0.1 * 0.05],
  // Trail, flow logs, eight logs of stores, two services, WAF; all kept for 90 days.
  ["logs", east, "Logs ingestion (standard)", (trailGiB + 10 + 8 * 1 + 2 * 5 + gibOf(1e6 * 1500)) * 0.5],
  ["logs", east, "Logs storage", (trailGiB + 10 + 8 * 1 + 2 * 5 + gibOf(1e6 * 1500)) * 3 * 0.03],
  // Flow logs and six logs of stores; services that wait write nothing.
  ["logs", west, "Logs ingestion (standard)", (10 + 6 * 1) * 0.5],
  ["logs", west, "Logs storage", (10 + 6 * 1) * 3 * 0.03],
  ["monitoring", east, "Custom metric first 10k", (8 + 2 * 17) * 0.3],
  ["monitoring", west, "Custom metric first 10k", (8 + 2 * 17) * 0.3],
  // The cell, the health checks, what operations watches, and both services' releases.
  ["monitoring", east, "Alarm standard resolution", (4 + 2 + 32 + 8) * 0.1],
  ["monitoring", west, "Alarm standard resolution", (4 + 2 + 28 + 8) * 0.1],
  ["monitoring", east, "Dashboard", 3],
  ["monitoring", west, "Dashboard", 3],
  ["tracing", east, "Traces recorded", 0.05 * 5],
  ["tracing", east, "Insights traces", 0.05 * 1],
  // foundation, cell, data, services, edge, edge of the world, operations, watch, organization, access; 2 x 8 processors.
  ...audit(152 + 17 + 74 + 44 + 9 + 20 + 70 + 2 + 5 + 12, 2 * 8, 120_000),
  // RDS keeps as much as is allocated without charge; DocumentDB what is in it.
  ["backups", east, "Backup storage", 2.5 * 0.2 * (7 / 30) * 0.021],
  ["backups", west, "Backup storage", 2.5 * 0.2 * (7 / 30) * 0.021],
  // Daily for 35 days, here and there; the cluster is copied as a whole each day.
  ["backups", east, "RDS snapshot", 2.5 * (1 + 0.2 * (35 / 30)) * 0.095],
  ["backups", west, "RDS snapshot", 2.5 * (1 + 0.2 * (35 / 30)) * 0.095],
  ["backups", east, "DocumentDB snapshot", 2.5 * (1 + 0.2 * (35 / 30)) * 0.021],
  ["backups", west, "DocumentDB snapshot", 2.5 * 35 * 0.021],
  ["backups", east, "S3 backup warm", 10 * (1 + 0.2 * (35 / 30)) * 0.05],
  ["backups", west, "S3 backup warm", 10 * (1 + 0.2 * (35 / 30)) * 0.05],
  ["backups", east, "Cross-region copy transfer", (2.5 * 0.2 + 2.5 * (hours / 24) + 10 * 0.2) * 0.02],
  ["images", east, "Storage", 2 * 5 * 0.1],
  ["images", west, "Storage", 2 * 5 * 0.1],
  ["notifications", east, "Email notifications", 2 * 0.001 * 2],
  ["notifications", east, "HTTP/S notifications", 2 * 0.001 * 0.06],
  ["notifications", west, "Email notifications", 2 * 0.001 * 2],
  ["notifications", west, "HTTP/S notifications", 2 * 0.001 * 0.06],
  ["recovery", east, "Region switch plan", 70],
];

const starter: readonly BillRow[] = [
  // The shared service and that of the silo tenant: 2 tasks and 20 % of the way to 8, so 3.2, of 0.25 and 0.5 GiB.
  ["services", east, "Linux x86 vCPU", 2 * 3.2 * 0.25 * hours * 0.04048],
  ["services", east, "Linux x86 memory", 2 * 3.2 * 0.5 * hours * 0.004445],
  ["load-balancers", east, "ALB hour", hours * 0.0225],
  ["load-balancers", east, "ALB LCU", 60 * 0.008],
  ["network", east, "NAT gateway hour", 3 * hours * 0.045],
  ["network", east, "NAT gateway data processed", 2 * 10 * 0.045],
  ["network", east, "Public IPv4 address", (3 + 3) * hours * 0.005],
  ["network", west, "NAT gateway hour", 2 * hours * 0.045],
  ["network", west, "Public IPv4 address", 2 * hours * 0.005],
  ["data-transfer", east, "Internet egress first 10 TB", 3 * 20 * 0.09],
  ["data-transfer", east, "Cross-AZ (each direction)", 3 * 20 * 2 * 0.01],
  // Two instances of the shared database, two of the silo tenant's, two that wait.
  ["databases", east, "Aurora PostgreSQL db.r8g.large", (2 + 2) * hours * 0.276],
  ["databases", west, "Aurora PostgreSQL db.r8g.large", 2 * hours * 0.276],
  ["databases", east, "Storage (Standard)", 3 * 5 * 0.1],
  ["databases", east, "I/O requests (Standard)", 3 * 4 * 0.2],
  // What two tenants share is in the recovery region as well; the silo tenant's is not.
  ["databases", west, "Storage (Standard)", 2 * 5 * 0.1],
  ["databases", east, "To other regions", 2 * 5 * 0.2 * 0.02],
  ["databases", west, "Global Database replicated write I/O", ((2 * 5 * 0.2 * 1024 * 128) / 1e6) * 0.2],
  ["storage", east, "Standard storage", (2 * 10 + 3 * 10 * (1 + 0.2 * 3)) * 0.023],
  ["storage", east, "Standard GET", 3 * 100 * 0.0004],
  ["storage", east, "Standard PUT/COPY/POST/LIST", 3 * 20 * 0.005],
  ["storage", west, "Standard storage", (10 + 2 * 10 * (1 + 0.2 * 3)) * 0.023],
  ["dns", east, "Hosted zone", 0.5],
  ["keys", east, "Customer managed key", 8 * 1],
  ["keys", west, "Customer managed key", 8 * 1],
  ["keys", east, "Requests (symmetric)", ((3e6 * 0.01) / 10_000) * 0.03],
  // The shared database's two, the bridge tenant's, the silo tenant's two; each replicated.
  ["secrets", east, "Secret", (2 + 1 + 2) * 0.4],
  ["secrets", west, "Secret", (2 + 1 + 2) * 0.4],
  ["secrets", east, "API calls", (2 + 1 + 2) * 0.1 * 0.05],
  // Trail, flow logs, two databases, two services.
  ["logs", east, "Logs ingestion (standard)", (trailGiB + 10 + 2 * 1 + 2 * 5) * 0.5],
  ["logs", east, "Logs storage", (trailGiB * 3 + 10 + 2 * 1 + 2 * 5) * 0.03],
  ["logs", west, "Logs ingestion (standard)", (10 + 1) * 0.5],
  ["logs", west, "Logs storage", (10 + 1) * 0.03],
  ["monitoring", east, "Custom metric first 10k", (8 + 2 * 17) * 0.3],
  ["monitoring", east, "Alarm standard resolution", (4 + 5 + 5) * 0.1],
  ["monitoring", east, "Dashboard", 2 * 3],
  ["tracing", east, "Traces recorded", 3 * 0.05 * 5],
  ["tracing", east, "Insights traces", 3 * 0.05 * 1],
  // foundation, cell, data, services, edge, operations, watch, access, the bridge tenant's and the silo tenant's stack.
  ...audit(134 + 18 + 30 + 16 + 4 + 17 + 2 + 8 + 2 + 34, 4 * 2, 3 * 120_000),
  ["backups", east, "Backup storage", 3 * 5 * 0.2 * (7 / 30) * 0.021],
  ["backups", west, "Backup storage", 2 * 5 * 0.2 * (7 / 30) * 0.021],
  ["images", east, "Storage", 5 * 0.1],
  ["images", west, "Storage", 5 * 0.1],
  ["recovery", east, "Region switch plan", 70],
];

const bills = [
  ["tenant-silos", tenantSilos],
  ["saas-management", saasManagement],
  ["starter", starter],
] as const;

test.each(bills)("what %s costs is its bill of materials, line by line", async (platform, bill) => {
  const estimate = await estimateOf(platform);
  expect(differences(estimate, bill)).toEqual([]);
  const byHand = bill.reduce((sum, [, , , usd]) => sum + usd, 0);
  expect(estimate.monthlyMicroUsd / 1e6).toBeCloseTo(byHand, 3);
});

test("a bill that forgets a line, has one too many or counts wrong does not agree", async () => {
  const estimate = await estimateOf("tenant-silos");
  expect(differences(estimate, tenantSilos.slice(1))).toHaveLength(1);
  expect(differences(estimate, [...tenantSilos, ["caches", east, "nothing", 1]])).toHaveLength(1);
  const wrong = tenantSilos.map((row): BillRow =>
    row[2] === "Dashboard" ? ([...row.slice(0, 3), 3] as never) : row,
  );
  expect(differences(estimate, wrong)).toEqual(["monitoring | us-east-1 | Dashboard: 6, by hand 3"]);
});

test("what has no price is named, and is in no sum", async () => {
  const estimate = await estimateOf("saas-management");
  expect(estimate.unpriced).toEqual([
    {
      type: "AWS::Backup::RestoreTestingPlan",
      what: "restore tests",
      because: "each test, and each hour of what it restores, is charged for",
      count: 1,
      resources: ["operations/RestoreTestPlan"],
    },
  ]);
  expect((await estimateOf("tenant-silos")).unpriced).toEqual([]);
});

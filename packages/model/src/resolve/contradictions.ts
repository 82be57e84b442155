import { errors } from "../errors.ts";
import type { ParsedDefinition } from "../schema/definition.ts";
import type { Report } from "./report.ts";

/** Where an environment stands, as far as contradictions depend on it. */
export interface Standing {
  readonly environment: string;
  readonly recovery: { readonly strategy: string } | null;
}

/** What a definition says in two places and cannot mean; services and stores are checked where they are resolved. */
export function checkContradictions(parsed: ParsedDefinition, standing: Standing, report: Report): void {
  if (parsed.network.dnsHostnames && !parsed.network.dnsSupport) {
    report(["network", "dnsHostnames"], errors.MODEL_DNS_HOSTNAMES({}));
  }
  checkQuotas(parsed, report);
  checkDns(parsed, standing, report);
  checkTenantDomains(parsed, report);
  checkDelivery(parsed, report);
  checkAlerting(parsed, report);
  checkBackupPlans(parsed, standing, report);
  checkAllocationTags(parsed, report);
  for (const [name, { from }] of Object.entries(parsed.organization?.crossAccountRoles ?? {})) {
    if (from === null && parsed.organization?.managementAccount === null) {
      report(["organization", "crossAccountRoles", name, "from"], errors.MODEL_ROLE_WITHOUT_ACCOUNT({}));
    }
  }
}

/** A namespace must at least hold what starts in it. */
function checkQuotas(parsed: ParsedDefinition, report: Report): void {
  for (const [namespace, { quota }] of Object.entries(parsed.cluster?.namespaces ?? {})) {
    if (quota === null) continue;
    const needed = { cpuUnits: 0, memoryMiB: 0, pods: 0 };
    for (const service of Object.values(parsed.services)) {
      if ((service.compute ?? parsed.compute) !== "eks" || service.namespace !== namespace) continue;
      needed.cpuUnits += service.scaling.min * service.cpuUnits;
      needed.memoryMiB += service.scaling.min * service.memoryMiB;
      needed.pods += service.scaling.min;
    }
    for (const field of ["cpuUnits", "memoryMiB", "pods"] as const) {
      if (quota[field] >= needed[field]) continue;
      report(
        ["cluster", "namespaces", namespace, "quota", field],
        errors.MODEL_QUOTA_TOO_SMALL({ field, quota: quota[field], needed: needed[field] }),
      );
    }
  }
}

function checkDns(parsed: ParsedDefinition, { recovery }: Standing, report: Report): void {
  const { failover, healthCheck, hostedZone, recoveryPercent } = parsed.edge.dns;
  const path = ["edge", "dns"];
  if (failover && healthCheck === null) {
    report([...path, "failover"], errors.MODEL_FAILOVER_WITHOUT_HEALTH({}));
  }
  const strategy = recovery?.strategy ?? "an environment without recovery";
  if (recoveryPercent > 0 && strategy !== "active-active") {
    report([...path, "recoveryPercent"], errors.MODEL_RECOVERY_TRAFFIC({ share: recoveryPercent, strategy }));
  }
  const { domain } = parsed;
  if (hostedZone !== null && domain !== hostedZone && !domain.endsWith(`.${hostedZone}`)) {
    report([...path, "hostedZone"], errors.MODEL_HOSTED_ZONE({ zone: hostedZone, domain }));
  }
}

/** A distribution answers only to names that it knows. */
function checkTenantDomains(parsed: ParsedDefinition, report: Report): void {
  const { cloudFront } = parsed.edge;
  if (cloudFront === null || cloudFront.customDomains) return;
  for (const [id, tenant] of Object.entries(parsed.tenants)) {
    const [domain] = typeof tenant === "string" ? [] : tenant.domains;
    if (domain === undefined) continue;
    report(["tenants", id, "domains", 0], errors.MODEL_CUSTOM_DOMAINS({ domain }));
  }
}

function checkDelivery(parsed: ParsedDefinition, report: Report): void {
  const { approvals, gitOps, pipeline, release } = parsed.delivery;
  const asks = pipeline?.gates.indexOf("approval") ?? -1;
  if (asks !== -1 && approvals === null) {
    report(["delivery", "pipeline", "gates", asks], errors.MODEL_APPROVAL_MISSING({}));
  }
  // With GitOps people approve the pull request that promotes a version.
  if (approvals !== null && pipeline !== null && asks === -1 && gitOps === null) {
    report(["delivery", "approvals"], errors.MODEL_APPROVAL_UNUSED({}));
  }
  const path = ["delivery", "release", "trigger"];
  const { branch, schedule, trigger } = release;
  if (trigger === "merge" && branch === null) {
    report(path, errors.MODEL_RELEASE_TRIGGER({ trigger, missing: "branch", example: "main" }));
  }
  if (trigger === "schedule" && schedule === null) {
    const example = "cron(0 14 ? * TUE *)";
    report(path, errors.MODEL_RELEASE_TRIGGER({ trigger, missing: "schedule", example }));
  }
  if (parsed.identity.deployment.repository !== null) return;
  for (const [field, what] of [
    ["pipeline", "a pipeline"],
    ["gitOps", "GitOps"],
  ] as const) {
    if (parsed.delivery[field] !== null) {
      report(["delivery", field], errors.MODEL_REPOSITORY_MISSING({ what }));
    }
  }
}

function checkAlerting(parsed: ParsedDefinition, report: Report): void {
  const { budget } = parsed.cost;
  if (budget !== null && budget.notify.length === 0) {
    report(["cost", "budget", "notify"], errors.MODEL_BUDGET_UNHEARD({}));
  }
  const { routes } = parsed.observability.alerts;
  if (Object.values(routes).some((route) => route !== undefined)) return;
  for (const name of Object.keys(parsed.observability.slos)) {
    report(["observability", "slos", name], errors.MODEL_ALERTS_UNHEARD({}));
  }
  for (const [name, store] of Object.entries(parsed.stores)) {
    if (store.kind === "postgres" && store.alarms !== null) {
      report(["stores", name, "alarms"], errors.MODEL_ALERTS_UNHEARD({}));
    }
  }
}

/** What AWS Backup protects: https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-feature-availability.html */
const protectable: readonly string[] = ["postgres", "documentdb", "bucket"];

function checkBackupPlans(parsed: ParsedDefinition, standing: Standing, report: Report): void {
  const known = Object.keys(parsed.stores).filter((name) =>
    protectable.includes(parsed.stores[name]?.kind ?? ""),
  );
  const checkKinds = (path: readonly (string | number)[], names: readonly string[]) => {
    for (const [index, name] of names.entries()) {
      const kind = Object.hasOwn(parsed.stores, name) ? parsed.stores[name]?.kind : undefined;
      if (kind === undefined || protectable.includes(kind)) continue;
      report([...path, index], errors.MODEL_BACKUP_KIND({ name, kind, known }));
    }
  };
  for (const [name, plan] of Object.entries(parsed.backups.plans)) {
    const path = ["backups", "plans", name];
    const { coldAfterDays, retentionDays } = plan;
    if (coldAfterDays !== null && retentionDays < coldAfterDays + 90) {
      report(
        [...path, "coldAfterDays"],
        errors.MODEL_COLD_STORAGE({ coldAfterDays, retentionDays, least: coldAfterDays + 90 }),
      );
    }
    if (plan.copyToRecovery && standing.recovery === null) {
      const { environment } = standing;
      report([...path, "copyToRecovery"], errors.MODEL_COPY_NOWHERE({ environment }));
    }
    if (plan.stores !== "all") checkKinds([...path, "stores"], plan.stores);
  }
  checkKinds(["backups", "restoreTest", "stores"], parsed.backups.restoreTest?.stores ?? []);
}

/** The tags that the platform computes itself. */
const computed = ["Environment", "tenant_id", "cost_center"];

function checkAllocationTags(parsed: ParsedDefinition, report: Report): void {
  const ofTenants = Object.values(parsed.tenants).flatMap((tenant) =>
    typeof tenant === "string" ? [] : Object.keys(tenant.tags),
  );
  const known = [...new Set([...computed, ...Object.keys(parsed.tags), ...ofTenants])];
  for (const [index, name] of parsed.cost.allocationTags.entries()) {
    if (known.includes(name)) continue;
    report(["cost", "allocationTags", index], errors.MODEL_ALLOCATION_TAG({ name, known }));
  }
}

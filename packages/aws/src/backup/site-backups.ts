import { openDeployment, type Platform, type PlatformStore } from "@tenantry/model";
import { Aws } from "aws-cdk-lib";
import { CfnRole } from "aws-cdk-lib/aws-iam";
import { tenantDataTag } from "../buckets/tenant-bucket-policy.ts";
import { assumedBy, policyDocument, type Statement } from "../policy/policy-document.ts";
import { acknowledgeWildcards } from "../policy/acknowledge-wildcards.ts";

import type { PlatformStack } from "../stack/platform-stack.ts";
import { isShared, permissionsBoundary } from "../stacks/store-place.ts";
import { BackupPlan } from "./backup-plan.ts";
import { backupSchedule } from "./backup-schedule.ts";
import { type BackupScope, backupStatements, restoreStatements } from "./backup-statements.ts";
import { BackupVault, vaultNameOf } from "./backup-vault.ts";
import { backedUpKind, type PlannedBackup, plannedBackups, retentionDaysMin } from "./planned-backups.ts";
import { RestoreTest } from "./restore-test.ts";

/** What others must know of the backups of a region. */
export interface SiteBackups {
  readonly vaultName: string;
  readonly vaultArn: string;
  /** Null where no restore is tried. */
  readonly restoreRoleArn: string | null;
}

/**
 * AWS Backup in the primary region: the vault, the plans, and restores that are tried. Null where nothing is backed up by it, and
 * databases keep only their own automated backups.
 */
export function addBackups(stack: PlatformStack): SiteBackups | null {
  const { platform } = stack.site;
  const plans = plannedBackups(platform);
  if (plans.length === 0) return null;
  const vault = addVault(stack, plans);
  const recovery = recoveryVault(stack, plans);
  const backedUp = [...new Set(plans.flatMap(({ stores }) => stores))].sort();
  const scope = scopeOf(stack, backedUp, [vault.arn, ...(recovery === null ? [] : [recovery.arn])]);
  const keys = recovery?.keyArn === undefined || recovery.keyArn === null ? [] : [recovery.keyArn];
  const fullScope = { ...scope, keyArns: [...scope.keyArns, ...keys] };
  const roleArn = backupRole(stack, "BackupRole", backupStatements(fullScope));
  for (const plan of plans) {
    new BackupPlan(stack, `Backup-${plan.name}`, {
      name: `${platform.name}-${platform.environment}-${plan.name}`,
      plan,
      vaultName: vault.vaultName,
      recoveryVaultArn: recovery?.arn ?? null,
      resources: plan.stores.flatMap((store) => resourcesOf(stack, store)),
      roleArn,
      recoveryPointTags: closedTags(platform.tags),
    });
  }
  stack.provide("backups/vault-name", vault.vaultName);
  stack.provide("backups/vault-arn", vault.arn);
  stack.provide("backups/role-arn", roleArn);
  stack.output("BackupVaultName", vault.vaultName, "The vault of recovery points.");
  stack.output("BackupRoleArn", roleArn, "The role of backups on demand.");
  const restoreRoleArn = addRestoreTest(stack, vault.arn, plans);
  return { vaultName: vault.vaultName, vaultArn: vault.arn, restoreRoleArn };
}

/** The vault of the recovery region, which must be there before anything is copied into it. False where nothing is. */
export function addRecoveryVault(stack: PlatformStack): boolean {
  const plans = plannedBackups(stack.site.platform).filter(({ copyToRecovery }) => copyToRecovery);
  if (plans.length === 0) return false;
  const vault = addVault(stack, plans);
  stack.provide("recovery/vault-arn", vault.arn);
  stack.output("BackupVaultName", vault.vaultName, "The vault of copied recovery points.");
  return true;
}

function addVault(stack: PlatformStack, plans: readonly PlannedBackup[]): BackupVault {
  const { platform } = stack.site;
  return new BackupVault(stack, "BackupVault", {
    name: vaultNameOf(platform),
    keyArn: stack.needKey("backups"),
    retentionDaysMin: retentionDaysMin(plans),
    dataProtection: platform.dataProtection,
  });
}

/** By its name, which both regions give their vaults. */
function recoveryVault(
  stack: PlatformStack,
  plans: readonly PlannedBackup[],
): { readonly arn: string; readonly keyArn: string | null } | null {
  const { platform } = stack.site;
  if (platform.recovery === null || !plans.some(({ copyToRecovery }) => copyToRecovery)) return null;
  const { region } = platform.recovery;
  return {
    arn: `arn:${stack.partition}:backup:${region}:${stack.account}:backup-vault:${vaultNameOf(platform)}`,
    keyArn: platform.encryption.keys === "aws-managed" ? null : stack.need("keys/backups", region),
  };
}

/** ARNs of a store: of the one that tenants share, and a wildcard for those of their own. */
function resourcesOf(stack: PlatformStack, name: string): readonly string[] {
  const { platform } = stack.site;
  const store = platform.stores[name];
  if (store === undefined || !backedUpKind(store)) return [];
  const shared = isShared(platform, store) ? [stack.need(`stores/${name}/arn`)] : [];
  if (store.kind !== "bucket" || store.tenantBucket === null) return shared;
  // Only what stands in place of {tenant} differs, so the names of one environment's buckets fit and no other's.
  return [...shared, `arn:${stack.partition}:s3:::${store.tenantBucket.replaceAll("{tenant}", "*")}`];
}

function scopeOf(stack: PlatformStack, names: readonly string[], vaultArns: readonly string[]): BackupScope {
  const kindOf = (name: string) => stack.site.platform.stores[name]?.kind;
  const of = (isBucket: boolean) =>
    names
      .filter((name) => (kindOf(name) === "bucket") === isBucket)
      .flatMap((name) => resourcesOf(stack, name));
  const keyArns = [stack.needKey("backups"), ...names.map((name) => stack.needKey(`stores/${name}`))].filter(
    (arn) => arn !== null,
  );
  return {
    partition: stack.partition,
    account: stack.account,
    databaseArns: of(false),
    bucketArns: of(true),
    vaultArns,
    keyArns,
  };
}

function addRestoreTest(
  stack: PlatformStack,
  vaultArn: string,
  plans: readonly PlannedBackup[],
): string | null {
  const { platform } = stack.site;
  const test = platform.backups.restoreTest;
  if (test === null) return null;
  const planned = new Set(plans.flatMap(({ stores }) => stores));
  const stores = Object.values(platform.stores)
    .filter((store) => isShared(platform, store) && planned.has(store.name))
    .filter(({ kind, name }) => (test.stores === undefined ? kind !== "bucket" : test.stores.includes(name)));
  if (stores.length === 0) return null;
  const scope = scopeOf(
    stack,
    stores.map(({ name }) => name),
    [vaultArn],
  );
  const roleArn = backupRole(stack, "RestoreRole", restoreStatements(scope));
  new RestoreTest(stack, "RestoreTest", {
    name: `${platform.name}-${platform.environment}`,
    schedule: backupSchedule(test.schedule),
    // A month has 31 days, and the newest recovery point may not be a day old.
    selectionWindowDays: 32,
    vaultArn,
    roleArn,
    vpcId: stack.need("network/vpc-id"),
    subnetIds: stack.needList(`network/subnets/${databaseSubnets(stores)}`),
    stores: stores.map((store) => ({
      name: store.name,
      arn: stack.need(`stores/${store.name}/arn`),
      type: typeOf(store),
    })),
  });
  return roleArn;
}

function databaseSubnets(stores: readonly PlatformStore[]): "private" | "database" {
  return stores.some((store) => "subnets" in store && store.subnets === "database") ? "database" : "private";
}

/** How AWS Backup calls it. */
function typeOf(store: PlatformStore): "Aurora" | "RDS" | "DocumentDB" | "S3" {
  if (store.kind === "postgres") return store.engine === "aurora" ? "Aurora" : "RDS";
  return store.kind === "documentdb" ? "DocumentDB" : "S3";
}

function backupRole(stack: PlatformStack, id: string, statements: readonly Statement[]): string {
  const boundary = permissionsBoundary(stack);
  const role = new CfnRole(stack, id, {
    assumeRolePolicyDocument: assumedBy("backup.amazonaws.com", {
      StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID },
    }),
    policies: [{ policyName: "backup", policyDocument: policyDocument(...statements) }],
    // Buckets of tenants refuse every role that is neither theirs nor says that it reads them all.
    tags: [tenantDataTag],
    ...(boundary === null ? {} : { permissionsBoundary: boundary }),
  });
  acknowledgeWildcards(
    role,
    statements,
    "Recovery points, their snapshots and what a test restores get their names from AWS Backup, which lists resources before it knows names, and reads all objects of a bucket.",
  );
  return role.attrArn;
}

/** Tags whose value is known before a deployment. */
function closedTags(tags: Platform["tags"]): Readonly<Record<string, string>> {
  const open: readonly string[] = Object.values(openDeployment);
  return Object.fromEntries(
    Object.entries(tags).filter(([, value]) => !open.some((placeholder) => value.includes(placeholder))),
  );
}

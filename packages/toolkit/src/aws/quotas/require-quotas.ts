import type { Shipment, ShippedFiles } from "@tenantry/assurance";
import type { FurtherTenant, QuotaUse } from "@tenantry/assurance/quotas";
import { isCodedError } from "@tenantry/base";
import { errors } from "../../errors.ts";
import { toolkitEvent } from "../../events.ts";
import type { ToolkitPorts } from "../../ports.ts";
import type { Cloud } from "../cloud/cloud.ts";
import { readQuotas } from "./read-quotas.ts";

/** What would be used of a quota, and is not there. */
export interface ExceededQuota {
  readonly quota: string;
  /** Code in Service Quotas; null where it has none. */
  readonly code: string | null;
  /** The load balancer, region or account it holds for. */
  readonly of: string;
  readonly value: number;
  /** What would be used. */
  readonly used: number;
  readonly unit: string;
  readonly lift: string;
}

interface QuotaPorts extends Pick<ToolkitPorts, "onEvent"> {
  readonly cloud: Cloud;
}

/**
 * Refuses what AWS would refuse half-way: where the stacks that are to be deployed come to more than a quota of the account. The
 * quotas that tenants use up, and those that AWS's defaults would exceed, are read from the account first.
 *
 * What is only reached when every service runs as many tasks as it may is told as a warning, and so is what is measured and not
 * counted, such as the length of a policy: neither is certain to be refused.
 *
 * @param further tenants that are deployed and not among those that are shipped
 * @throws TOOLKIT_QUOTA_EXCEEDED
 */
export async function requireQuotas(
  files: ShippedFiles,
  further: readonly FurtherTenant[],
  ports: QuotaPorts,
): Promise<void> {
  const shipment = await readable(files, ports);
  if (shipment === null) return;
  const { countUsage, quotaUses } = await import("@tenantry/assurance/quotas");
  const usage = countUsage(shipment, { files, further });
  const declared = shipment.definition.cells.quotas;
  const first = quotaUses(usage, declared);
  const wanted = new Map(
    first.filter(mattersForTenants).flatMap(({ quota }) => (quota.code === null ? [] : [[quota.id, quota]])),
  );
  const regions = [...new Set(shipment.shared.map(({ region }) => region))];
  const { overrides, unread } = await readQuotas([...wanted.values()], regions, ports.cloud);
  if (unread !== null)
    warn(`AWS's default quotas are taken for those of the account, which cannot be read: ${unread}`, ports);
  const over = quotaUses(usage, { ...declared, ...overrides }).filter(isExceeded);
  const certain = over.filter(isCertain);
  for (const use of over.filter((one) => !isCertain(one))) {
    const { quota, subject, used, value, lift } = use;
    warn(
      `${subject} may come to use ${Math.ceil(used)} ${quota.unit}, and "${quota.name}" is ${value ?? 0}; room is made by ${lift}`,
      ports,
    );
  }
  if (certain.length > 0) throw errors.TOOLKIT_QUOTA_EXCEEDED({ exceeded: certain.map(exceededQuota) });
}

async function readable(files: ShippedFiles, ports: QuotaPorts): Promise<Shipment | null> {
  // Loaded on demand: the commands that deploy nothing start without it.
  const { readShipment } = await import("@tenantry/assurance");
  try {
    return readShipment(files);
  } catch (failure) {
    if (!isCodedError(failure)) throw failure;
    warn(`quotas are not checked: ${failure.message}`, ports);
    return null;
  }
}

/** What AWS would look at as tenants come: the rest does not grow. */
function mattersForTenants(use: QuotaUse): boolean {
  return Object.keys(use.perTenant).length > 0 || (use.value !== null && use.used > use.value);
}

function isExceeded({ used, value, advisory }: QuotaUse): boolean {
  // A sum of parts of one is not exact.
  return value !== null && advisory === null && used > value + 1e-6;
}

function isCertain({ quota }: QuotaUse): boolean {
  return !quota.atScale && quota.unit !== "characters" && quota.unit !== "KiB";
}

function exceededQuota({ quota, subject, used, value, lift }: QuotaUse): ExceededQuota {
  return {
    quota: quota.name,
    code: quota.code,
    of: subject,
    value: value ?? 0,
    used: Math.ceil(used),
    unit: quota.unit,
    lift,
  };
}

function warn(warning: string, { onEvent }: QuotaPorts): void {
  onEvent(toolkitEvent("TOOLKIT_WARNING", { warning }));
}

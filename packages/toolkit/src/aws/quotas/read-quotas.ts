import type { Quota } from "@tenantry/assurance/quotas";
import { isCodedError } from "@tenantry/base";
import type { Cloud } from "../cloud/cloud.ts";

/** What an account really has. */
export interface QuotaReading {
  /** By code; of several regions the least. What is not in it has AWS's default, as far as anybody knows. */
  readonly overrides: Readonly<Record<string, number>>;
  /** Why some could not be read; null where all could. */
  readonly unread: string | null;
}

/** Services without regions answer in this one. */
const homeOfGlobal = "us-east-1";
const globalServices: ReadonlySet<string> = new Set(["iam", "s3", "route53", "cloudfront"]);

/** Calls at the same time; how fast they may come is decided where all calls to AWS go through. */
const concurrency = 4;

/**
 * Reads quotas through Service Quotas. Without the permission `servicequotas:GetServiceQuota` there are none to be had, and that
 * is said and stops nobody: AWS's defaults hold until somebody knows better.
 *
 * @throws TOOLKIT_AWS_* but TOOLKIT_AWS_DENIED
 */
export async function readQuotas(
  quotas: readonly Quota[],
  regions: readonly string[],
  cloud: Cloud,
): Promise<QuotaReading> {
  const wanted = quotas.flatMap(({ service, code }) => {
    if (code === null) return [];
    const places = globalServices.has(service) ? [homeOfGlobal] : [...new Set(regions)];
    return places.map((region) => ({ service, code, region }));
  });
  const overrides: Record<string, number> = {};
  let unread: string | null = null;
  const read = async (): Promise<void> => {
    for (let next = wanted.shift(); next !== undefined && unread === null; next = wanted.shift()) {
      const { service, code, region } = next;
      try {
        const value = await cloud.region(region).quotas.value(service, code);
        if (value !== null) overrides[code] = Math.min(value, overrides[code] ?? value);
      } catch (failure) {
        if (!isCodedError(failure) || failure.code !== "TOOLKIT_AWS_DENIED") throw failure;
        unread = failure.message;
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, read));
  return { overrides, unread };
}

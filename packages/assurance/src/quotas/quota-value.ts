import type { Quota } from "./quota.ts";
import type { Container } from "./usage/stack-view.ts";

/** Quotas that an account really has, by code in Service Quotas. */
export type QuotaOverrides = Readonly<Record<string, number>>;

/** What a quota is worth in one container. */
export interface QuotaValue {
  /** Null where nobody says. */
  readonly value: number | null;
  /** AWS's default, what the account has, or what follows from what is shipped. */
  readonly from: "default" | "account" | "shipment";
  /** Why going over it proves nothing; null where it does. */
  readonly advisory: string | null;
}

/**
 * What is known of a quota. A quota that is unknown or zero ends nothing: a check that is wrong about it would keep tenants out
 * that fit.
 */
export function quotaValue(quota: Quota, container: Container, overrides: QuotaOverrides): QuotaValue {
  const { capacity, why } = container;
  if (capacity === null) return { value: null, from: "shipment", advisory: why ?? "its size is not known" };
  if (capacity !== undefined) return { value: capacity, from: "shipment", advisory: null };
  const given = overrideOf(quota, overrides);
  if (given !== undefined && Number.isFinite(given) && given > 0)
    return { value: given, from: "account", advisory: null };
  if (given !== undefined)
    return {
      value: quota.value,
      from: "default",
      advisory: `the account is said to have ${given} of ${quota.code ?? quota.id}, which cannot be`,
    };
  return { value: quota.value, from: "default", advisory: whyAdvisory(quota) };
}

function overrideOf({ code }: Quota, overrides: QuotaOverrides): number | undefined {
  return code !== null && Object.hasOwn(overrides, code) ? overrides[code] : undefined;
}

function whyAdvisory({ value, startingPoint, confidence, source }: Quota): string | null {
  if (value === null) return `AWS documents no value (${source})`;
  if (value <= 0) return `a value of ${value} cannot be`;
  if (startingPoint !== null) return startingPoint;
  return confidence === "recalled" ? "no source of its value was read" : null;
}

/** What an amount comes to: tasks that spread over subnets make parts of one. */
export function whole(amount: number): number {
  return Math.ceil(amount - tolerance);
}

/** Sums of thirds are not exact. */
export const tolerance = 1e-6;

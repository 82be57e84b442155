import type { Quota } from "./quota.ts";
import type { Container } from "./usage/stack-view.ts";

/** What only the definition can change, by quota. */
const byDefinition: Readonly<Record<string, string>> = {
  "addresses-per-subnet": "larger subnets (network.subnets), or a lower scaling.max of services",
  "postgres-connections":
    "a larger instance class of the store, a proxy in front of it, or a lower scaling.max of services",
  "template-size": "fewer services and stores, or a second platform",
  "resources-per-template": "fewer services and stores, or a second platform",
  "outputs-per-template": "fewer services and stores, or a second platform",
  "parameters-per-template": "fewer services and stores, or a second platform",
  "tasks-per-service": "a lower scaling.max of the service",
};

/** What makes room where a quota is full. */
export function liftOf(quota: Quota, level: Container["level"]): string {
  const own = byDefinition[quota.id];
  if (own !== undefined) return own;
  const increase = increaseOf(quota);
  const ways = {
    cell: "another cell",
    region: "another region or account",
    account: "another account",
    shared: `less of it in the platform`,
    tenant: "less of it in the tier",
  };
  if (level === "cell") return increase === null ? ways.cell : `${ways.cell}, or ${increase}`;
  return increase ?? ways[level];
}

/** Whether a further cell brings more of it. */
export function isLiftedByCell(level: Container["level"]): boolean {
  return level === "cell";
}

/** The words for asking AWS for more; null where it never gives more. */
export function increaseOf({ adjustable, code, max }: Quota): string | null {
  if (!adjustable) return null;
  const most = max === null ? "" : ` up to ${count(max)}`;
  return code === null
    ? `an increase by AWS Support${most}`
    : `an increase of ${code} in Service Quotas${most}`;
}

/** A number as people read it: 10,000. */
export function count(value: number): string {
  return String(Math.floor(value)).replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

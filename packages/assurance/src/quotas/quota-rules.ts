import { type Finding, notApplicable, refuted, type Rule, unknown } from "../rule.ts";
import { count, liftOf } from "./lift.ts";
import type { Quota } from "./quota.ts";
import { quotas } from "./quota-data.ts";
import type { QuotaUsage, Tally } from "./quota-usage.ts";
import { usedOf } from "./quota-uses.ts";
import { type QuotaOverrides, quotaValue, tolerance, whole } from "./quota-value.ts";

/** What rules of quotas look at. */
export interface QuotaModel {
  readonly usage: QuotaUsage;
  readonly overrides: QuotaOverrides;
  /** How many tenants the definition lets a cell hold. */
  readonly tenantsPerCell: number;
  /** Every tier of the definition, those without a stack included. */
  readonly tiers: readonly string[];
}

/** Findings that are listed one by one; more are counted. */
const listedMax = 20;

/** One rule for each quota. */
export const quotaRules: readonly Rule<[QuotaModel]>[] = quotas.map((quota) => ({
  id: `quotas/${quota.id}`,
  why: `AWS refuses what goes over ${quota.name}: a deployment stops half-way, a service does not scale, or the next tenant cannot be added`,
  fix: `make room with ${liftOf(quota, usualLevel(quota))}${quota.adjustable && quota.code !== null ? "; what the account really has goes into cells.quotas" : ""}`,
  judge: (model) => judgeQuota(quota, model),
}));

/** Where a quota stands if nothing is counted yet: said in the rule itself. */
function usualLevel({ per }: Quota): Tally["container"]["level"] {
  if (per === "account") return "account";
  if (per === "account and region") return "region";
  return ["load balancer", "cluster", "namespace"].includes(per) ? "cell" : "shared";
}

function judgeQuota(quota: Quota, model: QuotaModel): readonly Finding[] {
  const { usage, overrides } = model;
  const tallies = usage.tallies.filter((tally) => tally.quota === quota.id);
  const own = usage.own.get(quota.id) ?? [];
  const missed = usage.misses
    .filter((miss) => miss.quota === quota.id)
    .map(({ subject, missing }) => unknown(subject, missing));
  const notes: string[] = [];
  const over: Finding[] = [];
  for (const tally of tallies) {
    const { value, advisory } = quotaValue(quota, tally.container, overrides);
    const used = usedOf(tally);
    if (advisory !== null) notes.push(noteOf(quota, tally.container.subject, used, value, advisory));
    else if (value !== null && used > value + tolerance)
      over.push(refuted(tally.container.subject, tooMuch(quota, tally, used, value)));
    else if (value !== null) over.push(...promised(quota, tally, value, model));
  }
  for (const { container, amount } of own) {
    const { value, advisory } = quotaValue(quota, container, overrides);
    if (advisory !== null) notes.push(noteOf(quota, container.subject, amount, value, advisory));
    else if (value !== null && amount > value + tolerance) {
      const witness = `${container.subject} has ${count(whole(amount))} ${quota.unit}, and ${limitText(quota, value)}`;
      over.push(refuted(container.subject, witness));
    }
  }
  const findings = [...listed(over), ...listed(missed)];
  if (findings.length > 0) return findings;
  const [note] = notes;
  if (note !== undefined) return [notApplicable(quota.name, note)];
  if (tallies.length === 0 && own.length === 0) {
    return [notApplicable(quota.name, `what is shipped has no ${quota.unit}`)];
  }
  return [];
}

function listed(findings: readonly Finding[]): readonly Finding[] {
  if (findings.length <= listedMax) return findings;
  const [first] = findings;
  const more = `${count(findings.length - listedMax)} more like these`;
  const rest =
    first?.kind === "unknown" ? unknown("the same elsewhere", more) : refuted("the same elsewhere", more);
  return [...findings.slice(0, listedMax), rest];
}

function noteOf(quota: Quota, subject: string, used: number, value: number | null, advisory: string): string {
  const of = value === null ? "" : ` of ${count(value)}`;
  return `${subject} uses ${count(whole(used))}${of} ${quota.unit}, which ends nothing: ${advisory}`;
}

function tooMuch(quota: Quota, tally: Tally, used: number, value: number): string {
  const cells = used - tally.fixed - tally.tenants;
  const parts = [
    [tally.fixed, "by what all share"],
    [cells, "by cells"],
    [tally.tenants, "by today's tenants"],
  ] as const;
  const by = parts
    .filter(([amount]) => amount > tolerance)
    .map(([amount, who]) => `${count(whole(amount))} ${who}`);
  return `${tally.container.subject} uses ${count(whole(used))} ${quota.unit} (${by.join(", ")}), and ${limitText(quota, value)}${quota.atScale ? "; counted with every service at its scaling.max" : ""}`;
}

function limitText({ name, code }: Quota, value: number): string {
  return `"${name}"${code === null ? "" : ` (${code})`} is ${count(value)}`;
}

/**
 * The definition promises that a cell holds so many tenants. Of what a cell has, they may all be of the most demanding tier; of what
 * cells share and nothing raises, the addresses of subnets, it is enough that they could all be of the most modest one.
 */
function promised(quota: Quota, tally: Tally, value: number, model: QuotaModel): readonly Finding[] {
  const { tenantsPerCell, tiers } = model;
  const isCell = tally.container.level === "cell" && / cell 1 /.test(tally.container.key);
  const isNetwork = quota.id === "addresses-per-subnet" && tally.container.level === "shared";
  if ((!isCell && !isNetwork) || tally.perTenant.size === 0) return [];
  const [tier, each] = isCell ? mostOf(tally.perTenant) : leastOf(tiers, tally.perTenant);
  const fixed = tally.fixed + (tally.cells.get(1) ?? 0);
  if (each <= 0 || fixed + tenantsPerCell * each <= value + tolerance) return [];
  const room = Math.max(0, Math.floor((value - fixed) / each + tolerance));
  return [
    refuted(
      tally.container.subject,
      `cells.capacity lets a cell hold ${count(tenantsPerCell)} tenants, but ${limitText(quota, value)}, of which ${count(whole(fixed))} are used without tenants and each tenant of the tier ${tier} uses ${amountText(each)}: it holds ${count(room)}`,
    ),
  ];
}

function mostOf(perTenant: ReadonlyMap<string, number>): readonly [tier: string, amount: number] {
  const [most = ["", 0] as const] = [...perTenant].toSorted(([, a], [, b]) => b - a);
  return most;
}

function leastOf(
  tiers: readonly string[],
  perTenant: ReadonlyMap<string, number>,
): readonly [tier: string, amount: number] {
  const all = tiers.map((tier) => [tier, perTenant.get(tier) ?? 0] as const);
  const [least = ["", 0] as const] = all.toSorted(([, a], [, b]) => a - b);
  return least;
}

const amountText = (amount: number): string => String(Math.round(amount * 100) / 100);

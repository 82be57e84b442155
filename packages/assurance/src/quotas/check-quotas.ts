import type { Shipment, ShippedFiles } from "../artifacts/shipment.ts";
import { judge } from "../rule.ts";
import type { Matrix } from "../theme-result.ts";
import { type TierCapacity, tierCapacity } from "./capacity.ts";
import { count } from "./lift.ts";
import { nameLengths } from "./name-lengths.ts";
import { quotaDataVersion } from "./quota-data.ts";
import type { QuotaReport, QuotaUse } from "./quota-report.ts";
import { quotaRules } from "./quota-rules.ts";
import { countUsage, type FurtherTenant } from "./quota-usage.ts";
import { mixCapacity, quotaUses } from "./quota-uses.ts";
import { type QuotaOverrides, whole } from "./quota-value.ts";

export interface QuotaOptions {
  /** What the account really has, by code in Service Quotas. It wins over cells.quotas of the definition. */
  readonly overrides?: QuotaOverrides | undefined;
  /** The text of what is shipped: without it the size and the outputs of templates are not counted. */
  readonly files?: ShippedFiles | undefined;
  /** Tenants that are there though no placement names them, such as those that a command added. */
  readonly further?: readonly FurtherTenant[] | undefined;
}

/** How many tenants fit, and which limit ends it. */
export function checkQuotas(shipment: Shipment, options: QuotaOptions = {}): QuotaReport {
  const { definition, platform, environment } = shipment;
  const overrides = { ...definition.cells.quotas, ...options.overrides };
  const usage = countUsage(shipment, options);
  const tiers = [...new Set([...Object.keys(definition.tiers), ...usage.stackTiers])].sort();
  const tenantsPerCell = definition.cells.capacity;
  const model = { usage, overrides, tenantsPerCell, tiers };
  const subject = `${platform} ${environment}`;
  const verdicts = [
    ...quotaRules.flatMap((rule) => judge(rule, subject, model)),
    ...judge(nameLengths, subject, model),
  ];
  const uses = quotaUses(usage, overrides);
  const capacities = tiers.map((tier) => tierCapacity(tier, usage, overrides, tenantsPerCell));
  const mix = mixCapacity(uses, usage);
  return {
    theme: "quotas",
    dataVersion: quotaDataVersion,
    verdicts,
    matrices: [capacityMatrix(capacities), useMatrix(uses, usage.stackTiers)].filter(
      ({ rows }) => rows.length > 0,
    ),
    uses,
    tiers: capacities,
    mix,
    summary: summaryOf(capacities, uses),
  };
}

const endless = "no quota ends it";

function capacityMatrix(tiers: readonly TierCapacity[]): Matrix {
  return {
    title: "Tenants that fit, were all of one tier",
    columns: ["tier", "in one cell", "first limit", "what lifts it", "in all cells", "limit of all cells"],
    rows: tiers.map(({ tier, inOneCell, inAllCells, cellLimits, platformLimits }) => {
      const [first] = [...cellLimits, ...platformLimits].toSorted((a, b) => a.tenants - b.tenants);
      const [wide] = platformLimits;
      return [
        tier,
        inOneCell === null ? endless : count(inOneCell),
        first?.quota.name ?? "-",
        first?.lift ?? "-",
        inAllCells === null ? endless : count(inAllCells),
        wide?.quota.name ?? "-",
      ];
    }),
    legend: {},
  };
}

/** What tenants use up, and what is more than half full without them. */
function useMatrix(uses: readonly QuotaUse[], tiers: readonly string[]): Matrix {
  const shown = uses.filter(
    ({ perTenant, used, value }) => Object.keys(perTenant).length > 0 || (value !== null && used > value / 2),
  );
  return {
    title: "Quotas that tenants use, and others that are more than half full",
    columns: [
      "quota",
      "of",
      "value",
      "used",
      ...tiers.map((tier) => `each ${tier}`),
      ...tiers.map((tier) => `further ${tier}`),
    ],
    rows: shown.map(({ quota, subject, value, advisory, used, perTenant, further }) => [
      quota.name,
      subject,
      value === null ? "not known" : `${count(value)}${advisory === null ? "" : " (ends nothing)"}`,
      count(whole(used)),
      ...tiers.map((tier) => String(Math.round((perTenant[tier] ?? 0) * 100) / 100)),
      ...tiers.map((tier) => {
        const more = further[tier] ?? null;
        return more === null ? "-" : count(more);
      }),
    ]),
    legend: { "-": "it does not end them" },
  };
}

function summaryOf(tiers: readonly TierCapacity[], uses: readonly QuotaUse[]): readonly string[] {
  if (tiers.length === 0) {
    const fullest = uses.find(({ advisory }) => advisory === null);
    if (fullest === undefined) return [];
    return [
      `the platform has no tiers; the fullest quota is ${fullest.quota.name} of ${fullest.subject}: ${count(whole(fullest.used))} of ${count(fullest.value ?? 0)}`,
    ];
  }
  const capacityOf = ({ inOneCell }: TierCapacity) => inOneCell ?? Number.POSITIVE_INFINITY;
  return tiers.toSorted((a, b) => capacityOf(a) - capacityOf(b)).map(({ sentence }) => sentence);
}

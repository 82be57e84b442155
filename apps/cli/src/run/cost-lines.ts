import {
  type CostEstimate,
  type CostMark,
  countText,
  formatUsd,
  type MicroUsd,
  roundTogether,
  type UnusedReason,
} from "@tenantry/assurance/cost";
import { formatTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";

type Paint = Terminal["paint"];

/** A letter beside an amount, and what it says about it. */
const marks: Readonly<Record<CostMark, readonly [sign: string, meaning: string]>> = {
  assumed: ["a", "rests on a figure that nobody gave: see the assumptions"],
  caution: ["c", "depends on something that --details says"],
  "from-memory": ["m", "has a price from memory: check it before you rely on it"],
  "old-price": ["o", "has a price that was seen years ago"],
  "other-region": ["r", "has the price of us-east-1, because that of its region is not known"],
  "unsure-price": ["u", "has a price from a third party, or one derived from a bill"],
};

const unusedReasons: Readonly<Record<UnusedReason, string>> = {
  "standby-region": "a region that waits for a failover",
  "free-slots": "slots of cells that no tenant has",
  "tasks-above-need": "tasks that the busiest minute does not need",
  "without-tenants": "something shared that no tenant uses",
};

/** Cents are what people read; a share is told to a tenth of a percent. */
const cent = 10_000;
const tenthsOfAll = 1000;
const tenantsShown = 200;

/** An estimate as a founder reads it: what is missing first, then the whole, its parts and who bears it. */
export function costLines(
  estimate: CostEstimate,
  shown: { readonly tenants: boolean; readonly lines: boolean },
  paint: Paint,
): readonly string[] {
  const { platform, environment, monthlyMicroUsd, fixedMicroUsd, usageMicroUsd } = estimate;
  return [
    `${paint("bold", `${platform} ${environment}: ${formatUsd(monthlyMicroUsd)} USD a month`)}${paint("dim", ", on demand, before taxes, discounts and free tiers")}`,
    paint("dim", `${formatUsd(fixedMicroUsd)} without a single request, ${formatUsd(usageMicroUsd)} by use`),
    ...budgetLines(estimate, paint),
    ...priceLines(estimate, paint),
    "",
    ...missingLines(estimate, paint),
    ...componentLines(estimate, paint),
    ...amountLines(
      "region",
      estimate.regions.map(({ region, monthlyMicroUsd: amount }) => [region, amount, ""]),
      paint,
    ),
    ...bearerLines(estimate, paint),
    ...tierLines(estimate, paint),
    ...(shown.tenants ? tenantLines(estimate, paint) : []),
    ...(shown.lines ? everyLine(estimate, paint) : []),
    ...markLines(estimate, paint),
    ...assumptionLines(estimate, paint),
  ];
}

function budgetLines({ monthlyMicroUsd, budgetMicroUsd }: CostEstimate, paint: Paint): readonly string[] {
  if (budgetMicroUsd === null) return [];
  const budget = `the budget is ${formatUsd(budgetMicroUsd)} USD`;
  return monthlyMicroUsd > budgetMicroUsd
    ? [paint("yellow", `! ${budget}, which this is ${formatUsd(monthlyMicroUsd - budgetMicroUsd)} above`)]
    : [paint("dim", budget)];
}

/** How old the prices are that the estimate is made from. */
function priceLines({ lines }: CostEstimate, paint: Paint): readonly string[] {
  const dates = lines.flatMap(({ price }) => (price.asOf === null ? [] : [price.asOf])).sort();
  const [first] = dates;
  const last = dates.at(-1);
  if (first === undefined || last === undefined) return [];
  const seen = first === last ? `on ${first}` : `from ${first} to ${last}`;
  return [paint("dim", `prices seen ${seen}; marks say which are not certain`)];
}

function missingLines({ unpriced, problems }: CostEstimate, paint: Paint): readonly string[] {
  const resources = unpriced.reduce((sum, { count }) => sum + count, 0);
  const rows = unpriced.map(({ what, count, because, resources: named }) => [
    what,
    String(count),
    because,
    named.join(", "),
  ]);
  return [
    ...(unpriced.length === 0
      ? []
      : [
          paint(
            "yellow",
            `! not priced, and in no sum: ${resources} ${resources === 1 ? "thing" : "things"}`,
          ),
          ...formatTable(["what", "count", "because", "such as"], rows).map((line) => `  ${line}`),
          "",
        ]),
    ...(problems.length === 0
      ? []
      : [
          paint("yellow", "! not everything could be read, so the estimate may be wrong"),
          ...problems.slice(0, 10).map(({ subject, missing }) => `  ${subject}: ${missing}`),
          ...(problems.length > 10 ? [`  … and ${problems.length - 10} more`] : []),
          "",
        ]),
  ];
}

function componentLines({ components }: CostEstimate, paint: Paint): readonly string[] {
  const sorted = [...components].sort((a, b) => b.monthlyMicroUsd - a.monthlyMicroUsd);
  return amountLines(
    "component",
    sorted.map(({ title, monthlyMicroUsd, marks: own }) => [title, monthlyMicroUsd, signsOf(own)]),
    paint,
  );
}

function bearerLines({ split, idle, tenants }: CostEstimate, paint: Paint): readonly string[] {
  const rows: (readonly [string, MicroUsd, string])[] = [
    ["tenants: their own", split.directMicroUsd, ""],
    ["tenants: shared", split.sharedMicroUsd, ""],
    ["tenants: platform", split.platformMicroUsd, ""],
    [tenants.length === 0 ? "the platform as a whole" : "nobody", split.unallocatedMicroUsd, ""],
    ...idle.map(({ because, monthlyMicroUsd }) => ["idle", monthlyMicroUsd, unusedReasons[because]] as const),
  ];
  return amountLines(
    "who bears it",
    rows.filter(([, amount]) => amount > 0),
    paint,
  );
}

/** Amounts with their shares, which add up as they are printed: to the sum, and to 100 %. */
function amountLines(
  name: string,
  rows: readonly (readonly [name: string, amount: MicroUsd, note: string])[],
  paint: Paint,
): readonly string[] {
  const parts = rows.map(([row, amount], index) => ({
    name: `${String(index).padStart(4, "0")} ${row}`,
    amount,
  }));
  const sum = parts.reduce((total, { amount }) => total + amount, 0);
  const cents = roundTogether(parts, cent);
  const tenths = roundTogether(parts, sum / tenthsOfAll || 1);
  const cells = [
    ...rows.map(([row, amount, note], index) => [
      row,
      amount > 0 && cents[index] === 0 ? "<0.01" : formatUsd((cents[index] ?? 0) * cent),
      percentText(tenths[index] ?? 0),
      note,
    ]),
    ["total", formatUsd(Math.round(sum / cent) * cent), percentText(sum === 0 ? 0 : tenthsOfAll), ""],
  ];
  return [...table([name, "USD/month", "share", ""], cells, paint, [1, 2]), ""];
}

function tierLines({ tiers, tenants }: CostEstimate, paint: Paint): readonly string[] {
  if (tiers.length === 0) return [];
  const rows = tiers.map((tier) => {
    const each = tier.tenants === 0 ? null : Math.round(tier.totalMicroUsd / tier.tenants);
    const margin = each === null || tier.priceMicroUsd === null ? null : tier.priceMicroUsd - each;
    return [
      tier.tier,
      String(tier.tenants),
      amountText(tier.priceMicroUsd),
      amountText(each),
      amountText(margin),
      formatUsd(tier.nextMicroUsd),
      tier.nextNeedsCell ? "with the new cell that it needs" : "",
    ];
  });
  const revenue = tiers.reduce((sum, { revenueMicroUsd }) => sum + (revenueMicroUsd ?? 0), 0);
  const header = ["tier", "tenants", "price", "cost each", "margin each", "next tenant adds", ""];
  return [
    ...table(header, rows, paint, [1, 2, 3, 4, 5]),
    ...(revenue > 0 && tenants.length > 0
      ? [
          paint(
            "dim",
            `they pay ${formatUsd(revenue)} USD a month together; idle capacity is in nobody's cost`,
          ),
        ]
      : []),
    "",
  ];
}

function tenantLines({ tenants }: CostEstimate, paint: Paint): readonly string[] {
  if (tenants.length === 0) return [];
  const sorted = [...tenants].sort((a, b) => b.totalMicroUsd - a.totalMicroUsd || (a.id < b.id ? -1 : 1));
  const rows = sorted
    .slice(0, tenantsShown)
    .map(
      ({
        id,
        tier,
        directMicroUsd,
        sharedMicroUsd,
        platformMicroUsd,
        totalMicroUsd,
        priceMicroUsd,
        marginMicroUsd,
      }) => [
        id,
        tier,
        ...[directMicroUsd, sharedMicroUsd, platformMicroUsd, totalMicroUsd].map((amount) =>
          formatUsd(amount),
        ),
        amountText(priceMicroUsd),
        amountText(marginMicroUsd),
      ],
    );
  const header = ["tenant", "tier", "own", "shared", "platform", "cost", "price", "margin"];
  const more = tenants.length - rows.length;
  return [
    ...table(header, rows, paint, [2, 3, 4, 5, 6, 7]),
    ...(more > 0 ? [paint("dim", `… and ${more} more; --json has them all`)] : []),
    "",
  ];
}

function everyLine({ lines }: CostEstimate, paint: Paint): readonly string[] {
  const rows = lines.map((line) => [
    line.resource,
    line.item,
    line.region,
    `${line.copies === 1 ? "" : `${line.copies} × `}${countText(line.quantity)} ${line.unit}`,
    String(line.unitPriceUsd),
    formatUsd(line.monthlyMicroUsd * line.copies),
    signsOf(line.marks),
    line.caution === null ? line.basis : `${line.basis}; ${line.caution}`,
  ]);
  const header = ["resource", "what", "region", "quantity", "price", "USD/month", "", "from"];
  return [...table(header, rows, paint, [4, 5]), ""];
}

function markLines({ lines }: CostEstimate, paint: Paint): readonly string[] {
  const used = new Set(lines.flatMap((line) => line.marks));
  const known = (Object.keys(marks) as CostMark[]).filter((mark) => used.has(mark));
  if (known.length === 0) return [];
  return [...known.map((mark) => paint("dim", `${marks[mark][0]}  ${marks[mark][1]}`)), ""];
}

function assumptionLines({ assumptions }: CostEstimate, paint: Paint): readonly string[] {
  const rows = assumptions.map(({ key, value, isAssumed, tiers }) => [
    key,
    countText(value),
    [
      isAssumed ? "assumed" : "as the definition says",
      ...Object.entries(tiers).map(([tier, own]) => `${tier}: ${countText(own)}`),
    ].join("; "),
  ]);
  if (rows.length === 0) return [];
  return table(["cost.usage in the definition", "is", ""], rows, paint, [1]);
}

/** A table whose columns of numbers end at the same place. */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  paint: Paint,
  numbers: readonly number[],
): readonly string[] {
  const widths = header.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const aligned = (row: readonly string[]) =>
    row.map((cell, column) => (numbers.includes(column) ? cell.padStart(widths[column] ?? 0) : cell));
  const [head = "", ...lines] = formatTable(aligned(header), rows.map(aligned));
  return [paint("dim", head), ...lines];
}

function signsOf(own: readonly CostMark[]): string {
  return own
    .map((mark) => marks[mark][0])
    .sort()
    .join(" ");
}

function amountText(amount: MicroUsd | null): string {
  return amount === null ? "-" : formatUsd(amount);
}

function percentText(tenths: number): string {
  return `${(tenths / 10).toFixed(1)} %`;
}

import { type CostComparison, formatUsd, type MicroUsd } from "@tenantry/assurance/cost";
import type { Terminal } from "../terminal.ts";
import { table } from "./cost-lines.ts";

/** What a change does to the bill, in a sentence and by component. */
export function comparisonLines(
  comparison: CostComparison,
  folder: string,
  paint: Terminal["paint"],
): readonly string[] {
  const { before, after, changeMicroUsd, perTenantMicroUsd, tenants, components, regions, unpriced } =
    comparison;
  const perTenant =
    perTenantMicroUsd === null ? "" : ` (${formatUsd(Math.abs(perTenantMicroUsd))} per tenant)`;
  const sentence =
    changeMicroUsd === 0
      ? "this change costs nothing"
      : `this change ${changeMicroUsd > 0 ? "adds" : "saves"} ${formatUsd(Math.abs(changeMicroUsd))} USD a month${perTenant}`;
  const rows = [...components, ...(regions.length > 1 ? regions : [])].map((change) => [
    change.title,
    formatUsd(change.before),
    formatUsd(change.after),
    signed(change.changeMicroUsd),
  ]);
  return [
    "",
    `${paint(changeMicroUsd > 0 ? "yellow" : "green", sentence)}${paint("dim", `: from ${formatUsd(before)} of ${folder} with ${tenants.before} tenants to ${formatUsd(after)} with ${tenants.after}`)}`,
    ...(rows.length === 0 ? [] : table(["change", "before", "after", "USD/month"], rows, paint, [1, 2, 3])),
    ...unpriced.map(({ what, side }) =>
      paint("yellow", `! not priced, and only ${side === "before" ? "there" : "here"}: ${what}`),
    ),
  ];
}

function signed(amount: MicroUsd): string {
  return amount > 0 ? `+${formatUsd(amount)}` : formatUsd(amount);
}

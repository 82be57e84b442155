import { formatUsd } from "../cost/money.ts";
import type { CostBar, CostPicture } from "./check-report.ts";
import { countedText } from "./counts-text.ts";
import { type Html, html } from "./html-text.ts";

/** What it costs each month: a bar for each component, and one for each tenant. */
export function costSection({ monthlyMicroUsd, components, tenants, unpriced }: CostPicture): Html {
  const open = unpriced === 0 ? "" : `, without ${countedText(unpriced, "thing")} of no known price`;
  return html`<section>
    <h2 id="cost">What it costs</h2>
    <p>
      About <b>${formatUsd(monthlyMicroUsd)} US dollars a month</b>${open}: on demand, before taxes and
      discounts. An estimate, and no part of any verdict.
    </p>
    ${barChart("By component", components)} ${barChart("By tenant", tenants)}
  </section>`;
}

const width = 480;
const row = 38;

/** A chart that is read as a list where it cannot be seen. */
function barChart(title: string, bars: readonly CostBar[]): Html | null {
  if (bars.length === 0) return null;
  const most = Math.max(1, ...bars.map(({ monthlyMicroUsd }) => monthlyMicroUsd));
  const label = `${title}, US dollars a month: ${told(bars)}`;
  return html`<h4>${title}</h4>
    <svg class="bars" viewBox="0 0 ${width} ${bars.length * row}" role="img" aria-label="${label}">
      ${bars.map(({ name, monthlyMicroUsd }, index) => {
        const top = index * row;
        const length = Math.round((Math.max(0, monthlyMicroUsd) / most) * width);
        return html`<text x="0" y="${top + 14}">${shortened(name)}</text>
          <text x="${width}" y="${top + 14}" text-anchor="end">${formatUsd(monthlyMicroUsd)}</text>
          <rect class="track" x="0" y="${top + 20}" width="${width}" height="8" rx="2" />
          <rect class="bar" x="0" y="${top + 20}" width="${length}" height="8" rx="2" />`;
      })}
    </svg>`;
}

const told = (bars: readonly CostBar[]) =>
  bars.map(({ name, monthlyMicroUsd }) => `${name} ${formatUsd(monthlyMicroUsd)}`).join(", ");

const nameLengthMax = 48;
const shortened = (name: string) =>
  name.length <= nameLengthMax ? name : `${name.slice(0, nameLengthMax - 1)}…`;

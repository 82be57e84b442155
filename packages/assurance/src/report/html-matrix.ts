import type { Matrix } from "../theme-result.ts";
import { type Html, html } from "./html-text.ts";

/** A table that scrolls by itself where it is wider than the page. */
export function matrixTable({ title, columns, rows, legend }: Matrix): Html {
  const meanings = Object.entries(legend);
  return html`<div class="wide matrix" tabindex="0">
      <table>
        <caption>
          ${title}
        </caption>
        <thead>
          <tr>
            ${columns.map((column) => html`<th scope="col">${column}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ([name = "", ...cells]) =>
              html`<tr>
                <th scope="row">${name}</th>
                ${cells.map((cell) => html`<td>${cell}</td>`)}
              </tr> `,
          )}
        </tbody>
      </table>
    </div>
    ${meanings.length === 0 ? null : html`<p class="legend">${meanings.map(([sign, meaning], index) => html`${index === 0 ? "" : " · "}<b>${sign}</b> ${meaning}`)}</p>`} `;
}

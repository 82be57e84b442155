import type { Verdict } from "../verdict.ts";
import type { CheckedTheme, CheckReport } from "./check-report.ts";
import { countHeads, countedText } from "./counts-text.ts";
import { matrixTable } from "./html-matrix.ts";
import { type Html, html } from "./html-text.ts";
import { ruleSentence, themeWords } from "./theme-words.ts";

/** A card for each theme, worst first: what was shown, by which rules, of what. */
export function themeCards(report: CheckReport): readonly Html[] {
  return worstThemesFirst(report.themes).map((theme) => themeCard(theme, report));
}

function worstThemesFirst(themes: readonly CheckedTheme[]): readonly CheckedTheme[] {
  const rank = ({ counts }: CheckedTheme) =>
    counts.refuted > 0 ? 0 : counts.unknown > 0 ? 1 : counts.accepted > 0 ? 2 : 3;
  return themes.toSorted((one, other) => rank(one) - rank(other));
}

function themeCard(theme: CheckedTheme, report: CheckReport): Html {
  const { counts, verdicts, matrices, notes } = theme;
  const { title, claim, limit } = themeWords[theme.theme];
  const [colour, word] = stateOf(theme);
  const byRule = [...Map.groupBy(verdicts, ({ rule }) => rule)];
  return html`<article class="card theme">
    <header>
      <h3>${title}</h3>
      <span class="tag ${colour}">${word}</span>
    </header>
    <p><span class="soft">${beforeClaim(theme)}</span>${claim}</p>
    ${notes.map((note) => html`<p>${note}</p>`)}
    <details>
      <summary>
        ${countedText(byRule.length, "rule")}, ${countedText(verdicts.length, "verdict")}:
        ${countHeads
          .filter(([key]) => counts[key] > 0)
          .map(([key, head]) => `${counts[key]} ${head}`)
          .join(", ")}
      </summary>
      <ul class="rules">
        ${byRule.map(([rule, all]) => ruleItem(rule, all, report))}
      </ul>
    </details>
    ${
      matrices.length === 0
        ? null
        : html`<details>
            <summary>${countedText(matrices.length, "table")}</summary>
            ${matrices.map(matrixTable)}
          </details>`
    }
    <details>
      <summary>What this does not say</summary>
      <p>${limit}</p>
    </details>
  </article> `;
}

function stateOf({ counts }: CheckedTheme): readonly [colour: string, word: string] {
  if (counts.refuted > 0) return ["bad", "refuted"];
  if (counts.unknown > 0) return ["open", "unknown"];
  if (counts.accepted > 0) return ["kept", "accepted"];
  return counts.proved > 0 ? ["good", "proved"] : ["none", "not applicable"];
}

/** The claim is made only where it was shown. */
function beforeClaim({ counts }: CheckedTheme): string {
  if (counts.refuted + counts.unknown + counts.accepted > 0) return "Not shown as a whole: ";
  return counts.proved > 0 ? "" : "Nothing to show it of: ";
}

const signs = {
  refuted: ["✖", "bad"],
  unknown: ["?", "open"],
  proved: ["✔", "good"],
  "not-applicable": ["–", "none"],
} as const;

/** How many subjects of a rule are named; the counts say the rest. */
const subjectsShown = 12;

function ruleItem(rule: string, verdicts: readonly Verdict[], report: CheckReport): Html {
  const { rules, platform, environment } = report;
  // What is about the platform as a whole needs no name here.
  const whole = new Set([environment, `${platform} ${environment}`, `${platform}/${environment}`]);
  const worst = (["refuted", "unknown", "proved", "not-applicable"] as const).find((kind) =>
    verdicts.some((verdict) => verdict.kind === kind),
  );
  const [sign, colour] = signs[worst ?? "unknown"];
  const why = rules[rule]?.why;
  const proved = verdicts.filter(({ kind }) => kind === "proved").map(({ subject }) => subject);
  const parts = proved.filter((subject) => !whole.has(subject));
  const reasons = verdicts.flatMap((one) => (one.kind === "not-applicable" ? [one] : []));
  const failed = verdicts.length - proved.length - reasons.length;
  return html`<li class="${colour}" data-sign="${sign}">
    ${ruleSentence(rule)}
    <code class="soft">${rule}</code>
    ${why === undefined ? null : html`<span class="soft">Otherwise: ${why}</span>`}
    ${failed === 0 ? null : html`<span class="soft">${countedText(failed, "finding")}, above</span>`}
    ${parts.length === 0 ? null : html`<span class="soft">For ${listed(parts)}</span>`}
    ${reasons.slice(0, subjectsShown).map(({ subject, because }) => html`<span class="soft">Not applicable to ${subject}: ${because}</span>`)}${
      reasons.length > subjectsShown
        ? html`<span class="soft">… and ${reasons.length - subjectsShown} more</span>`
        : null
    }
  </li> `;
}

function listed(subjects: readonly string[]): string {
  const more = subjects.length - subjectsShown;
  return `${subjects.slice(0, subjectsShown).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

import type { ControlEvidence, ControlOutcome, FrameworkEvidence } from "../posture/evidence.ts";
import { countedText } from "./counts-text.ts";
import { type Html, html } from "./html-text.ts";

const signs: Readonly<Record<ControlOutcome, readonly [sign: string, colour: string]>> = {
  broken: ["✖", "bad"],
  unknown: ["?", "open"],
  holds: ["✔", "good"],
  "not looked at": ["–", "none"],
};

const order: readonly ControlOutcome[] = ["broken", "unknown", "holds", "not looked at"];

/** What the verdicts say to controls: the frameworks that the definition asks for first, in each the worst control first. */
export function evidenceSection(frameworks: readonly FrameworkEvidence[]): Html {
  const asked = frameworks.filter(({ isAsked }) => isAsked);
  const others = frameworks.filter(({ isAsked }) => !isAsked);
  return html`<section>
    <h2 id="evidence">Evidence by control</h2>
    <p>
      Which rules serve which control, and what they said. A control holds here where all of its rules that
      ran are proved; whether that is enough is for an auditor to say.
    </p>
    ${[...asked, ...others].map(frameworkCard)}
  </section>`;
}

function frameworkCard({ title, source, isAsked, outside, controls }: FrameworkEvidence): Html {
  const counted = order
    .map((outcome) => [outcome, controls.filter((one) => one.outcome === outcome).length] as const)
    .filter(([, count]) => count > 0);
  const worst = counted[0]?.[0] ?? "not looked at";
  const sorted = controls.toSorted((one, other) => order.indexOf(one.outcome) - order.indexOf(other.outcome));
  return html`<article class="card theme">
    <header>
      <h3>${title}</h3>
      ${isAsked ? html`<span class="tag ${signs[worst][1]}">${worst}</span>` : html`<span class="tag none">not asked for</span>`}
    </header>
    <p>
      ${counted.map(([outcome, count]) => `${count} ${outcome === "holds" ? "hold" : outcome}`).join(", ")}
    </p>
    <details>
      <summary>${countedText(controls.length, "control")}</summary>
      <ul class="rules">
        ${sorted.map(controlItem)}
      </ul>
    </details>
    <details>
      <summary>What no template shows</summary>
      <p>${outside}</p>
      <p class="soft">Source: ${source}</p>
    </details>
  </article> `;
}

function controlItem({ control, edition, title, outcome, rules }: ControlEvidence): Html {
  const [sign, colour] = signs[outcome];
  const looked = rules.filter((rule) => rule.outcome !== "not looked at");
  const findings = rules.flatMap((rule) => rule.findings.map((text) => `${rule.rule}: ${text}`));
  const reasons = rules.flatMap((rule) => rule.acknowledged.map((text) => `${rule.rule}: ${text}`));
  return html`<li class="${colour}" data-sign="${sign}">
    <b>${control}</b>${edition === null ? null : html` <span class="tag none">${edition}</span>`} ${title}
    <span class="soft"
      >${
        looked.length === 0
          ? "No rule of it had anything to look at"
          : looked.map(({ rule, lookedAt }) => `${rule} (${lookedAt})`).join(" · ")
      }</span
    >
    ${findings.map((text) => html`<span>${text}</span>`)}
    ${
      reasons.length === 0
        ? null
        : html`<details>
            <summary>${countedText(reasons.length, "reason")} given</summary>
            ${reasons.map((text) => html`<span class="soft">${text}</span>`)}
          </details>`
    }
  </li> `;
}

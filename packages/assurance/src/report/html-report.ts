import type { CheckFinding, CheckReport } from "./check-report.ts";
import { countHeads, countedText } from "./counts-text.ts";
import { costSection } from "./html-cost.ts";
import { evidenceSection } from "./html-evidence.ts";
import { pageStyle } from "./html-style.ts";
import { type Html, html } from "./html-text.ts";
import { themeCards } from "./html-themes.ts";
import { ruleSentence, themeWords } from "./theme-words.ts";

/** Nothing is loaded and nothing runs, whatever a name in the report would like to be. */
const contentPolicy = "default-src 'none'; style-src 'unsafe-inline'";

/** What no check of files can say, whatever it finds. */
const limits: readonly string[] = [
  "What the programs in the containers do. The checks hold what a program could reach, not what it asks for.",
  "What was changed in AWS by hand after a deployment, and what else is in the account.",
  "Mistakes of AWS in keeping its own promises, and of the people who hold administrators' rights.",
];

/**
 * One page, complete in itself, for an auditor: what was checked, what is wrong, what was proved, what was not looked at.
 */
export function htmlReport(report: CheckReport): string {
  const { platform, environment, findings, evidence, cost } = report;
  const open = findings.filter(({ accepted }) => accepted === null);
  const accepted = findings.filter((finding) => finding.accepted !== null);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${contentPolicy}" />
        <title>Check of ${platform} ${environment}</title>
        <style>
          ${{ kind: "html", markup: pageStyle }}
        </style>
      </head>
      <body>
        <main>
          <header>
            <h1>${platform} ${environment}</h1>
            <p class="lead">
              A check of what keeps tenants apart, made from the files that a deployment takes
            </p>
          </header>
          ${banner(report)} ${figures(report)} ${facts(report)}
          ${
            open.length === 0
              ? null
              : html`<section>
                  <h2 id="findings">What is wrong or not known</h2>
                  ${open.map(findingCard)}
                </section>`
          }
          ${
            accepted.length === 0
              ? null
              : html`<section>
                  <h2 id="accepted">Accepted for a time</h2>
                  <p>
                    Somebody decided to live with these. They were found as they stand here, and each is found
                    again after its last day.
                  </p>
                  ${accepted.map(findingCard)}
                </section>`
          }
          ${notices(report)}
          <section>
            <h2 id="themes">What was checked</h2>
            <p>
              Where tenants are concerned, everything is shown twice: for any two tenants that could ever be
              added, whatever their ids, and for those that are placed now.
            </p>
            ${themeCards(report)}
          </section>
          ${evidence === null ? null : evidenceSection(evidence)} ${cost === null ? null : costSection(cost)}
          <section>
            <h2 id="limits">What was not looked at</h2>
            <ul class="plain">
              ${report.notLookedAt.map(({ what, because }) => html`<li><b>${themeTitle(what)}</b>: ${because}.</li> `)}${limits.map((limit) => html`<li>${limit}</li> `)}
            </ul>
          </section>
          ${filesTable(report)}
          <footer>
            <p>
              Made by ${report.tool} at ${report.checkedAt}. The same files give the same verdicts:
              <code>tenantry check ${environment} --artifacts FOLDER</code>.
            </p>
          </footer>
        </main>
      </body>
    </html> `;
  return page.markup;
}

function banner({ outcome, counts, notLookedAt }: CheckReport): Html {
  const unseen = notLookedAt.map(({ what }) => themeTitle(what).toLowerCase());
  const missing = unseen.length === 0 ? "" : ` Not looked at: ${unseen.join(", ")}.`;
  if (outcome === "passed") {
    const but = counts.accepted > 0 ? `, ${counts.accepted} accepted for a time` : "";
    return html`<div class="banner good">
      <p class="say">✔ Nothing was refuted, and nothing is unknown${but}</p>
      <p class="soft">${countedText(counts.proved, "statement")} proved.${missing}</p>
    </div>`;
  }
  const kind = counts.refuted > 0 ? "bad" : "open";
  const say =
    counts.refuted > 0
      ? `✖ ${countedText(counts.refuted, "statement")} refuted`
      : `? ${countedText(counts.unknown, "statement")} could not be decided`;
  const also =
    counts.refuted > 0 && counts.unknown > 0 ? ` ${counts.unknown} more could not be decided.` : "";
  return html`<div class="banner ${kind}">
    <p class="say">${say}</p>
    <p class="soft">
      Each has its witness below.${also} What is not known does not count as passed.${missing}
    </p>
  </div>`;
}

function figures({ counts }: CheckReport): Html {
  const colours = {
    proved: "good",
    refuted: "bad",
    unknown: "open",
    notApplicable: "",
    accepted: "kept",
  } as const;
  return html`<ul class="figures">
    ${countHeads
      .filter(([key]) => key !== "accepted" || counts.accepted > 0)
      .map(([key, head]) => {
        const state = counts[key] === 0 ? "none" : colours[key];
        return html`<li class="${counts[key] === 0 ? "none" : ""}">
          <b class="${state}">${counts[key]}</b><span>${head}</span>
        </li>`;
      })}
  </ul>`;
}

function facts(report: CheckReport): Html {
  const { checkedAt, account, region, tenants, tiers, tool, baseline } = report;
  const rows: readonly (readonly [string, string])[] = [
    ["Checked", checkedAt.replace("T", " ").replace(/\.\d+Z$/, " UTC")],
    ["Account", account === "⟨account⟩" ? "whichever it is deployed to" : account],
    ["Region", region],
    [
      "Tenants",
      `${tenants} placed${tiers.length === 0 ? "" : `; templates for any tenant of ${tiers.join(", ")}`}`,
    ],
    ["Baseline", baseline.path ?? "none"],
    ["Tool", tool],
  ];
  return html`<dl class="facts">
    ${rows.map(
      ([term, text]) =>
        html`<dt>${term}</dt>
          <dd>${text}</dd> `,
    )}
  </dl>`;
}

function findingCard(finding: CheckFinding): Html {
  const { id, kind, rule, subject, detail, fix, location, accepted } = finding;
  const [colour, word] =
    accepted !== null ? ["kept", "accepted"] : kind === "refuted" ? ["bad", "refuted"] : ["open", "unknown"];
  return html`<article class="card finding ${colour}">
    <h3><span class="tag ${colour}">${word}</span> ${ruleSentence(rule)}</h3>
    <p><code>${subject}</code></p>
    <p>${kind === "unknown" ? "Not known: " : null}${detail}</p>
    ${accepted === null ? null : html`<p><b>Accepted until ${accepted.until}</b> because ${accepted.reason}</p>`}
    ${fix === null ? null : html`<p class="fix">→ ${fix}</p>`}
    <p class="soft">
      ${location === null ? null : html`<code>${location.file}:${location.line}</code> · `}<code>${id}</code>
    </p>
  </article> `;
}

function notices({ baseline }: CheckReport): Html | null {
  if (baseline.notices.length === 0) return null;
  return html`<section>
    <h2 id="baseline">Entries of the baseline that are out of date</h2>
    <ul class="plain">
      ${baseline.notices.map(({ id, text }) => html`<li><code>${id}</code>: ${text}</li> `)}
    </ul>
  </section>`;
}

const themeTitle = (theme: string) =>
  Object.hasOwn(themeWords, theme) ? themeWords[theme as keyof typeof themeWords].title : theme;

function filesTable({ files }: CheckReport): Html {
  return html`<section>
    <h2 id="files">What was read</h2>
    <div class="wide files" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">File</th>
            <th scope="col">SHA-256</th>
          </tr>
        </thead>
        <tbody>
          ${files.map(
            ({ path, sha256 }) =>
              html`<tr>
                <th scope="row"><code>${path}</code></th>
                <td><code>${sha256}</code></td>
              </tr> `,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

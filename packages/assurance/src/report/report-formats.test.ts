import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { madeUpReport, madeUpShipment, madeUpTheme, refuted } from "../../test/made-up-report.ts";
import { findingId } from "../baseline/finding-id.ts";
import type { Verdict } from "../verdict.ts";
import type { CheckReport } from "./check-report.ts";
import { visibleText } from "./visible-text.ts";
import { type ReportFormat, reportFormats, writeReport } from "./write-report.ts";

const report = await madeUpReport();

describe("a report", () => {
  test.each(["text", "markdown"] as const)("as %s reads as it was written down", async (format) => {
    await expect(writeReport(report, format)).toMatchFileSnapshot(`./made-up-report-${format}.golden.txt`);
  });

  test("as text is coloured by whoever prints it", () => {
    const tagged = (name: string) => (text: string) => `<${name}>${text}</${name}>`;
    const style = {
      bold: tagged("bold"),
      dim: tagged("dim"),
      red: tagged("red"),
      yellow: tagged("yellow"),
      green: tagged("green"),
      cyan: tagged("cyan"),
    };
    const text = writeReport(report, "text", { style });
    expect(text).toContain("<bold>shop production</bold>");
    expect(text).toMatch(/<red>✖ iam\/roles-reach-own-tenant-only@.*<\/red>/);
    expect(text.replaceAll(/<\/?(bold|dim|red|yellow|green|cyan)>/g, "")).toBe(writeReport(report, "text"));
  });

  test("as JSON is the report itself, with its keys in one order", () => {
    expect(JSON.parse(writeReport(report, "json"))).toEqual(structuredClone(report));
    const turned = Object.fromEntries(Object.entries(report).toReversed()) as unknown as CheckReport;
    expect(writeReport(turned, "json")).toBe(writeReport(report, "json"));
  });

  test.each(reportFormats)("as %s is the same bytes for the same report", async (format) => {
    expect(writeReport(await madeUpReport(), format)).toBe(writeReport(report, format));
  });
});

describe("every finding stands in every format", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", minLength: 1 }),
    fc.string({ minLength: 1, maxLength: 80 }),
  );
  const verdict: fc.Arbitrary<Verdict> = fc.oneof(
    fc.record({
      kind: fc.constant("refuted" as const),
      rule: fc.constantFrom("iam/a", "iam/b"),
      subject: text,
      witness: text,
      fix: text,
    }),
    fc.record({
      kind: fc.constant("unknown" as const),
      rule: fc.constantFrom("iam/a", "iam/c"),
      subject: text,
      missing: text,
    }),
  );

  test.each(reportFormats)("%s", async (format) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(verdict, { minLength: 1, maxLength: 6 }),
        fc.boolean(),
        async (verdicts, accepts) => {
          const first = verdicts.slice(0, 1).map(({ rule, subject }) => ({ rule, subject }));
          const made = await madeUpReport(madeUpShipment(), { themes: [madeUpTheme("iam", verdicts)] });
          const ids = made.findings.filter((one) => first.some(({ subject }) => one.subject === subject));
          const accepted = ids
            .slice(0, accepts ? 1 : 0)
            .map(({ id }) => ({ id, reason: "r", until: "2027-01-31" }));
          const baseline = { path: "b.json", content: { version: 1, accepted } } as const;
          const judged = await madeUpReport(madeUpShipment(), {
            themes: [madeUpTheme("iam", verdicts)],
            baseline,
          });
          const shown = readBack(format, writeReport(judged, format));
          for (const one of verdicts) {
            if (one.kind === "proved" || one.kind === "not-applicable") continue;
            expect(shown).toContain(visibleText(one.subject));
            expect(shown).toContain(visibleText(one.kind === "refuted" ? one.witness : one.missing));
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

/** What a person sees of a report. */
function readBack(format: ReportFormat, written: string): string {
  const unescaped = (text: string) =>
    text
      .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
      .replaceAll("@\u200b", "@")
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&quot;", '"')
      .replaceAll("&amp;", "&");
  switch (format) {
    case "text":
      return written;
    case "html":
      return unescaped(written);
    case "markdown":
      // Spans of code are not escaped, and a bar in them is shown as a broken one.
      return `${unescaped(written.replaceAll(/\\([\\`*_{}[\]()#!|~])/g, "$1"))}${written.replaceAll("¦", "|")}`;
    default:
      return JSON.stringify(JSON.parse(written), (_, value: unknown) =>
        typeof value === "string" ? visibleText(value) : value,
      ).replaceAll(/\\(["\\])/g, "$1");
  }
}

const hostile = [
  "<script>alert(1)</script>",
  `"><img src=x onerror="alert(1)">`,
  "' onload='alert(1)",
  "</style><script>alert(1)</script>",
  "\u001b[2J\u001b]0;owned\u0007",
  "\u009b31m",
  "a\n✔ proved 9999 · refuted 0 · unknown 0",
  "\u202egnp.exe",
  "[a](javascript:alert(1)) @everyone #1 | cell",
  "```\n</details>\n# heading",
  "&lt;b&gt; &amp; {{x}}",
];
// oxlint-disable-next-line no-control-regex -- that none is there is what is tested.
const cursorMoves = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;
const reportOf = (names: readonly string[]) =>
  madeUpReport(
    madeUpShipment({ platform: names[0] ?? "", environment: names[1] ?? "", region: names[2] ?? "" }),
    {
      digests: names.map((path) => ({ path, sha256: path })),
      themes: [
        madeUpTheme(
          "iam",
          names.map((name) => refuted("iam/a", name, name)),
          [
            {
              title: names[0] ?? "",
              columns: names,
              rows: [names],
              legend: { [names[0] ?? ""]: names[1] ?? "" },
            },
          ],
        ),
      ],
      baseline: {
        path: names[3] ?? "",
        content: {
          version: 1,
          accepted: names.slice(0, 2).map((name) => ({
            id: findingId({ rule: "iam/a", subject: name }),
            reason: name,
            until: "2027-01-31",
          })),
        },
      },
    },
  );
const harmless = await reportOf(hostile.map((_, index) => `name-${index}`));
const attacked = await reportOf(hostile);

describe("names that would be more than names", () => {
  test("move no cursor and begin no line of text", () => {
    const text = writeReport(attacked, "text");
    expect(text).not.toMatch(cursorMoves);
    expect(text.split("\n").filter((line) => line.startsWith("✔"))).toHaveLength(1);
  });

  test.each(["json", "sarif"] as const)("move no cursor in %s", (format) => {
    expect(writeReport(attacked, format)).not.toMatch(cursorMoves);
  });

  test("make no element and no attribute of a page", () => {
    const tags = (made: CheckReport) =>
      [
        ...writeReport(made, "html").matchAll(/<\/?([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*\/?>/gi),
      ].map(
        ([, name, attributes]) =>
          `${name} ${[...(attributes ?? "").matchAll(/([a-z-]+)="/g)].map(([, one]) => one).join(" ")}`,
      );
    const kinds = (made: CheckReport) => [...new Set(tags(made))].sort();
    expect(kinds(attacked)).toEqual(kinds(harmless));
    // As many as a harmless report has, but for what an id that is not the whole subject adds: nothing here.
    const page = writeReport(attacked, "html");
    expect(page).not.toMatch(/<(script|img|iframe|object|link|a)\b/i);
    expect(page.match(/</g)?.length).toBe(tagsAndDoctype(page));
  });

  const tagsAndDoctype = (page: string) => page.match(/<\/?[a-z!][^<>]*>/gi)?.length;

  test("make no markup of Markdown", () => {
    const markdown = writeReport(attacked, "markdown");
    const outsideOfCode = markdown.replaceAll(/(?<![\\`])(`+)(?!`)(.*?)(?<!`)\1(?!`)/g, "");
    expect(outsideOfCode).not.toMatch(/<(script|img)/i);
    expect(outsideOfCode).not.toMatch(/(?<!\\)\]\(javascript/);
    expect(outsideOfCode).not.toMatch(/@everyone/);
    expect(markdown.split("\n").filter((line) => line.startsWith("#")).length).toBe(
      writeReport(harmless, "markdown")
        .split("\n")
        .filter((line) => line.startsWith("#")).length,
    );
    expect(markdown.split("\n").length).toBeLessThanOrEqual(
      writeReport(harmless, "markdown").split("\n").length + 20,
    );
  });
});

describe("the page", () => {
  const page = writeReport(report, "html");

  test("needs nothing from anywhere and runs nothing", () => {
    expect(page).not.toMatch(/\b(src|href|srcset|action|data)=/i);
    expect(page).not.toMatch(/url\(|@import|https?:|<script/i);
    expect(page).toContain("default-src &#39;none&#39;");
  });

  test("closes what it opens, in order", () => {
    const open: string[] = [];
    const empty = new Set(["meta", "br", "hr"]);
    for (const [, slash, name = ""] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/gi)) {
      if (empty.has(name)) continue;
      if (slash === "") open.push(name);
      else expect(open.pop()).toBe(name);
    }
    expect(open).toEqual([]);
  });

  test("says what was checked, when, with what, and what was not looked at", () => {
    for (const text of [
      "shop production",
      "2026-11-21 12:00:00 UTC",
      "tenantry 0.1.0",
      "123456789012",
      "eu-central-1",
      "2 placed",
      "cloudformation/data.template.json",
      "0".repeat(64),
      "no database was named",
      "no load balancer is shipped",
      "why iam/trust-names-one-service matters",
    ])
      expect(page).toContain(text);
  });

  test("puts the worst theme first", () => {
    const titles = [...page.matchAll(/<h3>([^<]+)<\/h3>\s*<span class="tag ([a-z]+)">/g)].map(
      ([, , state]) => state,
    );
    expect(titles).toEqual(["bad", "open", "open", "open", "kept", "none"]);
  });
});

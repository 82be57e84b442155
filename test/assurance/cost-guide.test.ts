import { readFileSync } from "node:fs";
import { componentTable } from "@tenantry/assurance/cost";
import { costComponents, usageDefaults } from "@tenantry/model";
import { expect, test } from "vitest";
import { markedLines } from "../repository/guide-facts.ts";

const guide = readFileSync(new URL("../../docs/guides/cost.md", import.meta.url), "utf8");

const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;

test("the guide has every figure that is assumed, with its default", () => {
  expect(markedLines(guide, "cost-usage")).toEqual([
    row(["`cost.usage`", "default"]),
    row(["---", "---"]),
    ...Object.entries(usageDefaults).map(([key, value]) =>
      row([`\`${key}\``, value.toLocaleString("en-US")]),
    ),
  ]);
});

test("the guide has every component, with how it is split and why", () => {
  expect(markedLines(guide, "cost-components")).toEqual([
    row(["component", "is", "key", "because"]),
    row(["---", "---", "---", "---"]),
    ...costComponents.map((name) => {
      const { title, share, key, because } = componentTable[name];
      return row([`\`${name}\`: ${title}`, share, `\`${key}\``, because]);
    }),
  ]);
});

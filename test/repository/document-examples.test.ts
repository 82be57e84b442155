import { describe, expect, it } from "vitest";
import { compileExamples } from "./document-examples.ts";
import { parseMarkdown } from "./markdown.ts";
import { filesEndingIn } from "./repository-files.ts";

describe("this repository", () => {
  it("has only examples that compile in its documents", () => {
    expect(compileExamples(filesEndingIn(".md").map(parseMarkdown))).toEqual([]);
  });
});

describe("the check of examples", () => {
  it("reports mistakes by document and line, and lets what is right pass", () => {
    const text = [
      "# Title",
      "```ts",
      'import { isTenantId } from "@tenantry/model";',
      'const right: boolean = isTenantId("acme-corp");',
      "```",
      "",
      "```ts",
      'import { isTenantId } from "@tenantry/model";',
      'const right: string = isTenantId("acme-corp");',
      "```",
      "```ts",
      'import { fly } from "@tenantry/model";',
      "const list: number[] = [];",
      "const first: number = list[0];",
      "```",
      "```js",
      "this is not TypeScript",
      "```",
    ].join("\n");
    const document = parseMarkdown({ path: "docs/a.md", text });
    expect(compileExamples([document])).toEqual([
      expect.stringMatching(/^docs\/a\.md:9: TS2322: /),
      expect.stringMatching(/^docs\/a\.md:12: TS2305: /),
      expect.stringMatching(/^docs\/a\.md:14: TS2322: /),
    ]);
  });
});

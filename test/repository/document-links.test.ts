import { describe, expect, it } from "vitest";
import { checkLinks, checkTitle, type LinkTargets } from "./document-links.ts";
import { parseMarkdown } from "./markdown.ts";
import { filesEndingIn, repositoryPaths } from "./repository-files.ts";

const documents = filesEndingIn(".md").map(parseMarkdown);

describe("this repository", () => {
  it.each([
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CHANGELOG.md",
    "docs/guarantees.md",
  ])("has %s", (path) => expect(documents.map((document) => document.path)).toContain(path));

  it("links only to what exists", () => {
    const paths = repositoryPaths();
    const places = new Set(
      paths.flatMap((path) => path.split("/").map((_, index, all) => all.slice(0, index + 1).join("/"))),
    );
    const byPath = new Map(documents.map((document) => [document.path, document]));
    const targets: LinkTargets = {
      exists: (path) => places.has(path) || path === ".",
      document: (path) => byPath.get(path),
    };
    expect(documents.flatMap((document) => checkLinks(document, targets))).toEqual([]);
  });

  it("has one title in each document", () => {
    expect(documents.flatMap(checkTitle)).toEqual([]);
  });
});

describe("the check of documents", () => {
  const parse = (path: string, text: string) => parseMarkdown({ path, text });
  const guide = parse("docs/guide.md", "# Guide\n\n## Set up `npm`, then run!\n\n## Twice\n\n## Twice\n");
  const targets: LinkTargets = {
    exists: (path) => ["docs", "docs/guide.md", "README.md", "src/a.ts", "docs/a.md"].includes(path),
    document: (path) => (path === guide.path ? guide : undefined),
  };
  const check = (text: string) => checkLinks(parse("docs/a.md", text), targets);

  it.each([
    "[guide](guide.md)",
    "[up](../README.md)",
    "[a folder](../docs/)",
    "[place](guide.md#set-up-npm-then-run)",
    "[second](guide.md#twice-1)",
    "[line](../src/a.ts#L3)",
    "# Here\n[own](#here)",
    '<a id="spot"></a> [own](#spot)',
    "[away](https://example.com/x#y)",
    "`[code](missing.md)`",
    "```\n[code](missing.md)\n```",
  ])("lets %s pass", (text) => expect(check(text)).toEqual([]));

  it.each([
    ["[gone](missing.md)", "missing.md: does not exist"],
    ["![picture](missing.png)", "missing.png: does not exist"],
    ['<img src="missing.svg" alt="">', "missing.svg: does not exist"],
    ["[gone]: missing.md", "missing.md: does not exist"],
    ["[`code` and text](missing.md)", "missing.md: does not exist"],
    ["[anchor](guide.md#nowhere)", "guide.md#nowhere: no heading has the anchor nowhere"],
    ["[own](#nowhere)", "#nowhere: no heading has the anchor nowhere"],
    ["[out](../../x.md)", "../../x.md: leads out of the repository"],
    ["[absolute](/docs/guide.md)", "/docs/guide.md: write the path relative to the document"],
  ])("finds %s", (text, message) => expect(check(`\n${text}`)).toEqual([`docs/a.md:2: ${message}`]));

  it("finds two titles and none, but not those in code", () => {
    expect(checkTitle(parse("a.md", "# One\n\n# Two\n"))).toHaveLength(1);
    expect(checkTitle(parse("a.md", "## One\n"))).toHaveLength(1);
    expect(checkTitle(parse("a.md", "# One\n\n```sh\n# a comment\n```\n"))).toEqual([]);
  });

  it("refuses a code block that is never closed", () => {
    expect(() => parse("a.md", "# One\n```sh\nnpm start\n")).toThrow("never closed");
  });
});

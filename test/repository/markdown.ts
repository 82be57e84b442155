import type { RepositoryFile } from "./repository-files.ts";

export interface Heading {
  readonly level: number;
  readonly text: string;
  /** As GitHub makes it from the text. */
  readonly anchor: string;
  readonly line: number;
}

export interface CodeBlock {
  readonly language: string;
  readonly text: string;
  /** The line of the first line of code. */
  readonly line: number;
}

export interface Link {
  readonly text: string;
  readonly target: string;
  readonly line: number;
}

export interface Markdown {
  readonly path: string;
  readonly headings: readonly Heading[];
  /** Names that `<a id="…">` gives to places. */
  readonly ids: readonly string[];
  readonly blocks: readonly CodeBlock[];
  readonly links: readonly Link[];
  /** Code within a line. */
  readonly spans: readonly { readonly text: string; readonly line: number }[];
  /** Lines outside code blocks, as they stand. */
  readonly prose: readonly { readonly text: string; readonly line: number }[];
}

/** Reads what the tests here need of a document; not a general parser. */
export function parseMarkdown(file: RepositoryFile): Markdown {
  const { prose, blocks } = splitBlocks(file.text);
  const withoutSpans = prose.map(({ text, line }) => ({
    text: text.replaceAll(/(`+)(?!`).+?\1/g, "``"),
    line,
  }));
  const spans = prose.flatMap(({ text, line }) =>
    [...text.matchAll(/(`+)(?!`)(.+?)(?<!`)\1(?!`)/g)].map((match) => ({
      text: (match[2] ?? "").trim(),
      line,
    })),
  );
  return {
    path: file.path,
    headings: headingsOf(prose),
    ids: withoutSpans.flatMap(({ text }) =>
      [...text.matchAll(/<a\s+(?:id|name)="([^"]+)"/g)].map((match) => match[1] ?? ""),
    ),
    blocks,
    links: linksOf(prose, withoutSpans),
    spans,
    prose,
  };
}

function splitBlocks(text: string): Pick<Markdown, "prose" | "blocks"> {
  const prose: { text: string; line: number }[] = [];
  const blocks: CodeBlock[] = [];
  let open: { fence: string; language: string; line: number; lines: string[]; indent: number } | undefined;
  for (const [index, line] of text.split("\n").entries()) {
    const fence = /^(\s*(?:>\s*)?)(`{3,}|~{3,})\s*([\w-]*)/.exec(line);
    if (open === undefined) {
      if (fence === null) prose.push({ text: line, line: index + 1 });
      else
        open = {
          fence: fence[2] ?? "",
          language: fence[3] ?? "",
          line: index + 2,
          lines: [],
          indent: fence[1]?.length ?? 0,
        };
    } else if (fence !== null && fence[2]?.startsWith(open.fence) === true && fence[3] === "") {
      blocks.push({ language: open.language, text: open.lines.join("\n"), line: open.line });
      open = undefined;
    } else {
      open.lines.push(line.slice(0, open.indent).trim() === "" ? line.slice(open.indent) : line);
    }
  }
  if (open !== undefined) throw new Error(`the code block before line ${open.line} is never closed`);
  return { prose, blocks };
}

function headingsOf(prose: Markdown["prose"]): readonly Heading[] {
  const seen = new Map<string, number>();
  return prose.flatMap(({ text: raw, line }) => {
    const match = /^(#{1,6})\s+(.+?)\s*#*$/.exec(raw);
    if (match === null) return [];
    const text = (match[2] ?? "").replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll(/[`*]/g, "");
    const anchor = text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-");
    const count = seen.get(anchor) ?? 0;
    seen.set(anchor, count + 1);
    return [
      { level: match[1]?.length ?? 0, text, anchor: count === 0 ? anchor : `${anchor}-${count}`, line },
    ];
  });
}

function linksOf(prose: Markdown["prose"], withoutSpans: Markdown["prose"]): readonly Link[] {
  const links: Link[] = [];
  for (const [index, { text, line }] of withoutSpans.entries()) {
    // The text of a link may hold code, which the line without spans has lost: take it from the other.
    const original = prose[index]?.text ?? "";
    const texts = [...original.matchAll(/\[((?:`[^`]*`|[^\]`])*)\]\(/g)].map((match) => match[1] ?? "");
    for (const [at, match] of [
      ...text.matchAll(/\[((?:[^\]])*)\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g),
    ].entries()) {
      links.push({ text: texts[at] ?? match[1] ?? "", target: match[2] ?? "", line });
    }
    const reference = /^\s*\[[^\]]+\]:\s*<?(\S+?)>?(?:\s|$)/.exec(text);
    if (reference !== null) links.push({ text: "", target: reference[1] ?? "", line });
    for (const match of text.matchAll(/\b(?:src|href|srcset)="([^"]+)"/g)) {
      links.push({ text: "", target: match[1] ?? "", line });
    }
  }
  return links;
}

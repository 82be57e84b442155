import { posix } from "node:path";
import type { Markdown } from "./markdown.ts";

/** What the links of a document can lead to. */
export interface LinkTargets {
  readonly exists: (path: string) => boolean;
  readonly document: (path: string) => Markdown | undefined;
}

export function checkLinks(document: Markdown, targets: LinkTargets): readonly string[] {
  return document.links.flatMap(({ target, line }) => {
    if (/^(https?:|mailto:)/.test(target)) return [];
    const wrong = checkTarget(document, target, targets);
    return wrong === undefined ? [] : [`${document.path}:${line}: ${target}: ${wrong}`];
  });
}

function checkTarget(document: Markdown, target: string, targets: LinkTargets): string | undefined {
  const [path = "", anchor] = decodeURI(target).split("#");
  if (path.startsWith("/")) return "write the path relative to the document";
  const place = path === "" ? document.path : posix.join(posix.dirname(document.path), path);
  if (place.startsWith("..")) return "leads out of the repository";
  if (!targets.exists(place.replace(/\/$/, ""))) return "does not exist";
  if (anchor === undefined || anchor === "") return undefined;
  const linked = place === document.path ? document : targets.document(place);
  // `#L12` is a line of a source file.
  if (linked === undefined) return /^L\d+(-L\d+)?$/.test(anchor) ? undefined : "only a document has headings";
  const exists = linked.headings.some((heading) => heading.anchor === anchor) || linked.ids.includes(anchor);
  return exists ? undefined : `no heading has the anchor ${anchor}`;
}

/** A document has one title, at its top. */
export function checkTitle(document: Markdown): readonly string[] {
  const titles = document.headings.filter(({ level }) => level === 1);
  return titles.length === 1
    ? []
    : [`${document.path}: ${titles.length} headings of the first level, not one`];
}

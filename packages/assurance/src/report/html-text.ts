import { visibleText } from "./visible-text.ts";

/** Text that is markup already. Only `html` makes it, so that nothing gets into a page unescaped. */
export interface Html {
  readonly kind: "html";
  readonly markup: string;
}

type Part = Html | string | number | null | readonly Part[];

/** Markup with values in it: text is escaped, lists are joined, null is nothing. */
export function html(literals: TemplateStringsArray, ...values: readonly Part[]): Html {
  const [first = "", ...rest] = literals;
  return {
    kind: "html",
    markup: rest.reduce((text, literal, index) => text + markupOf(values[index] ?? null) + literal, first),
  };
}

function markupOf(part: Part): string {
  if (part === null) return "";
  if (typeof part === "object" && "kind" in part) return part.markup;
  if (typeof part === "object") return part.map(markupOf).join("");
  return escapeHtml(String(part));
}

/** Text as content of an element or a quoted attribute. */
function escapeHtml(text: string): string {
  return visibleText(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

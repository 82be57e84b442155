/** Splits text around the marks in it, as `Fn::Split` would; null where a mark may hold the delimiter. */
export function splitText(text: string, delimiter: string): readonly string[] | null {
  if (delimiter === "") return null;
  if (!text.includes("⟨")) return text.split(delimiter);
  const parts = text.split(/(⟨[^⟨⟩]*⟩)/u);
  const pieces: string[] = [""];
  for (const [index, part] of parts.entries()) {
    const last = pieces.length - 1;
    if (index % 2 === 1) {
      if (mayTouch(part.slice(1, -1), delimiter, parts[index - 1] ?? "", parts[index + 1] ?? "")) return null;
      pieces[last] += part;
      continue;
    }
    const [first = "", ...rest] = part.split(delimiter);
    pieces[last] += first;
    pieces.push(...rest);
  }
  return pieces;
}

/** Whether the delimiter may stand in what the mark stands for, or half in it and half in the text beside it. */
function mayTouch(content: string, delimiter: string, before: string, after: string): boolean {
  const alphabet = alphabetOf(content);
  const isIn = (text: string): boolean => [...text].every((character) => alphabet.test(character));
  if (isIn(delimiter)) return true;
  for (let at = 1; at < delimiter.length; at += 1) {
    const [head, tail] = [delimiter.slice(0, at), delimiter.slice(at)];
    if (before.endsWith(head) && isIn(tail)) return true;
    if (isIn(head) && after.startsWith(tail)) return true;
  }
  return false;
}

/** The characters of which what the mark stands for may be made. */
function alphabetOf(content: string): RegExp {
  if (content.startsWith("tenant:")) return /[a-z0-9-]/;
  if (content.startsWith("username:")) return /[a-z0-9_]/;
  if (content === "account" || content.startsWith("priority:")) return /[0-9]/;
  if (content.startsWith("stack:") || content.startsWith("hosted-zone:")) return /[A-Za-z0-9-]/;
  if (/^[^/]*:/.test(content)) return /[^]/;
  // What AWS makes up: an id, or an attribute such as an endpoint.
  return content.includes(".") ? /[A-Za-z0-9._:/@-]/ : /[A-Za-z0-9-]/;
}

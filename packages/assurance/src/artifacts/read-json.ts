import type { ShippedFiles } from "./shipment.ts";

/** What a file says, or why it cannot be read. */
export type JsonFile =
  | { readonly kind: "read"; readonly content: unknown }
  | { readonly kind: "absent" }
  | { readonly kind: "wrong"; readonly missing: string };

/** No template that CloudFormation takes is nested deeper; what reads one may call itself. */
const depthMax = 100;

/** Brackets of marks: a file that holds one could pass a text of its own off as something that AWS makes up. */
const markBracket = /[⟨⟩]|\\u27e[89]/iu;

/** Reads a file as JSON that is safe to walk: not too deep, and without keys that mean something to JavaScript. */
export function readJson(files: ShippedFiles, path: string): JsonFile {
  const text = Object.hasOwn(files, path) ? files[path] : undefined;
  if (typeof text !== "string") return { kind: "absent" };
  if (markBracket.test(text)) return wrong("it holds ⟨ or ⟩, which stand for what AWS makes up");
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return wrong("it is not JSON");
  }
  const odd = oddityIn(content, depthMax);
  return odd === null ? { kind: "read", content } : wrong(odd);
}

function wrong(missing: string): JsonFile {
  return { kind: "wrong", missing };
}

function oddityIn(content: unknown, depth: number): string | null {
  if (typeof content !== "object" || content === null) return null;
  if (depth === 0) return `it is nested deeper than ${depthMax} levels`;
  if (Array.isArray(content)) {
    for (const one of content) {
      const odd = oddityIn(one, depth - 1);
      if (odd !== null) return odd;
    }
    return null;
  }
  for (const [key, one] of Object.entries(content)) {
    if (key === "__proto__") return "it has a key __proto__";
    const odd = oddityIn(one, depth - 1);
    if (odd !== null) return odd;
  }
  return null;
}

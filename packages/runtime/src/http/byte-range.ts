/** What a Range field asks for of content of this size (RFC 9110, section 14.2). */
export type RequestedRange =
  /** All of it: no Range, or one that a server may pass over, such as several ranges at once. */
  | { readonly kind: "whole" }
  | { readonly kind: "part"; readonly first: number; readonly last: number }
  | { readonly kind: "unsatisfiable" };

export function requestedRange(field: string | undefined, sizeBytes: number): RequestedRange {
  const [, from = "", to = ""] = /^bytes=[ \t]*([0-9]{0,15})-([0-9]{0,15})[ \t]*$/i.exec(field ?? "") ?? [];
  if (from === "" && to === "") return { kind: "whole" };
  if (from === "") {
    const length = Math.min(Number(to), sizeBytes);
    return length === 0
      ? { kind: "unsatisfiable" }
      : { kind: "part", first: sizeBytes - length, last: sizeBytes - 1 };
  }
  const first = Number(from);
  if (to !== "" && Number(to) < first) return { kind: "whole" };
  if (first >= sizeBytes) return { kind: "unsatisfiable" };
  return { kind: "part", first, last: to === "" ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1) };
}

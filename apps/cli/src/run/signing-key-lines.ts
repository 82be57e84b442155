import type { SigningKeyView } from "@tenantry/toolkit";
import { formatTable } from "../table.ts";

export function signingKeyLines(keys: readonly SigningKeyView[]): readonly string[] {
  const rows = keys.map(({ kid, state, signsFrom, verifiesUntil }) => [
    kid,
    state,
    // A first key has signed since ever.
    Date.parse(signsFrom) === 0 ? "the beginning" : signsFrom,
    verifiesUntil ?? "replaced",
  ]);
  return formatTable(["key", "state", "signs from", "verifies until"], rows);
}

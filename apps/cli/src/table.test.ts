import { expect, test } from "vitest";
import { formatTable } from "./table.ts";

test("columns are as wide as their widest cell, and no line ends with spaces", () => {
  const rows = [
    ["acme-corp", "pool", ""],
    ["a", "bridge", "x"],
  ];
  expect(formatTable(["tenant", "tier", "note"], rows)).toEqual([
    "tenant     tier    note",
    "acme-corp  pool",
    "a          bridge  x",
  ]);
});

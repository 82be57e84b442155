import { expect, test } from "vitest";
import { RouteTable } from "./route-table.ts";

const table = new RouteTable();
table.add("/v2/tenant", ["GET", "HEAD"]);
table.add("/v2/documents/:collection", ["GET"]);
table.add("/v2/documents/:collection", ["POST"]);
table.add("/.well-known/jwks.json", ["GET"]);
table.add("/*", ["GET", "DELETE"]);
table.add("/shop/*", ["PUT"]);

test.each([
  ["/v2/tenant", "GET, HEAD, OPTIONS"],
  ["/v2/documents/notes", "GET, OPTIONS, POST"],
  ["/v2/documents/", null],
  ["/v2/documents/notes/1", null],
  ["/.well-known/jwks.json", "GET, OPTIONS"],
  ["/xwell-known/jwks.json", null],
  ["/.well-known/jwksxjson", null],
])("%s is a route that allows %s", (path, allow) => expect(table.allow(path)).toBe(allow));

test("the longest prefix decides", () => {
  expect(table.allowByPrefix("/shop/cart")).toBe("OPTIONS, PUT");
  expect(table.allowByPrefix("/other")).toBe("DELETE, GET, OPTIONS");
});

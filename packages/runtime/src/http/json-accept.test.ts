import { expect, test } from "vitest";
import { acceptsJson, requireMediaType } from "./json-accept.ts";

test.each([
  [undefined, true],
  ["", true],
  ["*/*", true],
  ["application/json", true],
  ["APPLICATION/JSON", true],
  ["application/*;q=0.1", true],
  ["text/html, application/json;q=0.9", true],
  ["text/html,*/*;q=0.8", true],
  ["text/html", false],
  ["application/xml", false],
  ["application/json;q=0", false],
  ["application/json;q=0, */*", false],
  ["*/*;q=0", false],
  ["json", false],
])("Accept: %j is answered with JSON: %s", (accept, expected) => {
  expect(acceptsJson(accept)).toBe(expected);
});

test.each([
  "application/json",
  "Application/JSON",
  "application/json; charset=utf-8",
  'application/json;charset="UTF-8"',
])("%s is JSON", (type) => {
  expect(() => requireMediaType("application/json", { "content-type": type })).not.toThrow();
});

test.each([
  undefined,
  "",
  "text/plain",
  "application/json; charset=latin1",
  "application/json; boundary=x",
  "application/jsonx",
  "application/merge-patch+json",
  "application/json, text/plain",
])("%s is not JSON", (type) => {
  expect(() => requireMediaType("application/json", { "content-type": type })).toThrow(
    expect.objectContaining({ code: "UNSUPPORTED_MEDIA_TYPE" }),
  );
});

test("a compressed body is refused", () => {
  const headers = { "content-type": "application/json", "content-encoding": "gzip" };
  expect(() => requireMediaType("application/json", headers)).toThrow("without a content encoding");
});

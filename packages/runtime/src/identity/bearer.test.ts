import { expect, test } from "vitest";
import { bearerToken } from "./bearer.ts";

test.each(["Bearer a.b.c", "bearer a.b.c", "BEARER a.b.c"])(
  "%j holds a token: schemes have no case",
  (text) => {
    expect(bearerToken(text)).toBe("a.b.c");
  },
);

test.each([
  ["", "TOKEN_INVALID"],
  ["a.b.c", "TOKEN_INVALID"],
  ["Bearer", "TOKEN_INVALID"],
  ["Bearer ", "TOKEN_INVALID"],
  ["Bearer  a.b.c", "TOKEN_INVALID"],
  ["Bearer\ta.b.c", "TOKEN_INVALID"],
  ["Bearer a.b.c ", "TOKEN_INVALID"],
  ["Bearer a.b.c, Bearer d.e.f", "TOKEN_INVALID"],
  ["Bearer a.b.c d", "TOKEN_INVALID"],
  ['Bearer "a.b.c"', "TOKEN_INVALID"],
  ["Basic YTpi", "TOKEN_INVALID"],
  ["DPoP a.b.c", "TOKEN_INVALID"],
  ["Bearer a.b.c\r\nX: y", "TOKEN_INVALID"],
  [undefined, "TOKEN_MISSING"],
])("%j holds none", (text, code) => {
  expect(() => bearerToken(text)).toThrow(expect.objectContaining({ code }));
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeCursor, encodeCursor } from "./cursor.ts";

const key = "0197a5f0-3c7e-7a10-9d5b-2f6c1e8b4a37";

test("a cursor leads back to its key in its own list only", () => {
  const cursor = encodeCursor("documents/acme-corp/notes", key);
  expect(decodeCursor("documents/acme-corp/notes", cursor)).toBe(key);
  for (const other of ["documents/acme-corp/note", "documents/globex-inc/notes", "tenants"]) {
    expect(() => decodeCursor(other, cursor)).toThrow(expect.objectContaining({ code: "INVALID_CURSOR" }));
  }
});

test("no change of one character gives another cursor", () => {
  const cursor = encodeCursor("tenants", "acme-corp");
  fc.assert(
    fc.property(fc.nat(cursor.length - 1), fc.string({ minLength: 0, maxLength: 2 }), (at, text) => {
      const changed = cursor.slice(0, at) + text + cursor.slice(at + 1);
      fc.pre(changed !== cursor);
      expect(() => decodeCursor("tenants", changed)).toThrow("cursor");
    }),
  );
});

test("no text that nobody encoded is a cursor", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), (text) => {
      expect(() => decodeCursor("tenants", text)).toThrow("cursor");
    }),
  );
});

import { createRequire } from "node:module";
import fc from "fast-check";
import { expect, test } from "vitest";
import { WireMessages } from "./wire-messages.ts";

/** node-postgres's own writer, as the judge of ours. */
const { serialize } = createRequire(createRequire(import.meta.url).resolve("pg"))("pg-protocol") as {
  serialize: {
    parse(message: { name: string; text: string }): Buffer;
    bind(message: { statement: string; values: readonly unknown[] }): Buffer;
    describe(message: { type: "P"; name: string }): Buffer;
    execute(message: { portal: string; rows: number }): Buffer;
    close(message: { type: "S"; name: string }): Buffer;
    sync(): Buffer;
  };
};

const name = fc.string({ unit: "grapheme", maxLength: 80 }).filter((text) => !text.includes("\u0000"));
const value = fc.oneof(
  fc.constant(null),
  fc.string({ unit: "grapheme", maxLength: 3_000 }),
  fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.from(bytes)),
);

function written(write: (messages: WireMessages) => void): Buffer {
  const messages = new WireMessages();
  write(messages);
  return messages.take();
}

test("every message reads as node-postgres writes it", () => {
  fc.assert(
    fc.property(name, name, (one, two) => {
      expect(written((messages) => messages.parse(one, two))).toEqual(
        serialize.parse({ name: one, text: two }),
      );
      expect(written((messages) => messages.closeStatement(one))).toEqual(
        serialize.close({ type: "S", name: one }),
      );
    }),
  );
  expect(written((messages) => messages.describePortal())).toEqual(
    serialize.describe({ type: "P", name: "" }),
  );
  expect(written((messages) => messages.execute())).toEqual(serialize.execute({ portal: "", rows: 0 }));
  expect(written((messages) => messages.sync())).toEqual(serialize.sync());
});

test("a bind carries the same statement and values, and asks for text by saying nothing", () => {
  fc.assert(
    fc.property(name, fc.array(value, { maxLength: 20 }), (statement, values) => {
      const ours = written((messages) => messages.bind(statement, values));
      const theirs = serialize.bind({ statement, values });
      // Theirs ends with one format for all columns, text; ours with none, which means the same.
      expect(ours.readInt32BE(1)).toBe(ours.length - 1);
      expect(ours.subarray(5, -2)).toEqual(theirs.subarray(5, -4));
      expect(ours.readInt16BE(ours.length - 2)).toBe(0);
    }),
  );
});

test("messages stand one behind the other, however long they are", () => {
  const long = "x".repeat(100_000);
  const all = written((messages) => {
    messages.parse("one", long);
    messages.bind("one", [long, null, Buffer.from(long)]);
    messages.sync();
  });
  const types: string[] = [];
  for (let at = 0; at < all.length; at += 1 + all.readInt32BE(at + 1))
    types.push(String.fromCharCode(all[at] ?? 0));
  expect(types.join("")).toBe("PBS");
});

test("a statement with a zero byte, which would be cut short, is not written", () => {
  expect(() => written((messages) => messages.parse("one", "select 1\u0000; drop"))).toThrow(/zero byte/);
});

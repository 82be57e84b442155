import { ManualClock } from "@tenantry/base";
import fc from "fast-check";
import { expect, test } from "vitest";
import { lineLengthMax, LineSplitter } from "./line-splitter.ts";

function split(chunks: readonly (string | Uint8Array)[], clock = new ManualClock()) {
  const lines: string[] = [];
  const splitter = new LineSplitter(clock, (line) => lines.push(line));
  for (const chunk of chunks) splitter.push(Buffer.from(chunk as string));
  return { lines, splitter };
}

test("lines come out whole however the bytes arrive", () => {
  const text = fc.array(
    fc.string({ unit: "grapheme", maxLength: 20 }).map((line) => line.replace(/[\r\n]/g, "")),
  );
  fc.assert(
    fc.property(text, fc.array(fc.nat(400)), (expected, cuts) => {
      const bytes = Buffer.from(expected.map((line) => `${line}\n`).join(""));
      const places = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
      const chunks = places.slice(1).map((place, index) => bytes.subarray(places[index], place));
      expect(split(chunks).lines).toEqual(expected);
    }),
  );
});

test("colours stay and carriage returns at the end go", () => {
  expect(split(["\u001b[31mred\u001b[0m\r\nplain\n"]).lines).toEqual(["\u001b[31mred\u001b[0m", "plain"]);
});

test("a line without an end is shown after a moment and at the end of the stream", async () => {
  const clock = new ManualClock();
  const { lines, splitter } = split(["name? "], clock);
  expect(lines).toEqual([]);
  clock.advance(250);
  await Promise.resolve();
  expect(lines).toEqual(["name? "]);
  splitter.push(Buffer.from("half"));
  splitter.end();
  expect(lines).toEqual(["name? ", "half"]);
});

test("a line that goes on and on is cut and says by how much", async () => {
  const clock = new ManualClock();
  const { lines, splitter } = split(["x".repeat(lineLengthMax), "y".repeat(1_000)], clock);
  clock.advance(1_000);
  await Promise.resolve();
  for (let count = 0; count < 100; count += 1) splitter.push(Buffer.from("z".repeat(1_000)));
  splitter.push(Buffer.from("\nnext\n"));
  expect(lines).toEqual([`${"x".repeat(lineLengthMax)} … (101000 more characters)`, "next"]);
});

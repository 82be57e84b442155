import fc from "fast-check";
import { expect, test } from "vitest";
import { closeFrame, WebSocketFrames } from "./websocket-frames.ts";

/** A frame of binary data, as a server (without a mask) or a client sends it. */
function frame(length: number, isMasked: boolean): Buffer {
  const extended = length < 126 ? Buffer.alloc(0) : Buffer.alloc(length < 65_536 ? 2 : 8);
  if (extended.length === 2) extended.writeUInt16BE(length);
  if (extended.length === 8) extended.writeBigUInt64BE(BigInt(length));
  const short = length < 126 ? length : length < 65_536 ? 126 : 127;
  const mask = isMasked ? Buffer.from([1, 2, 3, 4]) : Buffer.alloc(0);
  return Buffer.concat([
    Buffer.from([0x82, short | (isMasked ? 0x80 : 0)]),
    extended,
    mask,
    Buffer.alloc(length, 0x88),
  ]);
}

/** Writes the bytes in pieces, asks for the close after some of them, and reads what comes out. */
async function passed(bytes: Buffer, cuts: readonly number[], closeAfter: number | null): Promise<Buffer> {
  const frames = new WebSocketFrames();
  const chunks: Buffer[] = [];
  frames.on("data", (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise((resolve) => frames.once("end", resolve));
  const edges = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort(
    (a, b) => a - b,
  );
  for (const [index, edge] of edges.entries()) {
    if (index === closeAfter) frames.closeWith(goodbye);
    const next = edges[index + 1];
    if (next !== undefined) frames.write(bytes.subarray(edge, next));
  }
  frames.end();
  await ended;
  return Buffer.concat(chunks);
}

const goodbye = closeFrame(1001, "bye");
const lengths = fc.array(fc.oneof(fc.nat(130), fc.constantFrom(0, 125, 126, 65_535, 65_536)), {
  minLength: 1,
  maxLength: 6,
});
const cuts = fc.array(fc.nat(200_000), { maxLength: 8 });

test("frames pass unchanged, however they are cut", async () => {
  await fc.assert(
    fc.asyncProperty(lengths, fc.boolean(), cuts, async (sizes, isMasked, edges) => {
      const bytes = Buffer.concat(sizes.map((size) => frame(size, isMasked)));
      expect((await passed(bytes, edges, null)).equals(bytes)).toBe(true);
    }),
    { numRuns: 150 },
  );
});

test("a close stands between two frames and ends what passes, whenever it is asked for", async () => {
  await fc.assert(
    fc.asyncProperty(lengths, fc.boolean(), cuts, fc.nat(9), async (sizes, isMasked, edges, after) => {
      const all = sizes.map((size) => frame(size, isMasked));
      const out = await passed(Buffer.concat(all), edges, after);
      // As many whole frames as there is room for, and behind them the goodbye, if it was asked for in time.
      const possible = all.map((_, count) => Buffer.concat([...all.slice(0, count), goodbye]));
      const whole = Buffer.concat(all);
      possible.push(whole, Buffer.concat([whole, goodbye]));
      expect(possible.some((bytes) => bytes.equals(out))).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test("a close that is asked for within a frame waits for its end, and one between frames does not", async () => {
  const [one, two] = [frame(300, false), frame(10, false)];
  const bytes = Buffer.concat([one, two]);
  expect(await passed(bytes, [100], 0)).toEqual(goodbye);
  expect(await passed(bytes, [1], 1)).toEqual(Buffer.concat([one, goodbye]));
  expect(await passed(bytes, [100], 1)).toEqual(Buffer.concat([one, goodbye]));
  expect(await passed(bytes, [one.length], 1)).toEqual(Buffer.concat([one, goodbye]));
  expect(await passed(bytes, [one.length + 3], 1)).toEqual(Buffer.concat([bytes, goodbye]));
});

test("a close frame of a client is masked, and a server's is not", () => {
  expect(closeFrame(1001, "")).toEqual(Buffer.from([0x88, 2, 0x03, 0xe9]));
  expect(closeFrame(1001, "", Uint8Array.from([1, 2, 3, 4]))).toEqual(
    Buffer.from([0x88, 0x82, 1, 2, 3, 4, 0x02, 0xeb]),
  );
});

import { expect, test } from "vitest";
import { type ServerSentEvent, serverSentEvents } from "./server-sent-events.ts";

function streamOf(parts: readonly Uint8Array<ArrayBuffer>[], onCancel: () => void = () => undefined) {
  const left = [...parts];
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const part = left.shift();
      if (part === undefined) controller.close();
      else controller.enqueue(part);
    },
    cancel: onCancel,
  });
}

async function read(parts: readonly Uint8Array<ArrayBuffer>[]): Promise<readonly ServerSentEvent[]> {
  const events: ServerSentEvent[] = [];
  for await (const event of serverSentEvents(streamOf(parts))) events.push(event);
  return events;
}

const text =
  ': a comment\n\nid: 1\nevent: step\ndata: {"n":1}\n\ndata:no space\r\ndata: über\r\n\r\nevent: only\rdata\r\rid: 2\n\ndata: cut off';

test("events have the name, the data and the last id that the stream gave", async () => {
  expect(await read([new TextEncoder().encode(text)])).toEqual([
    { event: "step", data: '{"n":1}', id: "1" },
    { event: "message", data: "no space\nüber", id: "1" },
    { event: "only", data: "", id: "1" },
  ]);
});

test("it does not matter where the bytes are cut", async () => {
  const bytes = new TextEncoder().encode(text);
  const whole = await read([bytes]);
  expect(await read([...bytes].map((byte) => new Uint8Array([byte])))).toEqual(whole);
  for (let cut = 1; cut < bytes.length; cut += 1) {
    expect(await read([bytes.slice(0, cut), bytes.slice(cut)])).toEqual(whole);
  }
});

test("whoever leaves the loop ends the stream", async () => {
  let cancelled = 0;
  const bytes = new TextEncoder().encode("data: 1\n\n");
  for await (const event of serverSentEvents(streamOf([bytes, bytes, bytes], () => (cancelled += 1)))) {
    expect(event.data).toBe("1");
    break;
  }
  expect(cancelled).toBe(1);
});

import http from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { RuntimeConfig } from "../../src/runtime.ts";
import { ask } from "../http/exchange.ts";
import { portOf, startTestRuntime, type TestRuntime } from "../http/test-runtime.ts";
import { ScriptedService, until } from "./scripted-service.ts";

const web = new ScriptedService();
let server: TestRuntime;
beforeAll(async () => {
  const url = await web.start();
  server = await startTestRuntime({ upstreams: { web: { url } }, apiLimits: { serviceTimeoutMs: 400 } });
});
beforeEach(() => web.reset());
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await web[Symbol.asyncDispose]();
});

interface EventStream {
  readonly status: number;
  readonly events: string[];
  readonly ended: Promise<"ended" | "broken">;
  close(): void;
}

function openStream(port: number, host = "acme-corp.localhost"): Promise<EventStream> {
  return new Promise((resolve, reject) => {
    const request = http.get({ host: "127.0.0.1", port, path: "/events", headers: { host }, agent: false });
    request.on("error", reject);
    request.on("response", (response) => {
      const events: string[] = [];
      response.setEncoding("utf8").on("data", (text: string) => events.push(text));
      const ended = new Promise<"ended" | "broken">((settle) => {
        response.once("end", () => settle("ended"));
        response.once("error", () => settle("broken"));
      });
      resolve({ status: response.statusCode ?? 0, events, ended, close: () => void request.destroy() });
    });
  });
}

/** The streams that the service holds open. */
function serveEvents(): Set<http.ServerResponse> {
  const streams = new Set<http.ServerResponse>();
  web.answer = (_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" }).flushHeaders();
    streams.add(response);
    response.once("close", () => streams.delete(response));
  };
  return streams;
}

const write = (streams: Iterable<http.ServerResponse>, text: string) => {
  for (const stream of streams) stream.write(text);
};
const another = (change: Partial<RuntimeConfig>) =>
  server.startAnother({ ...change, apiLimits: { ...server.config.apiLimits, ...change.apiLimits } });

test("the head comes before any event, and each event when it is written", async () => {
  const streams = serveEvents();
  const stream = await openStream(server.gatewayPort);
  expect([stream.status, stream.events]).toEqual([200, []]);
  for (const event of ["data: one\n\n", "data: two\n\n"]) {
    write(streams, event);
    await until(() => stream.events.includes(event));
  }
  for (const one of streams) one.end();
  expect(await stream.ended).toBe("ended");
});

test("a stream outlasts every limit of a request while events or heartbeats flow", async () => {
  await using small = await another({
    apiLimits: {
      serviceTimeoutMs: 150,
      serviceIdleTimeoutMs: 150,
      connectionTimeoutMs: 150,
      streamIdleTimeoutMs: 400,
    },
  });
  const streams = serveEvents();
  const stream = await openStream(portOf(small.gatewayUrl));
  for (let beat = 0; beat < 5; beat += 1) {
    await wait(200);
    write(streams, ":\n\n");
  }
  await until(() => stream.events.join("") === ":\n\n".repeat(5));
  // And a silent one is given up, at both sides.
  expect(await stream.ended).toBe("broken");
  await until(() => streams.size === 0);
});

test("an answer that is no stream may not pause so long", async () => {
  await using small = await another({ apiLimits: { serviceIdleTimeoutMs: 100 } });
  web.answer = (_request, response) => void response.writeHead(200, { "content-length": "10" }).write("half");
  await expect(ask(portOf(small.gatewayUrl), "/x")).rejects.toThrow("aborted");
});

test("a client that goes ends the stream at the service at once", async () => {
  const streams = serveEvents();
  const stream = await openStream(server.gatewayPort);
  await until(() => streams.size === 1);
  stream.close();
  await until(() => streams.size === 0);
});

test("streams take no turn from requests, and are bounded by places of their own", async () => {
  await using small = await another({
    apiLimits: { serviceRequestsInFlightMax: 2, serviceStreamsMax: 6, waitingTimeoutMs: 50 },
  });
  const port = portOf(small.gatewayUrl);
  const streams = serveEvents();
  const open: EventStream[] = [];
  for (let count = 0; count < 4; count += 1) open.push(await openStream(port));
  expect(open.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect((await ask(port, "/events")).json.code).toBe("STREAMS_LIMITED");
  expect((await openStream(port, "globex-inc.localhost")).status).toBe(200);
  await until(() => streams.size === 5);
  web.answer = (_request, response) => void response.end("served");
  expect((await ask(port, "/x")).status).toBe(200);
  open[0]?.close();
  await until(() => streams.size === 4);
  serveEvents();
  expect((await openStream(port)).status).toBe(200);
});

test("draining ends streams in good order, without waiting for them", async () => {
  const small = await another({ apiLimits: { drainTimeoutMs: 60_000 } });
  const streams = serveEvents();
  const stream = await openStream(portOf(small.gatewayUrl));
  write(streams, "data: one\n\n");
  await until(() => stream.events.length === 1);
  await small.drain();
  expect(await stream.ended).toBe("ended");
  await until(() => streams.size === 0);
});

test("a tenant that is no longer active loses its streams", async () => {
  await using small = await another({ apiLimits: { streamRecheckMs: 50 } });
  const streams = serveEvents();
  const [acme, globex] = await Promise.all([
    openStream(portOf(small.gatewayUrl)),
    openStream(portOf(small.gatewayUrl), "globex-inc.localhost"),
  ]);
  const { registry } = server.database;
  const find = registry.find.bind(registry);
  registry.find = async (id) => {
    const tenant = await find(id);
    return tenant === undefined || id !== "acme-corp" ? tenant : { ...tenant, status: "failed" };
  };
  try {
    expect(await acme.ended).toBe("ended");
    await until(() => streams.size === 1);
    await wait(150);
    expect(streams.size).toBe(1);
  } finally {
    registry.find = find;
    globex.close();
  }
});

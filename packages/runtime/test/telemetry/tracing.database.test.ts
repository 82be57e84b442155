import http from "node:http";
import type { AddressInfo } from "node:net";
import { systemClock } from "@tenantry/base";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Runtime, RuntimeConfig } from "../../src/runtime.ts";
import { ask } from "../http/exchange.ts";
import { portOf, startTestRuntime, type TestRuntime } from "../http/test-runtime.ts";
import { parseExposition, valueOf } from "./strict-exposition.ts";
import { type ReceivedSpan, startTraceReceiver, type TraceReceiver } from "./trace-receiver.ts";

let server: TestRuntime;
let service: http.Server;
const received: http.IncomingHttpHeaders[] = [];
/** A service that fails at /shop/fail, and is slow at /shop/slow. */
beforeAll(async () => {
  service = http.createServer((request, response) => {
    received.push(request.headers);
    const delayMs = request.url?.includes("slow") === true ? 120 : 0;
    const status = request.url?.includes("fail") === true ? 500 : 200;
    setTimeout(() => response.writeHead(status).end("done"), delayMs);
  });
  await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve));
  server = await startTestRuntime();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await new Promise((resolve) => service.close(resolve));
});

type Tracing = Omit<NonNullable<RuntimeConfig["tracing"]>, "endpoint">;

function startTraced(
  { url }: TraceReceiver,
  tracing: Tracing,
  change: Partial<RuntimeConfig> = {},
): Promise<Runtime> {
  const shop = { url: `http://127.0.0.1:${(service.address() as AddressInfo).port}` };
  return server.startAnother({ upstreams: { shop }, tracing: { endpoint: url, ...tracing }, ...change });
}

const always: Tracing = {
  samplePercent: 100,
  highVolumeSamplePercent: 100,
};
const never: Tracing = { samplePercent: 0, highVolumeSamplePercent: 0 };
const isRoot = ({ kind }: ReceivedSpan) => kind === 2;

test("at 100 % every request is a trace, with what it waited for inside", async () => {
  await using receiver = await startTraceReceiver();
  const runtime = await startTraced(receiver, always);
  const port = portOf(runtime.gatewayUrl);
  const token = await server.token("acme-corp");
  const created = await ask(port, "/v2/documents/notes", {
    method: "POST",
    token,
    body: { body: { title: "a-secret-value" } },
  });
  expect(created.status).toBe(201);
  for (let time = 0; time < 250; time += 1) {
    await ask(port, `/v2/documents/notes/${created.json.id}`, { token });
  }
  await runtime.drain();
  const roots = receiver.spans.filter(isRoot);
  expect(roots.length).toBe(251);
  expect(new Set(roots.map(({ traceId }) => traceId)).size).toBe(251);
  expect(roots.every(({ parentSpanId }) => parentSpanId === "")).toBe(true);
  const root = roots[0] as ReceivedSpan;
  expect(root.name).toBe("POST /v2/documents/:collection");
  expect(root.attributes).toMatchObject({
    "http.request.method": "POST",
    "http.route": "/v2/documents/:collection",
    "http.response.status_code": 201,
    "tenantry.tenant": "acme-corp",
    "tenantry.request.id": created.headers["x-request-id"],
  });
  const inner = receiver.spans.filter(({ traceId, kind }) => traceId === root.traceId && kind !== 2);
  expect(inner.map(({ name }) => name)).toContain("authentication");
  const database = inner.find(({ name }) => name === "database transact") as ReceivedSpan;
  expect(database.parentSpanId).toBe(root.spanId);
  expect(database.attributes["db.query.text"]).toMatch(/insert into "documents"|insert into .*documents/);
  expect(database.attributes["db.query.text"]).not.toContain("a-secret-value");
  expect(database.startMs).toBeGreaterThanOrEqual(root.startMs);
  expect(database.startMs + database.durationMs).toBeLessThanOrEqual(root.startMs + root.durationMs + 0.01);
  expect(Math.abs(root.startMs - systemClock.nowMs())).toBeLessThan(120_000);
  const reads = receiver.spans.filter(({ name }) => name === "database read");
  expect(reads.length).toBeGreaterThanOrEqual(250);
});

test("the log names the trace of a request", async () => {
  await using receiver = await startTraceReceiver();
  const runtime = await startTraced(receiver, always);
  await ask(portOf(runtime.gatewayUrl), "/v2/tenant", { token: await server.token("acme-corp") });
  await runtime.drain();
  const root = receiver.spans.find(isRoot) as ReceivedSpan;
  const entry = server.log.findLast((one) => one.kind === "access");
  expect(entry).toMatchObject({ traceId: root.traceId, spanId: root.spanId, principal: "token" });
});

test("errors and slow requests arrive though none is sampled, and nothing else does", async () => {
  await using receiver = await startTraceReceiver();
  const runtime = await startTraced(receiver, { ...never, slowMs: 100 });
  const port = portOf(runtime.gatewayUrl);
  const token = await server.token("acme-corp");
  for (let time = 0; time < 30; time += 1) {
    expect((await ask(port, "/v2/tenant", { token })).status).toBe(200);
    expect((await ask(port, "/v2/tenant")).status).toBe(401);
  }
  for (let time = 0; time < 7; time += 1) expect((await ask(port, "/shop/fail")).status).toBe(500);
  for (let time = 0; time < 3; time += 1) expect((await ask(port, "/gone")).status).toBe(503);
  for (let time = 0; time < 2; time += 1) expect((await ask(port, "/shop/slow")).status).toBe(200);
  await runtime.drain();
  const roots = receiver.spans.filter(isRoot);
  expect(roots.filter(({ isError }) => isError).length).toBe(10);
  expect(roots.filter(({ isError, durationMs }) => !isError && durationMs > 100).length).toBe(2);
  expect(roots.length).toBe(12);
});

test("where errors are not to be kept, none arrives", async () => {
  await using receiver = await startTraceReceiver();
  const runtime = await startTraced(receiver, { ...never, keepErrors: false });
  for (let time = 0; time < 5; time += 1) await ask(portOf(runtime.gatewayUrl), "/shop/fail");
  await runtime.drain();
  expect(receiver.spans).toEqual([]);
});

test("S2.07: an endpoint has a share of its own, and less while it has very many requests", async () => {
  await using receiver = await startTraceReceiver();
  const runtime = await startTraced(receiver, {
    samplePercent: 100,
    highVolumeSamplePercent: 0,
    highVolumeRequestsPerSecond: 10,
    routes: { "/v2/tenant": 100 },
  });
  const port = portOf(runtime.gatewayUrl);
  const agent = new http.Agent({ keepAlive: true, maxSockets: 20 });
  const many = async (path: string) => {
    for (let round = 0; round < 15; round += 1) {
      await Promise.all(Array.from({ length: 20 }, () => ask(port, path, { agent })));
    }
  };
  await many("/v2/tenant");
  await many("/v2/openapi.json");
  agent.destroy();
  await runtime.drain();
  const count = (route: string) =>
    receiver.spans.filter((span) => isRoot(span) && span.attributes["http.route"] === route).length;
  expect(count("/v2/tenant")).toBe(300);
  // At most ten in each second that the 300 take.
  expect(count("/v2/openapi.json")).toBeGreaterThanOrEqual(10);
  expect(count("/v2/openapi.json")).toBeLessThan(100);
});

const parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

test("a trusted proxy's trace goes on, and a client's claim begins a new one", async () => {
  for (const [trustedProxies, acceptsParent, expected] of [
    [1, undefined, true],
    [0, undefined, false],
    [1, false, false],
  ] as const) {
    await using receiver = await startTraceReceiver();
    const runtime = await startTraced(
      receiver,
      { ...always, ...(acceptsParent === undefined ? {} : { acceptsParent }) },
      { trustedProxies },
    );
    received.length = 0;
    const headers = { traceparent: parent, tracestate: "rojo=1", "x-forwarded-for": "203.0.113.7" };
    expect((await ask(portOf(runtime.gatewayUrl), "/shop/x", { headers })).status).toBe(200);
    await runtime.drain();
    const root = receiver.spans.find(isRoot) as ReceivedSpan;
    expect(root.traceId === "4bf92f3577b34da6a3ce929d0e0e4736").toBe(expected);
    expect(root.parentSpanId).toBe(expected ? "00f067aa0ba902b7" : "");
    const upstream = receiver.spans.find(({ name }) => name.startsWith("service ")) as ReceivedSpan;
    expect(upstream.parentSpanId).toBe(root.spanId);
    expect(received[0]?.["traceparent"]).toBe(`00-${root.traceId}-${upstream.spanId}-01`);
    expect(received[0]?.["tracestate"]).toBe(expected ? "rojo=1" : undefined);
  }
});

test("a traceparent that is none begins a new trace", async () => {
  await using receiver = await startTraceReceiver();
  const runtime = await startTraced(receiver, always, { trustedProxies: 1 });
  for (const traceparent of ["", "00-0-0-01", `${parent}-more`, `ff${parent.slice(2)}`, "'; drop table"]) {
    await ask(portOf(runtime.gatewayUrl), "/v2/openapi.json", { headers: { traceparent } });
  }
  await runtime.drain();
  const roots = receiver.spans.filter(isRoot);
  expect(roots.length).toBe(5);
  expect(roots.some(({ traceId }) => parent.includes(traceId))).toBe(false);
});

test("a receiver that hangs takes bounded memory, slows no request, and does not keep the runtime from ending", async () => {
  await using receiver = await startTraceReceiver("hangs");
  const runtime = await startTraced(receiver, always);
  const port = portOf(runtime.gatewayUrl);
  const agent = new http.Agent({ keepAlive: true, maxSockets: 20 });
  for (let round = 0; round < 160; round += 1) {
    await Promise.all(Array.from({ length: 20 }, () => ask(port, "/v2/openapi.json", { agent })));
  }
  agent.destroy();
  const { body } = await ask(portOf(runtime.controlUrl), "/metrics", { host: "localhost" });
  const families = parseExposition(body);
  const spans = (outcome: string) => valueOf(families, "tenantry_trace_spans_total", { outcome });
  // 2,048 wait and at most one batch of 512 is under way; everything else is dropped and counted.
  const dropped = spans("queue-full") + spans("export-failed");
  expect(dropped).toBeGreaterThanOrEqual(3_200 - 2_048 - 512);
  expect(spans("sent")).toBe(0);
  const startedMs = systemClock.monotonicMs();
  await runtime.drain();
  expect(systemClock.monotonicMs() - startedMs).toBeLessThan(5_000);
});

test.each([
  [{ endpoint: "collector:4318" }, "RUNTIME_TRACING_ENDPOINT"],
  [{ endpoint: "http://127.0.0.1:1", samplePercent: 101 }, "RUNTIME_TRACING_SAMPLE"],
  [{ endpoint: "http://127.0.0.1:1", routes: { "/": -1 } }, "RUNTIME_TRACING_SAMPLE"],
])("what cannot be meant is refused: %j", async (tracing, code) => {
  await expect(server.startAnother({ tracing })).rejects.toMatchObject({ code });
});

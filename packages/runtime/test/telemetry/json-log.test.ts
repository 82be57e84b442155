import { PassThrough } from "node:stream";
import { systemClock } from "@tenantry/base";
import { expect, test, vi } from "vitest";
import type { AccessEntry, LogEntry } from "../../src/http/log-entry.ts";
import { createJsonLog, streamDestination } from "../../src/telemetry/json-log.ts";
import { scrub } from "../../src/telemetry/scrub.ts";

const access: AccessEntry = {
  kind: "access",
  listener: "gateway",
  time: "2026-01-02T03:04:05.678Z",
  requestId: "4b1d",
  tenant: "acme-corp",
  method: "GET",
  route: "/v2/documents/:collection/:id",
  status: 200,
  durationMs: 1.23456,
  problem: null,
  reason: null,
  principal: "api-key",
  traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
  spanId: "00f067aa0ba902b7",
};

const failure: LogEntry = {
  kind: "failure",
  listener: "control",
  time: "2026-01-02T03:04:05.678Z",
  requestId: "4b1e",
  tenant: null,
  route: "/control/v1/tenants",
  error: {
    name: "Error",
    code: null,
    message: "cannot reach postgresql://app:hunter2@db:5432/main",
    stack: "Error: cannot reach postgresql://app:hunter2@db:5432/main\n    at x",
  },
};

function collect() {
  const texts: string[] = [];
  const lines = () => texts.join("").split("\n").slice(0, -1);
  return { texts, lines, destination: { write: async (text: string) => void texts.push(text) } };
}

test("an entry is one line of JSON with the fields that people look for", async () => {
  const { lines, destination } = collect();
  const json = createJsonLog({ destination, clock: systemClock });
  json.log(access);
  json.log(failure);
  await json.flush();
  const [first = "", second = ""] = lines();
  expect(JSON.parse(first)).toEqual({
    level: "info",
    time: "2026-01-02T03:04:05.678Z",
    kind: "access",
    tenant: "acme-corp",
    requestId: "4b1d",
    traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
    spanId: "00f067aa0ba902b7",
    listener: "gateway",
    method: "GET",
    route: "/v2/documents/:collection/:id",
    status: 200,
    durationMs: 1.235,
    principal: "api-key",
    msg: "GET /v2/documents/:collection/:id 200",
  });
  expect(JSON.parse(second)).toMatchObject({
    level: "error",
    msg: "Error: cannot reach postgresql://[redacted]@db:5432/main",
  });
  expect(second).not.toContain("hunter2");
});

test("the fields of a request have one order, and what is null or a secret is not there", async () => {
  const { lines, destination } = collect();
  const json = createJsonLog({ destination, clock: systemClock });
  const { traceId: _, spanId: __, ...untraced } = access;
  const reason = 'the host "x" has token=abcdef';
  json.log({ ...untraced, tenant: null, method: null, status: 401, problem: "UNAUTHENTICATED", reason });
  await json.flush();
  expect(lines()).toEqual([
    '{"level":"info","time":"2026-01-02T03:04:05.678Z","kind":"access","requestId":"4b1d","listener":"gateway",' +
      '"route":"/v2/documents/:collection/:id","status":401,"durationMs":1.235,"problem":"UNAUTHENTICATED",' +
      '"reason":"the host \\"x\\" has token=[redacted]","principal":"api-key","msg":"? /v2/documents/:collection/:id 401"}',
  ]);
});

test("what fails with a 5xx is an error; a level leaves out what is less serious", async () => {
  const { lines, destination } = collect();
  const json = createJsonLog({ destination, level: "warn", clock: systemClock });
  json.log(access);
  json.log({ ...access, status: 503, problem: "OVERLOADED" });
  json.log({ kind: "traces", time: access.time, state: "away", reason: "connect ECONNREFUSED" });
  json.log({ kind: "traces", time: access.time, state: "connected", reason: null });
  await json.flush();
  expect(lines().map((line) => (JSON.parse(line) as { level: string }).level)).toEqual(["error", "warn"]);
});

test("a destination that hangs takes bounded memory, and what was dropped is said", async () => {
  const texts: string[] = [];
  let release = () => {};
  const opened = new Promise<void>((resolve) => (release = resolve));
  const json = createJsonLog({
    destination: {
      write: async (text) => {
        await opened;
        texts.push(text);
      },
    },
    clock: systemClock,
    waitingMax: 10_000,
  });
  for (let entry = 0; entry < 1_000; entry += 1) json.log(access);
  const flushed = json.flush();
  await new Promise((resolve) => setImmediate(resolve));
  for (let entry = 0; entry < 1_000; entry += 1) json.log(access);
  release();
  await flushed;
  json.log(access);
  await json.flush();
  const lines = texts
    .join("")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { kind: string; dropped?: number });
  const written = lines.filter(({ kind }) => kind === "access").length;
  const dropped = lines.reduce((sum, line) => sum + (line.dropped ?? 0), 0);
  expect(written + dropped).toBe(2_001);
  expect(texts.join("").length).toBeLessThan(12_000);
  expect(dropped).toBeGreaterThan(1_900);
});

test("a destination is hurried once for all lines that wait, because each time costs more than a line", async () => {
  using abort = vi.spyOn(AbortController.prototype, "abort");
  const { lines, destination } = collect();
  const json = createJsonLog({ destination, clock: systemClock });
  for (let entry = 0; entry < 1_000; entry += 1) json.log({ ...access, status: 503 });
  expect(abort).toHaveBeenCalledTimes(1);
  await json.flush();
  expect(lines().length).toBe(1_000);
});

test("a destination that fails harms nobody, and is written to again", async () => {
  const texts: string[] = [];
  let isFull = true;
  const json = createJsonLog({
    destination: {
      write: async (text) => {
        if (isFull) throw new Error("no space left");
        texts.push(text);
      },
    },
    clock: systemClock,
  });
  json.log(access);
  await json.flush();
  isFull = false;
  json.log(access);
  await json.flush();
  expect(texts.join("")).toContain('"dropped":1');
  expect(texts.join("").split("\n").length).toBe(3);
});

test("a stream is a destination", async () => {
  const stream = new PassThrough();
  const json = createJsonLog({ destination: streamDestination(stream), clock: systemClock });
  json.log(access);
  await json.flush();
  expect(String(stream.read())).toContain('"tenant":"acme-corp"');
});

test.each([
  "Authorization: Bearer abc.def-ghi",
  "refused: bearer eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln here",
  "token eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln",
  "key tk_4fQ9aZ1xYb_0a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5pQRSTUV is unknown",
  "refresh tr_0123456789abcdef and whsec_Zm9v",
  "connect redis://default:s3cr3t@cache:6379",
  'Unexpected token in JSON: {"password":"hunter2 is long","name":"x"}',
  '{\\"password\\": \\"hunter2\\"}',
  "api_key=0123456789",
  "Cookie: session=0123456789",
  "idempotency-key: 0123456789",
  "Basic dXNlcjpwYXNz",
])("what lets somebody in is taken out: %s", (text) => {
  const scrubbed = scrub(text);
  expect(scrubbed).toContain("[redacted]");
  expect(scrubbed).not.toMatch(/abc\.def|eyJ|4fQ9|0123456789|s3cr3t|hunter2|dXNlcjpwYXNz|Zm9v/);
});

test("a text without secrets stays as it is", () => {
  const text = "connect ECONNREFUSED 127.0.0.1:5432 at https://example.com/v2/tenant?x=1 (user@example.com)";
  expect(scrub(text)).toBe(text);
});

test("a text that never ends is cut, and takes no time", () => {
  const startedMs = systemClock.monotonicMs();
  expect(scrub("password".repeat(500_000)).length).toBeLessThan(9_000);
  expect(scrub(`${"a".repeat(7_990)}://`).length).toBeLessThan(9_000);
  expect(scrub("x.".repeat(4_000)).length).toBeLessThan(9_000);
  expect(systemClock.monotonicMs() - startedMs).toBeLessThan(500);
});

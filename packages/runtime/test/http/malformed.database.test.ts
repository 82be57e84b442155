import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask, faultOfProblem, parseAnswers, sendRaw } from "./exchange.ts";
import { bytesOf, type Case, cases, json, posted } from "./malformed-requests.ts";
import { startTestRuntime, type TestRuntime } from "./test-runtime.ts";

let server: TestRuntime;
let token: string;
let id: string;
beforeAll(async () => {
  server = await startTestRuntime(
    { apiLimits: { headersTimeoutMs: 400, requestTimeoutMs: 800 } },
    { services: "none" },
  );
  token = await server.token("acme-corp");
  const created = await ask(server.gatewayPort, "/v2/documents/notes", {
    method: "POST",
    token,
    body: { body: {} },
  });
  id = created.json.id;
});
afterAll(() => server[Symbol.asyncDispose]());

test("the good request, from which the cases differ, is good", async () => {
  const [answer] = parseAnswers(await sendRaw(server.gatewayPort, bytesOf({ expected: "" }, { token, id })));
  expect(answer?.status).toBe(200);
});

test.each(Object.entries(cases))("refused as a problem with a code: %s", async (_name, one) => {
  const [answer] = parseAnswers(await sendRaw(server.gatewayPort, bytesOf(one, { token, id }), 60));
  expect(answer, "no answer").toBeDefined();
  if (answer === undefined) return;
  expect(faultOfProblem(answer)).toBeNull();
  expect(one.expected.split(" ")).toContain(answer.json.code);
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
});

test("the cases are as many as was promised, and none of them was a failure of ours", () => {
  expect(Object.keys(cases).length).toBeGreaterThanOrEqual(110);
  expect(server.log.filter((entry) => entry.kind === "failure")).toEqual([]);
});

describe("connections", () => {
  test("requests in one piece are answered in their order", async () => {
    const get = (path: string, close = false) =>
      `GET ${path} HTTP/1.1\r\nHost: acme-corp.localhost\r\nAuthorization: Bearer ${token}\r\n${close ? "Connection: close\r\n" : ""}\r\n`;
    const text =
      get("/v2/tenant") + get("/v2/nothing") + get("/health/live") + get(`/v2/documents/notes/${id}`, true);
    const answers = parseAnswers(await sendRaw(server.gatewayPort, text));
    expect(answers.map((answer) => answer.status)).toEqual([200, 404, 200, 200]);
    expect(answers[3]?.json.id).toBe(id);
  });

  test("a smuggled second request is not answered", async () => {
    const answers = parseAnswers(
      await sendRaw(server.gatewayPort, bytesOf(cases["a length and chunks"] as Case, { token, id })),
    );
    expect(answers).toHaveLength(1);
  });

  test("each request of a connection is of the tenant of its own host", async () => {
    const get = (tenant: string) =>
      `GET /v2/tenant HTTP/1.1\r\nHost: ${tenant}.localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`;
    const answers = parseAnswers(
      await sendRaw(server.gatewayPort, get("acme-corp") + get("globex-inc") + get("acme-corp")),
    );
    expect(answers.map((answer) => answer.status)).toEqual([200, 403, 200]);
  });

  test("headers that trickle in are cut off with 408", async () => {
    const answers = parseAnswers(
      await sendRaw(server.gatewayPort, "GET /v2/tenant HTTP/1.1\r\nHost: acme-corp.local", 500),
    );
    expect(answers[0]?.json.code).toBe("REQUEST_TIMEOUT");
    expect(faultOfProblem(answers[0] as never)).toBeNull();
  });

  test("a body that never ends is cut off with 408", async () => {
    const text = `${posted}\r\nHost: acme-corp.localhost\r\nAuthorization: Bearer ${token}\r\n${json}\r\ncontent-length: 100\r\n\r\n{`;
    const answers = parseAnswers(await sendRaw(server.gatewayPort, text, 500));
    expect(answers[0]?.json.code).toBe("REQUEST_TIMEOUT");
  });

  test("a hundred clients that hang up in the middle leave nothing behind", async () => {
    const half = bytesOf(
      {
        request: posted,
        lines: [json, "content-length: 500"],
        body: '{"body"',
        expected: "",
      },
      { token, id },
    );
    const hangUp = () =>
      new Promise<void>((resolve) => {
        const socket = connect(server.gatewayPort, "127.0.0.1", () => {
          socket.write(half);
          setImmediate(() => socket.destroy());
        });
        socket.on("close", () => resolve());
        socket.on("error", () => undefined);
      });
    await Promise.all(Array.from({ length: 100 }, hangUp));
    expect((await ask(server.gatewayPort, "/v2/tenant", { token })).status).toBe(200);
    expect(server.log.filter((entry) => entry.kind === "failure")).toEqual([]);
  });
});

import { ManualClock } from "@tenantry/base";
import { expect, test } from "vitest";
import type { ToolkitEvent } from "../events.ts";
import { DatabaseWatch } from "./database-watch.ts";

function watched() {
  const clock = new ManualClock();
  const messages: string[] = [];
  const health = { isReady: false, asked: 0 };
  const fetch = () => {
    health.asked += 1;
    return Promise.resolve(new Response(null, { status: health.isReady ? 200 : 503 }));
  };
  const watch = new DatabaseWatch({
    clock,
    fetch: fetch as typeof globalThis.fetch,
    onEvent: (event: ToolkitEvent) => messages.push(event.message),
  });
  const answer = (problem: string | null) =>
    watch.saw({
      kind: "access",
      listener: "gateway",
      time: "2026-01-01T00:00:00.000Z",
      requestId: "0",
      tenant: "acme-corp",
      method: "GET",
      route: "/v2/tenant",
      status: problem === null ? 200 : 503,
      durationMs: 1,
      problem,
      reason: null,
    });
  const second = async () => {
    clock.advance(1_000);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { watch, messages, health, answer, second };
}

const gone = "the database does not answer; requests get status 503 until it does";

test("a database that goes is told of once, and again when it is back, each time", async () => {
  const { watch, messages, health, answer, second } = watched();
  watch.begin("http://127.0.0.1:8081");
  for (let round = 1; round <= 2; round += 1) {
    health.isReady = false;
    answer(null);
    for (let times = 0; times < 3; times += 1) answer("DATABASE_UNAVAILABLE");
    await second();
    await second();
    expect(messages.splice(0)).toEqual([gone]);
    health.isReady = true;
    await second();
    expect(messages.splice(0)).toEqual(["the database is ready"]);
    const { asked } = health;
    await second();
    expect(health.asked).toBe(asked);
  }
  await watch[Symbol.asyncDispose]();
});

test("other problems, and requests before the platform is up, say nothing of it", async () => {
  const { watch, messages, answer } = watched();
  answer("DATABASE_UNAVAILABLE");
  watch.begin("http://127.0.0.1:8081");
  for (const problem of [null, "NOT_READY", "SERVICE_UNAVAILABLE", "TOKEN_MISSING"]) answer(problem);
  expect(messages).toEqual([]);
  await watch[Symbol.asyncDispose]();
});

test("a platform that is stopped meanwhile is not asked any more", async () => {
  const { watch, messages, health, answer, second } = watched();
  watch.begin("http://127.0.0.1:8081");
  answer("DATABASE_UNAVAILABLE");
  await watch[Symbol.asyncDispose]();
  answer("DATABASE_UNAVAILABLE");
  await second();
  expect({ messages, asked: health.asked }).toEqual({ messages: [gone], asked: 0 });
});

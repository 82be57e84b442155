import type { LocalEvent } from "@tenantry/local";
import { expect, test } from "vitest";
import { ServiceBoard } from "./service-board.ts";
import { translateEvent } from "./translate-event.ts";

const web = { service: "web" } as const;
const events: readonly LocalEvent[] = [
  { kind: "phase", name: "postgresql", status: "started", durationMs: 0 },
  { kind: "phase", name: "postgresql", status: "done", durationMs: 1_234.5 },
  { kind: "phase", name: "postgresql", status: "failed", durationMs: 1 },
  { kind: "stopping", name: "gateway" },
  { kind: "stop-overdue", name: "services", limitMs: 10_000 },
  { kind: "stale-lock-removed", pid: 4711 },
  { kind: "postgres-created", dir: "/data", durationMs: 900 },
  { kind: "postgres-data-elsewhere", dataDir: "/a", dir: "/b", user: "postgres" },
  { kind: "postgres-left-over-stopped", pid: 4711, by: "SIGINT" },
  { kind: "postgres-recovering", elapsedMs: 2_000 },
  { kind: "postgres-exited", pid: 1, exitCode: null, signal: "SIGKILL" },
  { kind: "postgres-restarting", attempt: 2, delayMs: 250 },
  { kind: "postgres-ready", pid: 1, port: 5432, durationMs: 90 },
  { kind: "service-absent", ...web },
  { kind: "service-left-over-stopped", ...web },
  { kind: "service-output", ...web, stream: "stdout", line: "hello" },
  { kind: "service-ready", ...web, port: 3000, durationMs: 100 },
  { kind: "service-unhealthy", ...web, reason: "status 500", count: 1 },
  { kind: "service-exited", ...web, exitCode: 1, signal: null, reason: null, restartInMs: 500 },
  {
    kind: "service-exited",
    ...web,
    exitCode: null,
    signal: "SIGTERM",
    reason: "it was unhealthy 3 times in a row",
    restartInMs: 500,
  },
  { kind: "service-crash-loop", ...web, exits: 5, lastLines: ["a", "Error: no database"] },
];

test("what the engine tells, as a person reads it", async () => {
  const lines = events.map((event) => {
    const translated = translateEvent(event);
    return `${event.kind}\n  ${translated === undefined ? "(nothing)" : `${translated.code}: ${translated.message}`}\n`;
  });
  await expect(lines.join("")).toMatchFileSnapshot("translate-event.golden.txt");
});

test("a service is shown as it last was", () => {
  const board = new ServiceBoard(["web"]);
  const states = events.flatMap((event) =>
    board.apply(event) ? board.views().map(({ state }) => state) : [],
  );
  expect(states).toEqual(["absent", "ready", "failing", "starting", "starting", "failing"]);
  expect(board.apply({ kind: "service-ready", ...web, port: 3000, durationMs: 1 })).toBe(true);
  expect(board.apply({ kind: "service-ready", ...web, port: 3000, durationMs: 9 })).toBe(false);
});

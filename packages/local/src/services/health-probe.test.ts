import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findFreePort } from "../process/ports.ts";
import { isSuccessCode, probeHealth } from "./health-probe.ts";

const health = {
  path: "/healthz",
  successCodes: "200-299",
  intervalMs: 5_000,
  timeoutMs: 200,
  unhealthyThreshold: 3,
  graceMs: 1_000,
};
const server = createServer((request, response) => {
  if (request.url === "/slow") return;
  response.statusCode = request.url === "/healthz" ? 204 : 503;
  response.end();
});
let port = 0;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test.each([
  ["200-399", 200, true],
  ["200-399", 399, true],
  ["200-399", 400, false],
  ["200", 204, false],
  ["200,204", 204, true],
  ["200-204,301", 301, true],
  ["", 200, false],
])("with codes %j the answer %i counts as good: %j", (codes, status, isGood) => {
  expect(isSuccessCode(codes, status)).toBe(isGood);
});

test("a good answer is healthy", async () => {
  expect(await probeHealth(port, health)).toBeNull();
});

test("a bad answer says its status", async () => {
  expect(await probeHealth(port, { ...health, path: "/other" })).toBe("/other answered 503");
});

test("no answer in time is not healthy", async () => {
  expect(await probeHealth(port, { ...health, path: "/slow" })).toBe("/slow did not answer");
});

test("nobody on the port is not healthy", async () => {
  const free = await findFreePort("127.0.0.1");
  expect(await probeHealth(free, health)).toBe("ECONNREFUSED");
  expect(await probeHealth(free, { ...health, path: null })).toBe("ECONNREFUSED");
});

test("without a path an open port is healthy", async () => {
  expect(await probeHealth(port, { ...health, path: null })).toBeNull();
});

import { type ChildProcess, spawn } from "node:child_process";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask } from "./exchange.ts";
import { startTestRuntime, type TestRuntime } from "./test-runtime.ts";

// Goal: clients that want to use up the server's memory or its connections get little of it, and the
// other tenants are served all the while.
// Method: acme-corp's clients are hostile; globex-inc asks on, and each of its requests must succeed.

const connectionsMax = 10_000;
const mebibyte = 1_048_576;
let server: TestRuntime;
let acme: string;
let globex: string;
beforeAll(async () => {
  server = await startTestRuntime({}, { services: "none" });
  [acme, globex] = [await server.token("acme-corp"), await server.token("globex-inc")];
});
afterAll(() => server[Symbol.asyncDispose]());

/** Asks as another tenant while `hostile` runs; how many requests there were, and that none failed. */
async function othersAreServed(hostile: () => Promise<void>): Promise<number> {
  const over = new AbortController();
  const attack = hostile().finally(() => over.abort());
  let served = 0;
  while (!over.signal.aborted) {
    const { status } = await ask(server.gatewayPort, "/v2/tenant", {
      token: globex,
      host: "globex-inc.localhost",
    });
    expect(status).toBe(200);
    served += 1;
  }
  await attack;
  return served;
}

/** By how much the memory grows at most while `during` runs. */
async function growthBytes(during: () => Promise<unknown>): Promise<number> {
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20);
  await during();
  clearInterval(watch);
  return most - before;
}

const post = (headers: string) =>
  `POST /v2/documents/notes HTTP/1.1\r\nHost: acme-corp.localhost\r\nAuthorization: Bearer ${acme}\r\nContent-Type: application/json\r\n${headers}\r\n\r\n`;

function open(): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.gatewayPort, "127.0.0.1", () => resolve(socket));
    socket.once("error", reject);
  });
}

test("twenty bodies that would each unpack to 64 MiB are refused unread", async () => {
  const bomb = gzipSync(Buffer.alloc(64 * mebibyte), { level: 9 });
  const grown = await growthBytes(async () => {
    for (let count = 0; count < 20; count += 1) {
      const { status, json } = await ask(server.gatewayPort, "/v2/documents/notes", {
        method: "POST",
        token: acme,
        headers: { "content-type": "application/json", "content-encoding": "gzip" },
        body: bomb,
      });
      expect([status, json.code]).toEqual([415, "UNSUPPORTED_MEDIA_TYPE"]);
    }
  });
  expect(grown).toBeLessThan(64 * mebibyte);
});

test.each([
  ["arrays in arrays", `{"body":{"a":${"[".repeat(200_000)}${"]".repeat(200_000)}}}`],
  ["objects in objects", `{"body":${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}}`],
  ["a million digits", `{"body":{"a":1${"0".repeat(900_000)}}}`],
  [
    "eighty thousand keys",
    `{"body":{${Array.from({ length: 80_000 }, (_, key) => `"k${key}":0`).join(",")}}}`,
  ],
])("%s are refused and cost no more than their size, while others are served", async (_name, body) => {
  const answers = new Set<string>();
  const grown = await growthBytes(() =>
    othersAreServed(async () => {
      for (let round = 0; round < 10; round += 1) {
        const { status, json } = await ask(server.gatewayPort, "/v2/documents/notes", {
          method: "POST",
          token: acme,
          headers: { "content-type": "application/json" },
          body: Buffer.from(body),
        });
        answers.add(`${status} ${json.code}`);
      }
    }),
  );
  expect([...answers]).toEqual(["422 INVALID_BODY"]);
  expect(grown).toBeLessThan(192 * mebibyte);
});

test("five hundred bodies that trickle in hold none of the turns that others need", async () => {
  const sockets = await Promise.all(Array.from({ length: 500 }, open));
  try {
    for (const socket of sockets) socket.write(`${post("Content-Length: 1000000")}{"body":{"a":"`);
    const grown = await growthBytes(async () => {
      const served = await othersAreServed(async () => {
        for (let round = 0; round < 15; round += 1) {
          for (const socket of sockets) if (!socket.destroyed) socket.write("x");
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      });
      expect(served).toBeGreaterThan(50);
    });
    // A body that is announced takes no room before it comes.
    expect(grown).toBeLessThan(128 * mebibyte);
  } finally {
    for (const socket of sockets) socket.destroy();
  }
});

test("ten thousand idle connections, and more, keep nobody out", { timeout: 60_000 }, async () => {
  const clients = startIdleClients(connectionsMax + 200);
  try {
    const grown = await growthBytes(async () => {
      const served = await othersAreServed(() => clients.says(/^open /m));
      expect(served).toBeGreaterThan(10);
    });
    expect(grown / (connectionsMax + 200)).toBeLessThan(32 * 1_024);
    // Each of them now stands before the new ones: the longest idle end for those.
    const fresh = await Promise.all(
      Array.from({ length: 200 }, () =>
        ask(server.gatewayPort, "/v2/tenant", { token: globex, host: "globex-inc.localhost" }),
      ),
    );
    expect(new Set(fresh.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await clients.closedCount()).toBeGreaterThan(0);
  } finally {
    clients.process.kill("SIGKILL");
  }
});

test(
  "connections in the middle of a request are not ended, and can fill the house: so the test above can fail",
  { timeout: 60_000 },
  async () => {
    // As many connections as places, all of them in the middle of a request: none is idle, so none is ended.
    const runtime = await server.startAnother({
      apiLimits: { connectionsMax: 50, headersTimeoutMs: 20_000 },
    });
    const port = Number(new URL(runtime.gatewayUrl).port);
    const held: Socket[] = [];
    for (let count = 0; count < 50; count += 1) {
      const socket = connect(port, "127.0.0.1", () => socket.write(`${post("Content-Length: 10")}{`));
      socket.on("error", () => undefined);
      held.push(socket);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    try {
      await new Promise((resolve) => setTimeout(resolve, 300));
      await expect(
        ask(port, "/v2/tenant", { token: globex, host: "globex-inc.localhost" }),
      ).rejects.toMatchObject({ code: "ECONNRESET" });
    } finally {
      for (const socket of held) socket.destroy();
      await runtime.drain();
    }
  },
);

interface IdleClients {
  readonly process: ChildProcess;
  says(pattern: RegExp): Promise<void>;
  closedCount(): Promise<number>;
}

function startIdleClients(count: number): IdleClients {
  const script = join(import.meta.dirname, "idle-clients.ts");
  const child = spawn(process.execPath, [script, String(server.gatewayPort), String(count)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  const says = async (pattern: RegExp) => {
    while (!pattern.test(text)) {
      expect(child.exitCode).toBeNull();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  return {
    process: child,
    says,
    async closedCount() {
      text = "";
      await says(/^closed \d+\n/m);
      return Number(/^closed (\d+)\n/m.exec(text)?.[1]);
    },
  };
}

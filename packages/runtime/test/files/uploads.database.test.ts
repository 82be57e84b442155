import { randomBytes, randomUUID } from "node:crypto";
import { readdir } from "node:fs/promises";
import http from "node:http";
import net from "node:net";
import { join } from "node:path";
import { systemClock } from "@tenantry/base";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sweepObjects } from "../../src/files/sweep-objects.ts";
import { expectProblem } from "../api/tenant-client.ts";
import { ask, faultOfProblem } from "../http/exchange.ts";
import { portOf, startTestRuntime } from "../http/test-runtime.ts";
import { fileBytesMax, type FileServer, fileStores, startFileServer } from "./file-server.ts";

describe.each(fileStores)("uploads to %s", (name, make) => {
  let files: FileServer;
  beforeAll(async () => {
    files = await startFileServer(make);
  });
  afterAll(() => files[Symbol.asyncDispose]());

  test("a file larger than the limit is refused, whether its length is announced or not, and leaves nothing", async () => {
    const before = [await files.keysOf("acme-corp"), await files.idsOf("acme-corp")];
    const large = Buffer.alloc(fileBytesMax + 1);
    expectProblem(await files.upload("/v2/files?name=large", large), "BODY_TOO_LARGE");
    const chunked = await files.upload("/v2/files?name=large", large, {
      headers: { "transfer-encoding": "chunked", "content-length": [] as never },
    });
    expectProblem(chunked, "BODY_TOO_LARGE");
    expect([await files.keysOf("acme-corp"), await files.idsOf("acme-corp")]).toEqual(before);
    const fits = await files.upload("/v2/files?name=fits", Buffer.alloc(fileBytesMax));
    expect(fits.status).toBe(201);
  });

  test("a tenant stores as much as its tier allows, also when uploads end at once", async () => {
    const tenant = await files.tenantOf("globex-inc");
    const globex = { token: await files.server.token("globex-inc"), host: "globex-inc.localhost" };
    // As if somebody had uploaded all but the last hundred thousand bytes.
    await files.server.database.store.transact(tenant, (db) =>
      db.insertInto("files").values({
        tenant_id: tenant.id,
        id: randomUUID(),
        name: "big",
        media_type: "a/b",
        size_bytes: 1_073_741_824 - 100_000,
        sha256: "0".repeat(64),
        created_by: "test",
      }),
    );
    expectProblem(await files.upload("/v2/files?name=a", Buffer.alloc(100_001), globex), "STORAGE_EXHAUSTED");
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => files.upload("/v2/files?name=a", randomBytes(30_000), globex)),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    for (const answer of answers) if (answer.status !== 201) expectProblem(answer, "STORAGE_EXHAUSTED");
    expect(await files.keysOf("globex-inc")).toHaveLength(3);
  });

  test("an upload with an Idempotency-Key makes one file, however often and however much at once it is sent", async () => {
    const send = (content: string, key = "upload-1") =>
      files.upload("/v2/files?name=once", content, { headers: { "idempotency-key": key } });
    const before = (await files.keysOf("acme-corp")).length;
    const first = await send("content");
    const again = await send("content");
    expect([again.status, again.body, again.headers["location"]]).toEqual([
      201,
      first.body,
      first.headers["location"],
    ]);
    expectProblem(await send("other"), "IDEMPOTENCY_KEY_REUSED");
    const answers = await Promise.all(Array.from({ length: 20 }, () => send("content", "upload-2")));
    const done = answers.filter(({ status }) => status === 201);
    expect(new Set(done.map(({ body }) => body)).size).toBe(1);
    for (const answer of answers) if (answer.status !== 201) expectProblem(answer, "IDEMPOTENCY_KEY_IN_USE");
    // A request that was answered from an earlier one gives up its content after the answer.
    await expect.poll(() => files.keysOf("acme-corp"), { timeout: 10_000 }).toHaveLength(before + 2);
    expect(await files.keysOf("acme-corp")).toEqual(await files.idsOf("acme-corp"));
  });

  test.runIf(name === "a folder")("an upload that is cut off leaves neither row nor object", async () => {
    const before = [await files.keysOf("acme-corp"), await files.idsOf("acme-corp")];
    files.server.log.length = 0;
    for (const framing of ["content-length: 500000", "transfer-encoding: chunked"]) {
      const socket = net.connect(files.server.gatewayPort, "127.0.0.1");
      const head = [
        "POST /v2/files?name=cut HTTP/1.1",
        "host: acme-corp.localhost",
        `authorization: Bearer ${files.token}`,
        framing,
      ];
      socket.write(
        `${head.join("\r\n")}\r\n\r\n${framing.startsWith("t") ? "186A0\r\n" : ""}${"x".repeat(100_000)}`,
      );
      await expect.poll(() => keysUnderWay()).toBeGreaterThan(0);
      socket.destroy();
      await expect.poll(() => keysUnderWay()).toBe(0);
    }
    expect([await files.keysOf("acme-corp"), await files.idsOf("acme-corp")]).toEqual(before);
    await expect.poll(() => files.server.log.filter(({ kind }) => kind === "access").length).toBe(2);
    expect(files.server.log.filter(({ kind }) => kind === "failure")).toEqual([]);
  });

  /** Uploads that are being written now; only a folder shows them. */
  async function keysUnderWay(): Promise<number> {
    if (files.objects.config.kind !== "folder") return 0;
    const names = await readdir(join(files.objects.config.path, "acme-corp"));
    return names.filter((name) => name.endsWith(".part")).length;
  }
  test("a slow upload may take longer than other requests, and holds no session and no turn meanwhile", async () => {
    const busy = await files.server.startAnother({
      apiLimits: { ...files.server.config.apiLimits, requestsInFlightMax: 1 },
    });
    try {
      const port = portOf(busy.gatewayUrl);
      const made = slowUpload(port, 16, 100, 20_000);
      for (let n = 0; n < 10; n += 1) {
        const other = await ask(port, "/v2/documents/notes", { token: files.token });
        expect(other.status).toBe(200);
      }
      const answer = await made;
      expect(answer).toContain("HTTP/1.1 201");
      // The control: a body of JSON that takes as long is cut off.
      const json = await slowUpload(port, 16, 100, 1, "/v2/documents/notes", "application/json");
      expect(json).toContain("HTTP/1.1 408");
    } finally {
      await busy.drain();
    }
  });

  test("an upload that trickles is given up", async () => {
    const answer = await slowUpload(files.server.gatewayPort, 20, 100, 10);
    expect(answer).toContain("HTTP/1.1 408");
    expect(await files.keysOf("acme-corp")).toEqual(await files.idsOf("acme-corp"));
  });

  function slowUpload(
    port: number,
    parts: number,
    everyMs: number,
    bytes: number,
    path = "/v2/files?name=slow",
    type = "text/plain",
  ): Promise<string> {
    return new Promise((resolve) => {
      const socket = net.connect(port, "127.0.0.1");
      let answer = "";
      socket.on("data", (chunk) => {
        answer += chunk.toString("latin1");
        if (answer.includes("\r\n\r\n")) socket.destroy();
      });
      socket.on("error", () => undefined);
      socket.on("close", () => {
        clearInterval(timer);
        resolve(answer);
      });
      const head = [
        `POST ${path} HTTP/1.1`,
        "host: acme-corp.localhost",
        `authorization: Bearer ${files.token}`,
        `content-type: ${type}`,
        `content-length: ${parts * bytes}`,
      ];
      socket.write(`${head.join("\r\n")}\r\n\r\n`);
      let left = parts;
      const timer = setInterval(() => {
        if (left > 0) socket.write("x".repeat(bytes));
        left -= 1;
      }, everyMs);
    });
  }

  test("an object without a row goes after a day, and one with a row stays", async () => {
    const tenant = await files.tenantOf("acme-corp");
    const made = await files.upload("/v2/files?name=kept", "kept");
    const orphan = randomUUID();
    await files.objects.store.put(
      tenant.id,
      orphan,
      (async function* () {
        yield Buffer.from("orphan");
      })(),
    );
    const { store } = files.server.database;
    await sweepObjects(store, files.objects.store, tenant, systemClock.nowMs() + 86_000_000);
    expect(await files.keysOf("acme-corp")).toContain(orphan);
    await sweepObjects(store, files.objects.store, tenant, systemClock.nowMs() + 86_400_000 + 5_000);
    expect(await files.keysOf("acme-corp")).not.toContain(orphan);
    expect(await files.keysOf("acme-corp")).toContain(made.json.id);
    expect(await files.keysOf("acme-corp")).toEqual(await files.idsOf("acme-corp"));
  });
});

test("a server without a place for files says so", async () => {
  await using server = await startTestRuntime({ files: { kind: "folder", path: "/dev/null/files" } });
  const token = await server.token("acme-corp");
  const answer = await ask(server.gatewayPort, "/v2/files?name=a", { token, method: "POST", body: "x" });
  expect(faultOfProblem(answer)).toBeNull();
  expect([answer.json.code, answer.headers["retry-after"]]).toEqual(["FILES_UNAVAILABLE", "1"]);
});

test("two hundred megabytes go in and out without being held in memory", { timeout: 120_000 }, async () => {
  await using server = await startTestRuntime();
  const token = await server.token("acme-corp");
  const chunk = randomBytes(65_536);
  const chunks = 3_200;
  const headers = { host: "acme-corp.localhost", authorization: `Bearer ${token}` };
  const about = { host: "127.0.0.1", port: server.gatewayPort, agent: false as const, headers };
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let highest = before;
  const timer = setInterval(() => (highest = Math.max(highest, process.memoryUsage.rss())), 10);
  const made = await new Promise<{ readonly id: string; readonly sizeBytes: number }>((resolve, reject) => {
    const request = http.request({ ...about, method: "POST", path: "/v2/files?name=large" }, (response) => {
      let text = "";
      response.on("data", (data: Buffer) => (text += data.toString()));
      response.on("end", () => resolve(JSON.parse(text)));
    });
    request.on("error", reject);
    let sent = 0;
    const send = (): void => {
      while (sent < chunks) {
        sent += 1;
        if (!request.write(chunk)) {
          request.once("drain", send);
          return;
        }
      }
      request.end();
    };
    send();
  });
  expect(made.sizeBytes).toBe(chunks * chunk.length);
  const received = await new Promise<number>((resolve, reject) => {
    const request = http.request({ ...about, path: `/v2/files/${made.id}/content` }, (response) => {
      let bytes = 0;
      response.on("data", (data: Buffer) => (bytes += data.length));
      response.on("end", () => resolve(bytes));
    });
    request.on("error", reject);
    request.end();
  });
  clearInterval(timer);
  expect(received).toBe(made.sizeBytes);
  const grownMiB = (highest - before) / 1_048_576;
  console.log(`200 MiB in and out: ${grownMiB.toFixed(0)} MiB more in memory at most`);
  expect(grownMiB).toBeLessThan(150);
});

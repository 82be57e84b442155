import { createHash, randomBytes } from "node:crypto";
import http from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fileSchema } from "../../src/api/files/file-schema.ts";
import { expectProblem } from "../api/tenant-client.ts";
import { type FileServer, fileStores, startFileServer } from "./file-server.ts";

describe.each(fileStores)("files in %s", (_name, make) => {
  let files: FileServer;
  beforeAll(async () => {
    files = await startFileServer(make);
  });
  afterAll(() => files[Symbol.asyncDispose]());

  test.each(["v1", "v2"])(
    "%s: a file is uploaded, listed, read, and deleted with its content",
    async (version) => {
      const content = randomBytes(300_000);
      const made = await files.call(`/${version}/files?name=report.pdf`, {
        method: "POST",
        body: content,
        headers: { "content-type": 'application/pdf; title="a"' },
      });
      expect(made.status).toBe(201);
      expect(fileSchema.parse(made.json)).toMatchObject({
        name: "report.pdf",
        mediaType: 'application/pdf; title="a"',
        sizeBytes: 300_000,
        sha256: createHash("sha256").update(content).digest("hex"),
        createdBy: "ada@example.com",
      });
      const path = made.headers["location"] ?? "";
      expect(path).toBe(`/${version}/files/${made.json.id}`);
      expect((await files.call(path)).json).toEqual(made.json);
      expect((await files.call(`/${version}/files?limit=200`)).json.items).toContainEqual(made.json);
      const read = await readBytes(`${path}/content`);
      expect(read.bytes.equals(content)).toBe(true);
      expect(read.headers["content-type"]).toBe('application/pdf; title="a"');
      expect((await files.call(path, { method: "DELETE" })).status).toBe(204);
      expectProblem(await files.call(path), "FILE_NOT_FOUND");
      expectProblem(await files.call(`${path}/content`), "FILE_NOT_FOUND");
      expectProblem(await files.call(path, { method: "DELETE" }), "FILE_NOT_FOUND");
      expect(await files.keysOf("acme-corp")).not.toContain(made.json.id);
    },
  );

  interface Bytes {
    readonly status: number;
    readonly headers: http.IncomingHttpHeaders;
    readonly bytes: Buffer;
  }
  function readBytes(
    path: string,
    headers: Readonly<Record<string, string>> = {},
    method = "GET",
  ): Promise<Bytes> {
    return new Promise((resolve, reject) => {
      const request = http.request(
        {
          host: "127.0.0.1",
          port: files.server.gatewayPort,
          path,
          method,
          agent: false,
          headers: { host: "acme-corp.localhost", authorization: `Bearer ${files.token}`, ...headers },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              bytes: Buffer.concat(chunks),
            }),
          );
        },
      );
      request.on("error", reject);
      request.end();
    });
  }

  test("the name comes from the query or from Content-Disposition, and comes back in a form that browsers save under", async () => {
    const name = `Ünï "q" % 'x'.txt`;
    for (const [query, headers, expected] of [
      [`?name=${encodeURIComponent(name)}`, {}, name],
      ["", { "content-disposition": `attachment; filename="a; b.txt"` }, "a; b.txt"],
      ["", { "content-disposition": `attachment; filename=plain.txt` }, "plain.txt"],
      ["", { "content-disposition": `attachment; filename="x"; filename*=UTF-8''%C3%9C%20b.txt` }, "Ü b.txt"],
      ["?name=q.txt", { "content-disposition": "attachment; filename=h.txt" }, "q.txt"],
    ] as const) {
      const made = await files.upload(`/v2/files${query}`, "x", { headers });
      expect([made.status, made.json.name]).toEqual([201, expected]);
      const { headers: back } = await readBytes(`${made.headers["location"]}/content`);
      expect(back["content-disposition"]).toMatch(
        /^attachment; filename="[^"]*"; filename\*=UTF-8''[\w.%-]+$/,
      );
      expect(decodeURIComponent(back["content-disposition"]?.split("''")[1] ?? "")).toBe(expected);
    }
    const wrong = ["", "..", "a/b", "a\\b", "a\u0000b", "a\nb", "x".repeat(256)];
    for (const one of wrong) {
      expectProblem(
        await files.upload(`/v2/files?name=${encodeURIComponent(one)}`, "x"),
        "INVALID_PARAMETER",
      );
    }
    for (const [field, expected] of [
      ["attachment", "file"],
      ["inline; filename=", "file"],
      ["attachment; filename*=UTF-8''%ff", "file"],
      ["attachment; filename=\u00e4", "file"],
      ["attachment; filename*=UTF-8''..", "file"],
      ["attachment; filename*=UTF-8''a%2Fb%5Cc%0A.txt", "c.txt"],
      [`attachment; filename*=UTF-8''${"%F0%9F%98%80".repeat(300)}`, "\u{1f600}".repeat(255)],
    ] as const) {
      const made = await files.upload("/v2/files", "x", { headers: { "content-disposition": field } });
      expect([made.status, made.json.name]).toEqual([201, expected]);
    }
  });

  test("what is uploaded is never shown as a page of the tenant", async () => {
    const made = await files.upload("/v2/files?name=page.html", "<script>alert(1)</script>", {
      headers: { "content-type": "text/html" },
    });
    const { headers } = await readBytes(`${made.headers["location"]}/content`);
    expect(headers).toMatchObject({
      "content-type": "text/html",
      "x-content-type-options": "nosniff",
      "content-security-policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
      "cross-origin-resource-policy": "same-origin",
    });
    expect(headers["content-disposition"]).toMatch(/^attachment; /);
  });

  test("a part of the content can be asked for, and a client that has it is told so", async () => {
    const content = randomBytes(5_000);
    const made = await files.upload("/v2/files?name=parts", content);
    const path = `${made.headers["location"]}/content`;
    const etag = `"${made.json.sha256}"`;
    for (const [range, first, last] of [
      ["bytes=0-0", 0, 0],
      ["bytes=10-19", 10, 19],
      ["bytes=4990-9999", 4_990, 4_999],
      ["bytes=100-", 100, 4_999],
      ["bytes=-7", 4_993, 4_999],
      ["bytes=-9000", 0, 4_999],
    ] as const) {
      const part = await readBytes(path, { range });
      expect([part.status, part.headers["content-range"]]).toEqual([206, `bytes ${first}-${last}/5000`]);
      expect(part.bytes.equals(content.subarray(first, last + 1))).toBe(true);
    }
    for (const range of ["bytes=5-2", "bytes=0-1,3-4", "lines=1-2", "bytes=x-", "bytes=-"]) {
      expect((await readBytes(path, { range })).status).toBe(200);
    }
    for (const range of ["bytes=5000-", "bytes=9000-9001", "bytes=-0"]) {
      const none = await files.call(path, { headers: { range } });
      expectProblem(none, "RANGE_NOT_SATISFIABLE");
      expect(none.headers["content-range"]).toBe("bytes */5000");
    }
    expect((await readBytes(path, { range: "bytes=0-9", "if-range": etag })).status).toBe(206);
    expect((await readBytes(path, { range: "bytes=0-9", "if-range": '"other"' })).status).toBe(200);
    const known = await readBytes(path, { "if-none-match": etag });
    expect([known.status, known.bytes.length, known.headers["etag"]]).toEqual([304, 0, etag]);
    const head = await readBytes(path, {}, "HEAD");
    expect([head.status, head.headers["content-length"], head.bytes.length]).toEqual([200, "5000", 0]);
    const empty = await files.upload("/v2/files?name=empty", "");
    expect((await readBytes(`${empty.headers["location"]}/content`)).bytes.length).toBe(0);
    expect(empty.json.sizeBytes).toBe(0);
  });

  test("a body of any type or none is content, and only here", async () => {
    for (const type of ["application/json", "application/merge-patch+json", "image/svg+xml", "x/y"]) {
      const made = await files.upload("/v2/files?name=a", "{not json", { headers: { "content-type": type } });
      expect([made.status, made.json.mediaType]).toEqual([201, type]);
    }
    const untyped = await files.call("/v2/files?name=a", {
      method: "POST",
      headers: { "content-length": "0" },
    });
    expect(untyped.json.mediaType).toBe("application/octet-stream");
    for (const type of ["text", "text/plain, text/html", "a/b; c", `a/${"b".repeat(255)}`]) {
      const refused = await files.upload("/v2/files?name=a", "x", { headers: { "content-type": type } });
      expectProblem(refused, "UNSUPPORTED_MEDIA_TYPE");
    }
    const encoded = await files.upload("/v2/files?name=a", "x", { headers: { "content-encoding": "gzip" } });
    expectProblem(encoded, "UNSUPPORTED_MEDIA_TYPE");
    const elsewhere = await files.upload("/v2/documents/notes", "{not json");
    expectProblem(elsewhere, "UNSUPPORTED_MEDIA_TYPE");
    const broken = await files.upload("/v2/documents/notes", "{not json", {
      headers: { "content-type": "application/json" },
    });
    expectProblem(broken, "MALFORMED_JSON");
  });

  test("uploads and deletions are in the audit trail, and nothing of a file's content", async () => {
    const made = await files.upload("/v2/files?name=audited.txt", "the-secret-content");
    await files.call(made.headers["location"] ?? "", { method: "DELETE" });
    const tenant = await files.tenantOf("acme-corp");
    const events = await files.server.database.store.read(tenant, (db) =>
      db
        .selectFrom("audit_events")
        .selectAll()
        .where("tenant_id", "=", tenant.id)
        .where("target", "=", made.json.id)
        .orderBy("id"),
    );
    expect(events.map(({ action, actor }) => [action, actor])).toEqual([
      ["file.created", "ada@example.com"],
      ["file.deleted", "ada@example.com"],
    ]);
    expect(events[0]?.details).toMatchObject({ name: "audited.txt", sizeBytes: 18 });
    expect(JSON.stringify(events)).not.toContain("the-secret-content");
  });

  test("no tenant reaches another's files, in the pool or in a schema of its own", async () => {
    const made = await files.upload("/v2/files?name=private", "acme");
    const path = made.headers["location"] ?? "";
    for (const id of ["globex-inc", "initech-llc"]) {
      const foreign = { token: await files.server.token(id), host: `${id}.localhost` };
      expect((await files.call("/v1/files?limit=200", foreign)).json.items).not.toContainEqual(made.json);
      for (const one of [path, `${path}/content`])
        expectProblem(await files.call(one, foreign), "FILE_NOT_FOUND");
      expectProblem(await files.call(path, { ...foreign, method: "DELETE" }), "FILE_NOT_FOUND");
    }
    expect((await readBytes(`${path}/content`)).bytes.toString()).toBe("acme");
  });
});

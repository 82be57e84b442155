import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import {
  contextOptionsFrom,
  refusalAnswer,
  type TenantContext,
  verifyTenantContext,
} from "@tenantry/service-context";
import { page, pageScript, pageStyle, type Visitor } from "./page.ts";

/**
 * A small service of one's own. The gateway in front has found the tenant by its host, and who asks
 * by their token where they sent one; it says so in a signed context, which is verified here. This
 * service keeps nothing: the page talks to the tenant API below /v2.
 */
const port = Number(process.env["PORT"] ?? 8080);
const host = process.env["HOST"] ?? "127.0.0.1";
const verifyContext = verifyTenantContext(contextOptionsFrom(process.env));

const sha256 = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** The page brings its own style and script, known by their digests: nothing else may run or load. */
const securityHeaders = {
  "content-security-policy": [
    "default-src 'none'",
    `script-src ${sha256(pageScript)}`,
    `style-src ${sha256(pageStyle)}`,
    "connect-src 'self'",
    "img-src data:",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join("; "),
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
};

function visitorOf(context: TenantContext): Visitor {
  if (context.kind === "site") return { tenant: null, tier: null, isolation: null, subject: null };
  const { tenant, principal } = context;
  return {
    tenant: tenant.id,
    tier: tenant.tier,
    isolation: tenant.isolation,
    subject: principal?.subject ?? null,
  };
}

async function answerPage(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const verdict = await verifyContext(request.headers);
  if (verdict.kind === "valid") {
    answer(response, 200, "text/html", page(visitorOf(verdict.context)));
    return;
  }
  const { status, headers, body } = refusalAnswer(verdict.code);
  response.writeHead(status, { ...securityHeaders, ...headers });
  response.end(request.method === "HEAD" ? undefined : body);
}

function answer(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    ...securityHeaders,
    "content-type": `${type}; charset=utf-8`,
    "content-length": Buffer.byteLength(body),
  });
  response.end(response.req.method === "HEAD" ? undefined : body);
}

const server = createServer((request, response) => {
  // The request's body is of no use here, and an unread one would hold the connection.
  request.resume();
  const path = (request.url ?? "/").split("?", 1)[0];
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("allow", "GET, HEAD");
    answer(response, 405, "text/plain", "method not allowed\n");
  } else if (path === "/healthz") answer(response, 200, "text/plain", "ok\n");
  else if (path === "/") void answerPage(request, response);
  else answer(response, 404, "text/plain", "not found\n");
});

// A signal means that no new work comes: what is being answered is finished, then the process ends.
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => {
    server.close();
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 5000).unref();
  });
}

server.listen(port, host);

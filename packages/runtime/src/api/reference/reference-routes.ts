import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { FastifyInstance, FastifyReply } from "fastify";
import { securityHeaders } from "../../http/security-headers.ts";
import type { ApiContext } from "../api-context.ts";
import type { ApiVersion } from "../api-version.ts";

/** Swagger UI as @fastify/swagger-ui carries it: files to serve, which ask no other host for anything. */
const require = createRequire(import.meta.url);
const assets = [
  {
    name: "swagger-ui-bundle.js",
    mediaType: "text/javascript; charset=utf-8",
    path: () => require.resolve("@fastify/swagger-ui/static/swagger-ui-bundle.js"),
  },
  {
    name: "swagger-ui.css",
    mediaType: "text/css; charset=utf-8",
    path: () => require.resolve("@fastify/swagger-ui/static/swagger-ui.css"),
  },
] as const;

/**
 * `GET reference`: the OpenAPI document to read and to try out, in a browser. It is public, as the
 * document is; what is tried out needs a token, which the page forgets when it is closed.
 */
export function referenceRoutes(app: FastifyInstance, context: ApiContext, version: ApiVersion): void {
  const path = `/${version}/reference`;
  const files = new Map<string, Promise<Buffer>>();
  app.addHook("onRequest", (_request, reply, done) => {
    reply.headers(securityHeaders).header("cache-control", "no-store");
    done();
  });
  const schema = { hide: true };
  app.get(path, { schema, onRequest: context.host }, async (_request, reply) => {
    const nonce = Buffer.from(context.random.bytes(16)).toString("base64url");
    return reply
      .header("content-security-policy", contentSecurityPolicy(nonce))
      .header("content-type", "text/html; charset=utf-8")
      .send(page(version, path, nonce));
  });
  app.get(`${path}/start.js`, { schema, onRequest: context.host }, async (_request, reply) =>
    sendAsset(reply, "text/javascript; charset=utf-8", startScript(version)),
  );
  for (const { name, mediaType, path: fileOf } of assets) {
    app.get(`${path}/${name}`, { schema, onRequest: context.host }, async (_request, reply) => {
      // Two megabytes that most servers are never asked for.
      const file = files.get(name) ?? readFile(fileOf());
      files.set(name, file);
      return sendAsset(reply, mediaType, await file);
    });
  }
}

function sendAsset(reply: FastifyReply, mediaType: string, content: Buffer | string): FastifyReply {
  return reply
    .header("cache-control", "public, max-age=3600")
    .header("content-type", mediaType)
    .send(content);
}

/** Only what the page itself names runs, whatever else the tenant's origin serves. */
function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

function page(version: ApiVersion, path: string, nonce: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Tenant API ${version}</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="${path}/swagger-ui.css" nonce="${nonce}">
  </head>
  <body>
    <div id="reference"></div>
    <noscript>This page needs JavaScript; the document itself is at /${version}/openapi.json.</noscript>
    <script src="${path}/swagger-ui-bundle.js" nonce="${nonce}"></script>
    <script src="${path}/start.js" nonce="${nonce}"></script>
  </body>
</html>
`;
}

/** No address in the query of the page can make it show another document, and no validator is asked. */
function startScript(version: ApiVersion): string {
  const options = {
    url: `/${version}/openapi.json`,
    dom_id: "#reference",
    layout: "BaseLayout",
    docExpansion: "list",
    tryItOutEnabled: true,
    persistAuthorization: false,
    queryConfigEnabled: false,
    validatorUrl: null,
  };
  return `SwaggerUIBundle(${JSON.stringify(options)});\n`;
}

import { z } from "zod";
import type { ApiScope } from "../http/api-scope.ts";
import { apiSchemas, commonProblems, problemResponses } from "../http/schemas.ts";
import { jwksMaxAgeSeconds, type KeyRing } from "./key-ring.ts";

const jwksSchema = z
  .strictObject({
    keys: z.array(
      z.strictObject({
        kty: z.enum(["EC", "OKP"]),
        crv: z.enum(["P-256", "Ed25519"]),
        x: z.string(),
        y: z.string().optional(),
        kid: z.string(),
        alg: z.enum(["ES256", "EdDSA"]),
        use: z.literal("sig"),
      }),
    ),
  })
  .register(apiSchemas, {
    id: "Jwks",
    description: "The public keys that tokens are signed with (RFC 7517).",
  });

/** `GET /.well-known/jwks.json`, on any host. */
export function jwksRoute(scope: ApiScope, keys: KeyRing): void {
  scope.route({
    method: "GET",
    url: "/.well-known/jwks.json",
    schema: {
      operationId: "getJwks",
      tags: ["identity"],
      summary: "The keys that verify tokens",
      response: {
        200: { description: "The keys.", content: { "application/json": { schema: jwksSchema } } },
        ...problemResponses(commonProblems),
      },
    },
    handler: (_request, reply) => {
      reply
        .header("cache-control", `public, max-age=${jwksMaxAgeSeconds}`)
        .header("content-type", "application/json; charset=utf-8")
        .send({ keys: keys.publicJwks } as never);
    },
  });
}

import { Validator } from "@seriousme/openapi-schema-validator";
import { stableJson } from "@tenantry/base";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { problemTable } from "../../src/http/problems.ts";
import { type Answer, ask } from "./exchange.ts";
import { startTestRuntime, type TestRuntime } from "./test-runtime.ts";

let server: TestRuntime;
beforeAll(async () => {
  server = await startTestRuntime();
});
afterAll(() => server[Symbol.asyncDispose]());

/** What opens the door cannot ask for the key. */
const publicOperation = /^post \/v\d\/(sign-ins|sign-ins\/refresh|invitations\/accept)$/;

type Json = Answer["json"];

describe.each([
  ["gateway", "/v1/openapi.json", "openapi-v1.golden.json"],
  ["gateway", "/v2/openapi.json", "openapi-v2.golden.json"],
  ["control", "/control/v1/openapi.json", "openapi-control-v1.golden.json"],
] as const)("the document of the %s", (listener, path, golden) => {
  const port = () => (listener === "gateway" ? server.gatewayPort : server.controlPort);
  const read = async (): Promise<Json> => (await ask(port(), path)).json;

  test("is the one that clients were promised", async () => {
    await expect(stableJson(await read())).toMatchFileSnapshot(golden);
  });

  test("is valid OpenAPI 3.1", async () => {
    const validator = new Validator();
    const result = await validator.validate(await read());
    expect(result).toMatchObject({ valid: true });
    expect(validator.version).toBe("3.1");
  });

  test("mentions no schema that it lacks, and has none that it does not mention", async () => {
    const document = await read();
    const mentioned = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(
      (match) => match[1],
    );
    expect([...new Set(mentioned)].sort()).toEqual(Object.keys(document.components.schemas).sort());
  });

  test("names each operation once, and describes every parameter, response and problem of it", async () => {
    const document = await read();
    const ids: string[] = [];
    for (const [route, operations] of Object.entries<Json>(document.paths)) {
      for (const [method, operation] of Object.entries<Json>(operations)) {
        const where = `${method} ${route}`;
        ids.push(operation.operationId);
        expect(operation.summary, where).toBeTruthy();
        const inPath = [...route.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
        const described = (operation.parameters ?? [])
          .filter((one: Json) => one.in === "path")
          .map((one: Json) => one.name);
        expect(described.sort(), where).toEqual(inPath.sort());
        expect(
          Object.keys(operation.responses).some((status) => status.startsWith("2")),
          where,
        ).toBe(true);
        const needsToken = !/openapi|health|jwks/.test(route) && !publicOperation.test(where);
        expect(operation.security, where).toEqual(needsToken ? [{ token: [] }] : undefined);
        for (const [status, response] of Object.entries<Json>(operation.responses)) {
          expect(response.description, `${where} ${status}`).not.toBe("Default Response");
          if (Number(status) < 400) continue;
          expect(response.content["application/problem+json"].schema, where).toEqual({
            $ref: "#/components/schemas/Problem",
          });
          for (const code of response.description.match(/[A-Z]+_[A-Z_]+|INTERNAL/g)) {
            expect(problemTable[code as keyof typeof problemTable].status, code).toBe(Number(status));
          }
        }
        if (needsToken)
          expect(Object.keys(operation.responses), where).toEqual(
            expect.arrayContaining(["401", "403", "500"]),
          );
      }
    }
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("describes the routes that there are: each path answers, and with the methods that it describes", async () => {
    const document = await read();
    for (const [route, operations] of Object.entries<Json>(document.paths)) {
      const concrete = route
        .replace("{collection}", "notes")
        .replace("{id}", "0197a5f0-3c7e-7a10-9d5b-2f6c1e8b4a37");
      const { status, headers } = await ask(port(), concrete, { method: "OPTIONS" });
      expect(status, route).toBe(204);
      const allowed = (headers["allow"] ?? "")
        .split(", ")
        .filter((method) => method !== "OPTIONS" && method !== "HEAD");
      expect(allowed, route).toEqual(
        Object.keys(operations)
          .map((method) => method.toUpperCase())
          .sort(),
      );
    }
  });
});

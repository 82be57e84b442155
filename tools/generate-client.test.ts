import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { generateApi, generateClient, generatedFolder } from "./generate-client.ts";

test("the client is what the OpenAPI documents make of it", () => {
  const files = generateClient();
  expect(globSync(`${generatedFolder}/**/*.ts`).sort()).toEqual(Object.keys(files).sort());
  for (const [path, text] of Object.entries(files)) {
    expect(readFileSync(path, "utf8"), `${path}: run node tools/generate-client.ts`).toBe(text);
  }
});

test("an operation that is new to a document is new to the client", async () => {
  const files = generateApi("example", {
    paths: {
      "/things/{id}": {
        get: {
          operationId: "getThing",
          tags: ["things"],
          parameters: [
            { in: "path", name: "id", required: true, schema: { type: "string" } },
            { in: "header", name: "If-None-Match", schema: { type: "string" } },
          ],
          responses: {
            "200": { content: { "application/json": { schema: { $ref: "#/components/schemas/Thing" } } } },
            "304": {},
          },
        },
      },
      "/things/{id}/events": {
        get: {
          operationId: "watchThing",
          tags: ["things"],
          responses: { "200": { content: { "text/event-stream": { schema: { type: "string" } } } } },
        },
      },
    },
    components: {
      schemas: {
        Thing: {
          type: "object",
          properties: { kind: { enum: ["a", "b"] }, sizes: { type: "array", items: { type: "integer" } } },
          required: ["kind"],
        },
      },
    },
  });
  await expect(files["things"]).toMatchFileSnapshot("client/example-client.golden.txt");
  expect(Object.keys(files)).toEqual(["schemas", "things", "example"]);
});

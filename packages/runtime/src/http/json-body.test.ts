import fc from "fast-check";
import { expect, test } from "vitest";
import { parseJsonBody } from "./json-body.ts";
import { ProblemError } from "./problems.ts";

const parse = (text: string | Uint8Array) =>
  parseJsonBody(typeof text === "string" ? Buffer.from(text) : text, {
    jsonDepthMax: 32,
    jsonValuesMax: 1_000,
  });

function problemOf(run: () => unknown): ProblemError {
  try {
    run();
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

test("what PostgreSQL can store comes back as it went in", () => {
  const storable = fc.jsonValue({ maxDepth: 8 }).filter((value) => {
    const text = JSON.stringify(value);
    return (
      !text.includes("\\u0000") &&
      !text.includes("__proto__") &&
      text.isWellFormed() &&
      !/\\ud[89a-f]/i.test(text) &&
      isExact(value)
    );
  });
  fc.assert(
    fc.property(storable, (value) => {
      expect(parse(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

function isExact(value: unknown): boolean {
  if (typeof value === "number") return !Number.isInteger(value) || Number.isSafeInteger(value);
  return typeof value !== "object" || value === null || Object.values(value).every(isExact);
}

test.each([
  ["nothing", ""],
  ["a byte order mark", "\ufeff{}"],
  ["two values", "{} {}"],
  ["a trailing comma", '{"a":1,}'],
  ["single quotes", "{'a':1}"],
  ["NaN", '{"a":NaN}'],
  ["a comment", '{"a":1}//'],
  ["a cut-off text", '{"a":'],
  ["a raw line feed in a string", '{"a":"\n"}'],
  ["bytes that are not UTF-8", new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
  ["an overlong encoding", new Uint8Array([0x22, 0xc0, 0xaf, 0x22])],
  ["UTF-16", new Uint8Array(Buffer.from('{"a":1}', "utf16le"))],
])("%s is malformed JSON, and the problem quotes none of it", (_name, text) => {
  const problem = problemOf(() => parse(text));
  expect(problem.code).toBe("MALFORMED_JSON");
  expect(problem.detail).toBe("the body is not well-formed JSON in UTF-8");
});

test.each([
  ["U+0000 in a value", String.raw`{"a":["\u0000"]}`, "/a/0"],
  ["U+0000 in a key", String.raw`{"\u0000":1}`, "/\u0000"],
  ["a high surrogate alone", String.raw`{"a":"\ud800"}`, "/a"],
  ["a low surrogate alone", String.raw`{"a":"\udc00x"}`, "/a"],
  ["a lone surrogate in a key", String.raw`{"\ud800":1}`, "/\ufffd"],
  ["a number beyond every double", '{"a":1e400}', "/a"],
  ["a number below every double", '{"a":-1e400}', "/a"],
  ["a whole number that loses digits", '{"a":9007199254740993}', "/a"],
  ["the key __proto__", '{"a":{"__proto__":{"admin":true}}}', "/a/__proto__"],
  ["the key __proto__ in escapes", String.raw`{"\u005f_proto__":1}`, "/__proto__"],
  ["a key with a slash above a mistake", '{"a/b~c":[1e400]}', "/a~1b~0c/0"],
])("%s is refused where it stands", (_name, text, pointer) => {
  const problem = problemOf(() => parse(text));
  expect(problem.code).toBe("INVALID_BODY");
  expect(problem.errors?.[0]?.pointer).toBe(pointer);
});

test("depth is bounded before any recursion can be", () => {
  const nest = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  expect(parse(nest(32))).toBeDefined();
  expect(problemOf(() => parse(nest(33))).code).toBe("INVALID_BODY");
  expect(problemOf(() => parse(nest(400_000))).statusCode).toBeLessThan(500);
});

test("the key constructor is data and touches nothing", () => {
  const value = parse('{"constructor":{"prototype":{"admin":true}}}') as Record<string, unknown>;
  expect(Object.keys(value)).toEqual(["constructor"]);
  expect(({} as Record<string, unknown>)["admin"]).toBeUndefined();
});

test("of a key that stands twice the last one counts", () => {
  expect(parse('{"a":1,"a":2}')).toEqual({ a: 2 });
});

test("more values than the limit are refused before they are built, wherever their commas stand", () => {
  const list = (count: number) => `[${Array.from({ length: count }, (_, index) => index).join(",")}]`;
  expect(parse(list(1_000))).toHaveLength(1_000);
  expect(() => parse(list(1_001))).toThrow(ProblemError);
  expect(parse(JSON.stringify({ text: ",".repeat(5_000), quoted: '\\",,,"'.repeat(1_000) }))).toMatchObject(
    {},
  );
  expect(() => parse(`{"a":${list(600)},"b":${list(600)}}`)).toThrow(ProblemError);
});

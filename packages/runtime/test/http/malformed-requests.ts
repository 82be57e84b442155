/** What a case does to a good request. `lines` replaces the headers between Host and the body. */
export interface Case {
  readonly request?: string;
  readonly host?: readonly string[];
  readonly authorization?: readonly string[];
  readonly lines?: readonly string[];
  readonly body?: string | Uint8Array;
  readonly expected: string;
}

export const json = "content-type: application/json";
export const posted = "POST /v2/documents/notes HTTP/1.1";
/** A body, posted as JSON with its length. */
const body = (content: string | Uint8Array, expected: string): Case => ({
  request: posted,
  lines: [json],
  body: content,
  expected,
});
const deep = (depth: number) => `{"body":{"a":${"[".repeat(depth)}${"]".repeat(depth)}}}`;

export const cases: Readonly<Record<string, Case>> = {
  // Bodies.
  "an empty body": body("", "INVALID_BODY MALFORMED_JSON"),
  "a body that is not JSON": body("hello", "MALFORMED_JSON"),
  "a body that is cut off": body('{"body":{', "MALFORMED_JSON"),
  "a body in single quotes": body("{'body':{}}", "MALFORMED_JSON"),
  "a body with NaN": body('{"body":{"a":NaN}}', "MALFORMED_JSON"),
  "a body with a byte order mark": body("\ufeff{}", "MALFORMED_JSON"),
  "a body in UTF-16": body(Buffer.from('{"body":{}}', "utf16le"), "MALFORMED_JSON"),
  "a body in Latin-1": body(Buffer.from('{"body":{"a":"é"}}', "latin1"), "MALFORMED_JSON"),
  "a body of two values": body('{"body":{}}{"body":{}}', "MALFORMED_JSON"),
  "a body of binary zeros": body(new Uint8Array(64), "MALFORMED_JSON"),
  "a body that is null": body("null", "INVALID_BODY"),
  "a body that is an array": body('[{"body":{}}]', "INVALID_BODY"),
  "a body that is text": body('"body"', "INVALID_BODY"),
  "a body that is a number": body("1", "INVALID_BODY"),
  "a body without its member": body("{}", "INVALID_BODY"),
  "an unknown member": body('{"body":{},"admin":true}', "INVALID_BODY"),
  "a tenant in the body": body('{"body":{},"tenant_id":"globex-inc"}', "INVALID_BODY"),
  "an id in the body": body('{"body":{},"id":"0197a5f0-3c7e-7a10-9d5b-2f6c1e8b4a37"}', "INVALID_BODY"),
  "a version in the body": body('{"body":{},"version":9}', "INVALID_BODY"),
  "content that is an array": body('{"body":[]}', "INVALID_BODY"),
  "content that is null": body('{"body":null}', "INVALID_BODY"),
  "content that is text": body('{"body":"x"}', "INVALID_BODY"),
  "U+0000 in a value": body(String.raw`{"body":{"a":"\u0000"}}`, "INVALID_BODY"),
  "U+0000 in a key": body(String.raw`{"body":{"\u0000":1}}`, "INVALID_BODY"),
  "a lone high surrogate": body(String.raw`{"body":{"a":"\ud800"}}`, "INVALID_BODY"),
  "a lone low surrogate in a key": body(String.raw`{"body":{"\udfff":1}}`, "INVALID_BODY"),
  "a number beyond every double": body('{"body":{"a":1e999}}', "INVALID_BODY"),
  "a whole number that loses digits": body('{"body":{"a":12345678901234567890}}', "INVALID_BODY"),
  "__proto__ above": body('{"__proto__":{"body":{}}}', "INVALID_BODY"),
  "__proto__ below": body('{"body":{"__proto__":{"a":1}}}', "INVALID_BODY"),
  "too deep": body(deep(31), "INVALID_BODY"),
  "a hundred thousand levels": body(deep(100_000), "INVALID_BODY"),
  "a hundred thousand open brackets": body("[".repeat(100_000), "MALFORMED_JSON"),
  "a body of more than 1 MiB": body(`{"body":{"a":"${"x".repeat(1_048_576)}"}}`, "BODY_TOO_LARGE"),
  "a length of more than 1 MiB and no body": {
    request: posted,
    lines: [json, "content-length: 999999999"],
    expected: "BODY_TOO_LARGE",
  },
  "a chunked body of more than 1 MiB": {
    request: posted,
    lines: [json, "transfer-encoding: chunked"],
    body: `${(1_100_000).toString(16)}\r\n${"x".repeat(1_100_000)}\r\n0\r\n\r\n`,
    expected: "BODY_TOO_LARGE",
  },
  // Media types.
  "no content type": { request: posted, lines: [], body: '{"body":{}}', expected: "UNSUPPORTED_MEDIA_TYPE" },
  text: {
    request: posted,
    lines: ["content-type: text/plain"],
    body: '{"body":{}}',
    expected: "UNSUPPORTED_MEDIA_TYPE",
  },
  "a form": {
    request: posted,
    lines: ["content-type: application/x-www-form-urlencoded"],
    body: "body=x",
    expected: "UNSUPPORTED_MEDIA_TYPE",
  },
  XML: {
    request: posted,
    lines: ["content-type: application/xml"],
    body: "<a/>",
    expected: "UNSUPPORTED_MEDIA_TYPE",
  },
  "another charset": {
    request: posted,
    lines: [`${json}; charset=utf-7`],
    body: '{"body":{}}',
    expected: "UNSUPPORTED_MEDIA_TYPE",
  },
  "a malformed content type": {
    request: posted,
    lines: ["content-type: ;;;"],
    body: '{"body":{}}',
    expected: "UNSUPPORTED_MEDIA_TYPE",
  },
  "a compressed body": {
    request: posted,
    lines: [json, "content-encoding: gzip"],
    body: "x",
    expected: "UNSUPPORTED_MEDIA_TYPE",
  },
  "a patch as plain JSON": {
    request: "PATCH /v2/documents/notes/{id} HTTP/1.1",
    lines: [json],
    body: '{"body":{}}',
    expected: "UNSUPPORTED_MEDIA_TYPE",
  },
  "a JSON Patch": {
    request: "PATCH /v2/documents/notes/{id} HTTP/1.1",
    lines: ["content-type: application/json-patch+json"],
    body: "[]",
    expected: "UNSUPPORTED_MEDIA_TYPE",
  },
  "two content types": {
    request: posted,
    lines: [json, "content-type: text/plain"],
    body: '{"body":{}}',
    expected: "DUPLICATE_HEADER",
  },
  "a body where none belongs": {
    request: "DELETE /v2/documents/notes/{id} HTTP/1.1",
    lines: [json],
    body: "{}",
    expected: "MALFORMED_REQUEST",
  },
  "a GET with a body": {
    request: "GET /v2/tenant HTTP/1.1",
    lines: [json],
    body: "{}",
    expected: "MALFORMED_REQUEST",
  },
  "HTML wanted": {
    request: "GET /v2/tenant HTTP/1.1",
    lines: ["accept: text/html"],
    expected: "NOT_ACCEPTABLE",
  },
  // Hosts.
  "no host": { host: [], expected: "MALFORMED_HOST" },
  "two hosts": { host: ["acme-corp.localhost", "globex-inc.localhost"], expected: "MALFORMED_HOST" },
  "the same host twice": { host: ["acme-corp.localhost", "acme-corp.localhost"], expected: "MALFORMED_HOST" },
  "an empty host": { host: [""], expected: "MALFORMED_HOST" },
  "a host list": { host: ["acme-corp.localhost, globex-inc.localhost"], expected: "MALFORMED_HOST" },
  "a host with user info": { host: ["globex-inc.localhost@acme-corp.localhost"], expected: "MALFORMED_HOST" },
  "a host with a path": { host: ["acme-corp.localhost/x"], expected: "MALFORMED_HOST" },
  "a host with a bad port": { host: ["acme-corp.localhost:abc"], expected: "MALFORMED_HOST" },
  "a host with a port out of range": { host: ["acme-corp.localhost:70000"], expected: "MALFORMED_HOST" },
  "a host with bytes beyond ASCII": { host: ["acm\u00e9-corp.localhost"], expected: "MALFORMED_HOST" },
  "a host with two dots": { host: ["acme-corp..localhost"], expected: "MALFORMED_HOST" },
  "a host in brackets": { host: ["[acme-corp.localhost]"], expected: "MALFORMED_HOST" },
  "an address": { host: ["127.0.0.1"], expected: "INVALID_TENANT" },
  "an IPv6 address": { host: ["[::1]:8080"], expected: "INVALID_TENANT" },
  "the suffix alone": { host: ["localhost"], expected: "INVALID_TENANT" },
  "an unknown tenant": { host: ["nobody-here.localhost"], expected: "INVALID_TENANT" },
  "a tenant outside the grammar": { host: ["acme--corp.localhost"], expected: "INVALID_TENANT" },
  "a suffix that is not ours": { host: ["acme-corp.evil.net"], expected: "INVALID_TENANT" },
  "an unknown host with x-forwarded-host": {
    host: ["evil.net"],
    lines: ["x-forwarded-host: acme-corp.localhost"],
    expected: "INVALID_TENANT",
  },
  "a space before the colon of Host": {
    request: "GET /v2/tenant HTTP/1.1\r\nHost : globex-inc.localhost",
    expected: "MALFORMED_REQUEST",
  },
  // Request targets.
  "a target that names another host": {
    request: "GET http://globex-inc.localhost/v2/tenant HTTP/1.1",
    expected: "MALFORMED_HOST",
  },
  "a target with user info": {
    request: "GET http://acme-corp.localhost@evil.net/v2/tenant HTTP/1.1",
    expected: "MALFORMED_HOST",
  },
  "a target of another scheme": {
    request: "GET file:///etc/passwd HTTP/1.1",
    expected: "MALFORMED_TARGET MALFORMED_REQUEST",
  },
  "a target with a fragment": {
    request: "GET /v2/tenant#x HTTP/1.1",
    expected: "MALFORMED_TARGET MALFORMED_REQUEST",
  },
  "broken per cent encoding": { request: "GET /v2/documents/%zz HTTP/1.1", expected: "MALFORMED_TARGET" },
  "per cent encoding that is not UTF-8": {
    request: "GET /v2/documents/%ff%fe HTTP/1.1",
    expected: "MALFORMED_TARGET",
  },
  "an encoded NUL": { request: "GET /v2/documents/notes%00 HTTP/1.1", expected: "INVALID_PARAMETER" },
  "an encoded slash": { request: "GET /v2/documents/a%2Fb HTTP/1.1", expected: "INVALID_PARAMETER" },
  "an encoded traversal": {
    request: "GET /v2/documents/%2e%2e%2f%2e%2e HTTP/1.1",
    expected: "INVALID_PARAMETER",
  },
  "a traversal": { request: "GET /v2/documents/../../etc/passwd HTTP/1.1", expected: "ROUTE_NOT_FOUND" },
  "a collection in capitals": { request: "GET /v2/documents/Notes HTTP/1.1", expected: "INVALID_PARAMETER" },
  "a collection that is too long": {
    request: `GET /v2/documents/${"a".repeat(64)} HTTP/1.1`,
    expected: "INVALID_PARAMETER",
  },
  "a collection that is far too long": {
    request: `GET /v2/documents/${"a".repeat(300)} HTTP/1.1`,
    expected: "INVALID_PARAMETER",
  },
  "an id that is SQL": {
    request: "GET /v2/documents/notes/'%20or%201=1-- HTTP/1.1",
    expected: "INVALID_PARAMETER",
  },
  "an id in capitals": {
    request: "GET /v2/documents/notes/0197A5F0-3C7E-7A10-9D5B-2F6C1E8B4A37 HTTP/1.1",
    expected: "INVALID_PARAMETER",
  },
  "an unknown parameter": {
    request: "GET /v2/documents/notes?tenant=globex-inc HTTP/1.1",
    expected: "INVALID_PARAMETER",
  },
  "a parameter twice": {
    request: "GET /v2/documents/notes?limit=1&limit=2 HTTP/1.1",
    expected: "INVALID_PARAMETER",
  },
  "a parameter named __proto__": {
    request: "GET /v2/documents/notes?__proto__=1 HTTP/1.1",
    expected: "INVALID_PARAMETER",
  },
  "a path that nobody has": { request: "GET /v2/nothing HTTP/1.1", expected: "ROUTE_NOT_FOUND" },
  "a version that nobody has": { request: "GET /v2 HTTP/1.1", expected: "ROUTE_NOT_FOUND" },
  "a method that nobody has": { request: "PROPFIND /v2/tenant HTTP/1.1", expected: "METHOD_NOT_ALLOWED" },
  CONNECT: { request: "CONNECT evil.net:443 HTTP/1.1", expected: "METHOD_NOT_ALLOWED" },
  // Headers.
  "two Authorization fields": {
    authorization: ["Bearer {token}", "Bearer {token}"],
    expected: "DUPLICATE_HEADER",
  },
  "a token with a space behind it, quoted": {
    authorization: ['Bearer "{token}"'],
    expected: "TOKEN_INVALID",
  },
  "a token in a list": { authorization: ["Bearer {token}, Bearer {token}"], expected: "TOKEN_INVALID" },
  "basic authentication": { authorization: ["Basic YWRhOnNlY3JldA=="], expected: "TOKEN_INVALID" },
  "an empty Authorization": { authorization: [""], expected: "TOKEN_INVALID" },
  "an ETag without quotes": {
    request: "DELETE /v2/documents/notes/{id} HTTP/1.1",
    lines: ["if-match: 1"],
    expected: "MALFORMED_HEADER",
  },
  "If-None-Match on a write": {
    request: "DELETE /v2/documents/notes/{id} HTTP/1.1",
    lines: ["if-none-match: *"],
    expected: "PRECONDITION_UNSUPPORTED",
  },
  "an unknown expectation": { lines: ["expect: 200-ok"], expected: "EXPECTATION_FAILED" },
  "headers of 20 kB": { lines: [`x-long: ${"x".repeat(20_000)}`], expected: "HEADERS_TOO_LARGE" },
  "ten thousand headers": {
    lines: Array.from({ length: 10_000 }, (_, n) => `x-${n}: y`),
    expected: "HEADERS_TOO_LARGE",
  },
  "a target of 20 kB": { request: `GET /${"x".repeat(20_000)} HTTP/1.1`, expected: "HEADERS_TOO_LARGE" },
  "a header without a colon": { lines: ["nonsense"], expected: "MALFORMED_REQUEST" },
  "a header with a NUL": { lines: ["x-nul: a\u0000b"], expected: "MALFORMED_REQUEST" },
  "a folded header": { lines: ["x-folded: a\r\n b"], expected: "MALFORMED_REQUEST" },
  "a header name with a space": { lines: ["x y: z"], expected: "MALFORMED_REQUEST" },
  "a bare carriage return": { lines: ["x-cr: a\rb"], expected: "MALFORMED_REQUEST" },
  // Framing.
  "a length and chunks": {
    request: posted,
    lines: [json, "content-length: 3", "transfer-encoding: chunked"],
    body: "0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n",
    expected: "MALFORMED_REQUEST",
  },
  "chunks and a length": {
    request: posted,
    lines: [json, "transfer-encoding: chunked", "content-length: 3"],
    body: "0\r\n\r\n",
    expected: "MALFORMED_REQUEST",
  },
  "two lengths": {
    request: posted,
    lines: [json, "content-length: 2", "content-length: 3"],
    body: "{}",
    expected: "MALFORMED_REQUEST DUPLICATE_HEADER",
  },
  "a length list": {
    request: posted,
    lines: [json, "content-length: 2, 2"],
    body: "{}",
    expected: "MALFORMED_REQUEST",
  },
  "a negative length": {
    request: posted,
    lines: [json, "content-length: -1"],
    body: "{}",
    expected: "MALFORMED_REQUEST",
  },
  "a length in hexadecimal": {
    request: posted,
    lines: [json, "content-length: 0x2"],
    body: "{}",
    expected: "MALFORMED_REQUEST",
  },
  "a length with a sign": {
    request: posted,
    lines: [json, "content-length: +2"],
    body: "{}",
    expected: "MALFORMED_REQUEST",
  },
  "an unknown transfer encoding": {
    request: posted,
    lines: [json, "transfer-encoding: xchunked"],
    body: "0\r\n\r\n",
    expected: "MALFORMED_REQUEST",
  },
  "a transfer encoding twice": {
    request: posted,
    lines: [json, "transfer-encoding: chunked", "transfer-encoding: identity"],
    body: "0\r\n\r\n",
    expected: "MALFORMED_REQUEST DUPLICATE_HEADER",
  },
  "a hidden transfer encoding": {
    request: posted,
    lines: [json, "transfer-encoding:\u000bchunked"],
    body: "0\r\n\r\n",
    expected: "MALFORMED_REQUEST",
  },
  "a chunk of a malformed size": {
    request: posted,
    lines: [json, "transfer-encoding: chunked"],
    body: "zz\r\n{}\r\n0\r\n\r\n",
    expected: "MALFORMED_REQUEST",
  },
  "a chunk that is longer than it says": {
    request: posted,
    lines: [json, "transfer-encoding: chunked"],
    body: "1\r\n{}{}\r\n0\r\n\r\n",
    expected: "MALFORMED_REQUEST",
  },
  "a chunk size beyond every number": {
    request: posted,
    lines: [json, "transfer-encoding: chunked"],
    body: "fffffffffffffffff\r\n",
    expected: "MALFORMED_REQUEST",
  },
  "a chunk extension of 20 kB": {
    request: posted,
    lines: [json, "transfer-encoding: chunked"],
    body: `2;${"x".repeat(20_000)}\r\n{}\r\n0\r\n\r\n`,
    expected: "BODY_TOO_LARGE MALFORMED_REQUEST",
  },
  // Not HTTP.
  "a TLS hello": { request: "\u0016\u0003\u0001\u0002\u0000\u0001", expected: "MALFORMED_REQUEST" },
  "HTTP/2 without asking": { request: "PRI * HTTP/2.0", expected: "MALFORMED_REQUEST" },
  "HTTP/0.9": { request: "GET /v2/tenant", expected: "MALFORMED_REQUEST" },
  "HTTP/9.9": { request: "GET /v2/tenant HTTP/9.9", expected: "MALFORMED_REQUEST" },
  "a method in lower case": { request: "get /v2/tenant HTTP/1.1", expected: "MALFORMED_REQUEST" },
  "a target with a space": { request: "GET /v2/ten ant HTTP/1.1", expected: "MALFORMED_REQUEST" },
  words: { request: "hello there", expected: "MALFORMED_REQUEST" },
};

/** The request of a case, with the token and the id that it is about. */
export function bytesOf(one: Case, { token, id }: { readonly token: string; readonly id: string }): Buffer {
  const fill = (text: string) => text.replaceAll("{token}", token).replaceAll("{id}", id);
  const framed = one.lines?.some((line) => /^(content-length|transfer-encoding)/.test(line)) === true;
  const content = Buffer.from(one.body ?? "");
  const lines = [
    fill(one.request ?? "GET /v2/tenant HTTP/1.1"),
    ...(one.host ?? ["acme-corp.localhost"]).map((host) => `Host: ${host}`),
    ...(one.authorization ?? ["Bearer {token}"]).map((value) => `Authorization: ${fill(value)}`),
    ...(one.lines ?? []),
    ...(one.body === undefined || framed ? [] : [`content-length: ${content.length}`]),
    "",
    "",
  ];
  return Buffer.concat([Buffer.from(lines.join("\r\n"), "latin1"), content]);
}

import { errorOf, UnexpectedAnswerError } from "./problem-error.ts";
import type { Content, Route } from "./route.ts";
import { serverSentEvents } from "./server-sent-events.ts";

export interface ClientOptions {
  /** Where the API is, such as `https://acme-corp.example.com`. */
  readonly baseUrl: string | URL;
  /** An access token or an API key, or what gives one for each request. */
  readonly token?: string | (() => string | Promise<string>);
  readonly fetch?: typeof globalThis.fetch;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
}

/** What came back. */
export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
  /** The version that came back, for ifMatch and ifNoneMatch. */
  readonly etag: string | null;
}

/** Sends one request. @throws ProblemError, UnexpectedAnswerError, and what fetch throws */
export async function call(
  options: ClientOptions,
  route: Route,
  input: Readonly<Record<string, unknown>>,
  { signal }: CallOptions = {},
): Promise<Answer<unknown>> {
  const headers = await headersOf(options, route, input);
  const body = bodyOf(route, input, headers);
  const request: RequestInit & { duplex?: "half" } = { method: route.method, headers, redirect: "error" };
  if (body !== undefined) request.body = body;
  // Without it no stream can be sent.
  if (body instanceof ReadableStream) request.duplex = "half";
  if (signal !== undefined) request.signal = signal;
  const response = await (options.fetch ?? globalThis.fetch)(urlOf(options, route, input), request);
  if (!response.ok && response.status !== 304) throw await errorOf(response);
  return {
    status: response.status,
    headers: response.headers,
    body: await answerBody(route, response),
    etag: response.headers.get("etag"),
  };
}

function urlOf(options: ClientOptions, route: Route, input: Readonly<Record<string, unknown>>): URL {
  let path = route.path;
  const query = new URLSearchParams();
  for (const [member, [place, name]] of Object.entries(route.parameters)) {
    const value = input[member];
    if (place === "path") path = path.replace(`{${name}}`, segment(name, value));
    if (place === "query" && value !== undefined) query.append(name, String(value));
  }
  const url = new URL(options.baseUrl);
  url.pathname = `${url.pathname.replace(/\/$/, "")}${path}`;
  url.search = query.toString();
  return url;
}

/** An empty segment or a dot would lead to another path. */
function segment(name: string, value: unknown): string {
  const text = String(value ?? "");
  if (text === "" || text === "." || text === "..") {
    throw new TypeError(`${name} is ${JSON.stringify(text)}, which cannot be part of a path`);
  }
  return encodeURIComponent(text);
}

async function headersOf(
  { token }: ClientOptions,
  route: Route,
  input: Readonly<Record<string, unknown>>,
): Promise<Headers> {
  const headers = new Headers();
  if (route.answers !== "stream") {
    headers.set("accept", route.answers === "events" ? "text/event-stream" : "application/json");
  }
  const given = typeof token === "function" ? await token() : token;
  if (given !== undefined) headers.set("authorization", `Bearer ${given}`);
  for (const [member, [place, name]] of Object.entries(route.parameters)) {
    const value = input[member];
    if (place === "header" && value !== undefined) headers.set(name, String(value));
  }
  return headers;
}

function bodyOf(
  route: Route,
  input: Readonly<Record<string, unknown>>,
  headers: Headers,
): Content | undefined {
  if (route.body === null) return undefined;
  if (route.body === "binary") {
    headers.set("content-type", String(input["contentType"] ?? "application/octet-stream"));
    return input["body"] as Content;
  }
  if (input["body"] === undefined) return undefined;
  headers.set("content-type", route.body);
  return JSON.stringify(input["body"]);
}

async function answerBody(route: Route, response: Response): Promise<unknown> {
  if (response.status === 204 || response.status === 304) return null;
  if (route.answers === "stream") return response.body ?? new Blob([]).stream();
  if (route.answers === "events") return serverSentEvents(response.body ?? new Blob([]).stream());
  const text = await response.text();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new UnexpectedAnswerError(response.status, response.headers.get("content-type") ?? "", text);
  }
}

import { lookup as dnsLookup } from "node:dns";
import http from "node:http";
import https from "node:https";
import { isIP, type LookupFunction } from "node:net";
import type { Clock } from "@tenantry/base";
import { hostOf, mayConnect, type ReceiverRules } from "./receiver-address.ts";

type Addresses = readonly { readonly address: string; readonly family: number }[];

/** All addresses of a host name. */
export type ResolveHost = (host: string) => Promise<Addresses>;

export const systemResolveHost: ResolveHost = (host) =>
  new Promise((resolve, reject) => {
    dnsLookup(host, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
  });

export interface WebhookRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface SendOptions extends ReceiverRules {
  readonly clock: Clock;
  readonly resolveHost: ResolveHost;
  /** From the look-up of the name to the end of the answer. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export type SendResult =
  | {
      readonly kind: "answered";
      readonly status: number;
      /** What the receiver asks for with Retry-After, in seconds. */
      readonly retryAfterSeconds: number | null;
    }
  | { readonly kind: "failed"; readonly reason: string };

const answerBytesMax = 65_536;

/**
 * One attempt. The name is resolved here and the connection goes to an address that was looked at,
 * so a name that leads elsewhere the second time (DNS rebinding) gains nothing. Redirects are not
 * followed, proxies not asked, connections not kept. Of the answer only the status counts.
 */
export async function sendWebhook(request: WebhookRequest, options: SendOptions): Promise<SendResult> {
  const url = new URL(request.url);
  const over = new AbortController();
  const timer = new AbortController();
  const giveUp = () => over.abort();
  options.signal.addEventListener("abort", giveUp, { once: true });
  options.clock.sleep(options.timeoutMs, timer.signal).then(giveUp, () => undefined);
  try {
    options.signal.throwIfAborted();
    return await exchange(url, request, options, over.signal);
  } catch (error) {
    options.signal.throwIfAborted();
    const reason = over.signal.aborted ? `it did not answer within ${options.timeoutMs} ms` : reasonOf(error);
    return { kind: "failed", reason };
  } finally {
    timer.abort();
    options.signal.removeEventListener("abort", giveUp);
  }
}

/** An address that may not be connected to. */
class ForbiddenAddress extends Error {
  constructor() {
    super("its name leads to an address that webhooks may not be sent to");
  }
}

async function exchange(
  url: URL,
  request: WebhookRequest,
  options: SendOptions,
  signal: AbortSignal,
): Promise<SendResult> {
  const addresses = await unlessAborted(allowedAddresses(url, options), signal);
  return post(url, request, addresses, signal);
}

/** The addresses of the host that this connection may go to; at least one. */
async function allowedAddresses(url: URL, options: SendOptions): Promise<Addresses> {
  const host = hostOf(url);
  const family = isIP(host);
  const addresses = family === 0 ? await options.resolveHost(host) : [{ address: host, family }];
  const allowed = addresses.filter(({ address }) => mayConnect(url.protocol, address, options));
  if (allowed.length === 0) throw new ForbiddenAddress();
  return allowed;
}

function post(
  url: URL,
  { headers, body }: WebhookRequest,
  addresses: Addresses,
  signal: AbortSignal,
): Promise<SendResult> {
  const { request } = url.protocol === "https:" ? https : http;
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
        "user-agent": "Tenantry-Webhooks",
        ...headers,
      },
      agent: false,
      lookup: lookupIn(addresses),
      signal,
    });
    let result: SendResult | null = null;
    outgoing.on("error", (error) => (result === null ? reject(error) : resolve(result)));
    outgoing.on("response", (response) => {
      const answered = resultOf(response);
      result = answered;
      let bytes = 0;
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > answerBytesMax) response.destroy();
      });
      // However the rest of it ends: the status was the answer.
      response.on("error", () => undefined);
      response.on("close", () => resolve(answered));
    });
    outgoing.end(body);
  });
}

/** Finds what was found and looked at before, whatever the name leads to by now. */
function lookupIn(addresses: Addresses): LookupFunction {
  return (_host, { all }, callback) => {
    const [first] = addresses;
    if (all || first === undefined) callback(null, [...addresses]);
    else callback(null, first.address, first.family);
  };
}

/** A look-up of a name cannot be called off; nobody waits for it any longer. */
function unlessAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(new Error("aborted"));
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

function resultOf(response: http.IncomingMessage): SendResult {
  const retryAfter = response.headers["retry-after"] ?? "";
  return {
    kind: "answered",
    status: response.statusCode ?? 0,
    retryAfterSeconds: /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : null,
  };
}

/** Why, for whoever looks after the webhook. It names no address of our network. */
function reasonOf(error: unknown): string {
  if (error instanceof ForbiddenAddress) return error.message;
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  const { code } = error as { code?: unknown };
  switch (code) {
    case "ECONNREFUSED":
      return "it refuses connections";
    case "ECONNRESET":
    case "EPIPE":
      return "it closed the connection without an answer";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "its name cannot be resolved";
    case "ETIMEDOUT":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return "it cannot be reached";
  }
  if (typeof code === "string" && /CERT|ALTNAME|VERIFY_LEAF/.test(code))
    return `its certificate is not trusted (${code})`;
  return `the exchange failed (${typeof code === "string" ? code : "no code"})`;
}

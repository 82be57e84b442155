import http from "node:http";
import type { AddressInfo } from "node:net";

/** A body as far as tests look into it. */
interface ReceivedMessage {
  readonly id: string;
  readonly type: string;
  readonly data: { readonly tenantId?: string; readonly n?: number; readonly webhookId?: string };
}

export interface Received {
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly json: ReceivedMessage;
  readonly atMs: number;
}

/** What a receiver does with a request: a status, or the response in its own hands. */
export type Answering = (received: Received, response: http.ServerResponse) => number | null;

/** A real server on loopback that keeps what it receives. */
export interface Receiver extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly received: Received[];
  /** How many requests were open at once, at most. */
  readonly openMax: number;
  answering: Answering;
  /** Resolves when so many requests have come. */
  until(count: number, withinMs?: number): Promise<void>;
}

export async function startReceiver(answering: Answering = () => 204): Promise<Receiver> {
  const received: Received[] = [];
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  let open = 0;
  let openMax = 0;
  const receiver = { answering };
  const server = http.createServer((request, response) => {
    open += 1;
    openMax = Math.max(openMax, open);
    response.on("close", () => (open -= 1));
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("error", () => undefined);
    request.on("end", () => {
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      );
      const body = Buffer.concat(chunks).toString("utf8");
      const item: Received = {
        id: headers["webhook-id"] ?? "",
        headers,
        body,
        json: JSON.parse(body) as ReceivedMessage,
        atMs: performance.now(),
      };
      received.push(item);
      const status = receiver.answering(item, response);
      if (status !== null) response.writeHead(status).end();
      for (const waiter of waiting) if (received.length >= waiter.count) waiter.resolve();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}/hooks`,
    received,
    get openMax() {
      return openMax;
    },
    get answering() {
      return receiver.answering;
    },
    set answering(next) {
      receiver.answering = next;
    },
    until: (count, withinMs = 50_000) =>
      new Promise((resolve, reject) => {
        if (received.length >= count) return resolve();
        const timer = setTimeout(
          () => reject(new Error(`${received.length} of ${count} requests came`)),
          withinMs,
        );
        waiting.push({ count, resolve: () => (clearTimeout(timer), resolve()) });
      }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

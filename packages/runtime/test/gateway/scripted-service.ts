import http from "node:http";
import type net from "node:net";
import { type WebSocket, WebSocketServer } from "ws";

/** A request as the service got it. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

type Answer = (request: http.IncomingMessage, response: http.ServerResponse) => void;

const served: Answer = (_request, response) => void response.end("served");

/** A service of the definition: a real server, of HTTP and of WebSockets, that remembers what it got. */
export class ScriptedService implements AsyncDisposable {
  readonly seen: Seen[] = [];
  /** Handshakes that it got, and sockets that are open. */
  readonly handshakes: Seen[] = [];
  readonly sockets = new Set<WebSocket>();
  /** What it does with the next requests, once their body is there. */
  answer: Answer = served;
  /** What it does with a socket that opens. */
  greet: (socket: WebSocket) => void = () => undefined;
  /** Set to refuse handshakes with this status. */
  refuseHandshakes: number | null = null;
  connections = 0;
  readonly #server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      this.seen.push(seenOf(request, Buffer.concat(chunks).toString()));
      this.answer(request, response);
    });
  });
  readonly #webSockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => (offered.has("chat") ? "chat" : false),
  });

  constructor() {
    this.#server.on("connection", () => (this.connections += 1));
    this.#server.on("upgrade", (request, socket, head) => {
      this.handshakes.push(seenOf(request, ""));
      if (this.refuseHandshakes !== null) {
        socket.end(
          `HTTP/1.1 ${this.refuseHandshakes} No\r\ncontent-type: text/plain\r\ncontent-length: 2\r\nconnection: close\r\n\r\nno`,
        );
        return;
      }
      this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => {
        this.sockets.add(webSocket);
        webSocket.on("close", () => this.sockets.delete(webSocket));
        webSocket.on("message", (data, isBinary) => webSocket.send(data, { binary: isBinary }));
        this.greet(webSocket);
      });
    });
  }

  async start(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(port, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as net.AddressInfo).port}`;
  }

  reset(): void {
    this.seen.length = 0;
    this.handshakes.length = 0;
    this.answer = served;
    this.greet = () => undefined;
    this.refuseHandshakes = null;
  }

  /** Closes idle connections, as a service does that has been silent for long. */
  closeIdle(): void {
    this.#server.closeIdleConnections();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.sockets) socket.terminate();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function seenOf({ method = "", url = "", headers }: http.IncomingMessage, body: string): Seen {
  return { method, url, headers, body };
}

/** Resolves when it holds; the test's own time limit is the bound. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

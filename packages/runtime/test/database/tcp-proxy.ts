import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/**
 * A proxy between the store and PostgreSQL that counts round trips: how often the client began to
 * send after the server had answered. It also counts the protocol's own marks of one, Sync from the
 * client and ReadyForQuery from the server.
 */
export interface TcpProxy extends AsyncDisposable {
  readonly port: number;
  counts(): RoundTrips;
  reset(): void;
  /** Breaks every connection that is open. */
  breakAll(): void;
}

export interface RoundTrips {
  readonly turns: number;
  readonly syncs: number;
  readonly readies: number;
  /** Bytes of everything that clients sent, as text; to look for what must not be there. */
  readonly sent: string;
}

const syncMessage = 0x53;
const readyMessage = 0x5a;

export async function startTcpProxy(target: {
  readonly host: string;
  readonly port: number;
}): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let turns = 0;
  let syncs = 0;
  let readies = 0;
  let sent: Buffer[] = [];
  const server = createServer((client) => {
    const upstream = connect(target.port, target.host);
    let lastSpeaker: "client" | "server" = "server";
    // The first message of a client has no type byte.
    const fromClient = countMessages(syncMessage, () => (syncs += 1), "untyped");
    const fromServer = countMessages(readyMessage, () => (readies += 1), "typed");
    client.on("data", (data) => {
      if (lastSpeaker === "server") turns += 1;
      lastSpeaker = "client";
      sent.push(data);
      fromClient(data);
      upstream.write(data);
    });
    upstream.on("data", (data) => {
      lastSpeaker = "server";
      fromServer(data);
      client.write(data);
    });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one);
      one.setNoDelay(true);
      one.on("error", () => undefined);
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the proxy has no port");
  return {
    port: address.port,
    counts: () => ({ turns, syncs, readies, sent: Buffer.concat(sent).toString("latin1") }),
    reset: () => {
      turns = syncs = readies = 0;
      sent = [];
    },
    breakAll: () => {
      for (const socket of sockets) socket.destroy();
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** Follows the messages of a stream, which may come in any pieces, and reports those of one type. */
function countMessages(
  type: number,
  onMessage: () => void,
  first: "typed" | "untyped",
): (data: Buffer) => void {
  let pending = Buffer.alloc(0);
  let isUntyped = first === "untyped";
  return (data) => {
    pending = Buffer.concat([pending, data]);
    for (;;) {
      const header = isUntyped ? 4 : 5;
      if (pending.length < header) return;
      const length = pending.readInt32BE(header - 4) + header - 4;
      if (pending.length < length) return;
      if (!isUntyped && pending[0] === type) onMessage();
      isUntyped = false;
      pending = pending.subarray(length);
    }
  };
}

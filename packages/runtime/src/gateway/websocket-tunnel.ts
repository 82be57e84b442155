import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Clock, Random } from "@tenantry/base";
import type { StreamEnd } from "./open-streams.ts";
import { closeFrame, WebSocketFrames } from "./websocket-frames.ts";

/** A socket that has left HTTP behind. */
export type TunnelSocket = Duplex & Pick<Socket, "setTimeout" | "destroySoon">;

export interface TunnelEnd {
  readonly socket: TunnelSocket;
  /** What came in the same packet as the handshake. */
  readonly head: Buffer;
}

export interface TunnelOptions {
  readonly client: TunnelEnd;
  readonly service: TunnelEnd;
  /** How long both may be silent. */
  readonly idleTimeoutMs: number;
  readonly clock: Clock;
  readonly random: Random;
}

/** How long the two have to say goodbye. */
const goodbyeMs = 1_000;

/** Codes of RFC 6455, section 7.4.1: going away, and policy violation. */
const closeCodes: Readonly<Record<StreamEnd, readonly [code: number, reason: string]>> = {
  draining: [1001, "the server is going away"],
  idle: [1001, "nothing was sent for too long"],
  "tenant-inactive": [1008, "the tenant is not active"],
  "credential-ended": [1008, "the credential is no longer valid"],
};

/**
 * Carries frames between a client and a service, as they are and no faster than the slower of the
 * two reads them. When one goes, so does the other.
 */
export class WebSocketTunnel {
  readonly #options: TunnelOptions;
  readonly #toClient = new WebSocketFrames();
  readonly #toService = new WebSocketFrames();
  readonly #over = new AbortController();
  #isEnding = false;

  constructor(options: TunnelOptions, onClose: () => void) {
    this.#options = options;
    const { client, service, idleTimeoutMs } = options;
    if (client.head.length > 0) this.#toService.write(client.head);
    if (service.head.length > 0) this.#toClient.write(service.head);
    client.socket.pipe(this.#toService).pipe(service.socket);
    service.socket.pipe(this.#toClient).pipe(client.socket);
    for (const socket of [client.socket, service.socket]) {
      socket.removeAllListeners("timeout");
      socket.setTimeout(idleTimeoutMs, () => this.end("idle"));
      socket.on("error", () => socket.destroy());
    }
    // A service that has ended in good order has its last frames still on their way to the client.
    service.socket.once("close", () => {
      if (!service.socket.readableEnded) client.socket.destroySoon();
    });
    client.socket.once("close", () => {
      service.socket.destroySoon();
      this.#over.abort();
      onClose();
    });
    if (client.socket.destroyed) {
      service.socket.destroy();
      onClose();
    } else if (service.socket.destroyed) client.socket.destroySoon();
  }

  /** Tells both why, and lets neither wait for the other. */
  end(reason: StreamEnd): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    const [code, text] = closeCodes[reason];
    this.#toClient.closeWith(closeFrame(code, text));
    this.#toService.closeWith(closeFrame(code, text, this.#options.random.bytes(4)));
    const { client, service, clock } = this.#options;
    clock.sleep(goodbyeMs, this.#over.signal).then(
      () => {
        client.socket.destroy();
        service.socket.destroy();
      },
      () => undefined,
    );
  }
}

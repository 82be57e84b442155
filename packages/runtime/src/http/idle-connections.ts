import type { Server } from "node:http";
import type { Socket } from "node:net";

/** Room that is made before the last place is taken, so that a burst does not meet a full house. */
const spareShare = 0.05;

/**
 * Keeps connections that nobody uses from taking the places of those that somebody needs: when
 * nearly as many are open as may be, each new one ends the one that has been idle longest. A connection
 * is idle between requests, and before its first one is complete.
 */
export class IdleConnections {
  /** The longest idle first. */
  readonly #idle = new Set<Socket>();
  /** Requests under way; more than one where a client sends ahead. */
  readonly #busy = new WeakMap<Socket, number>();
  readonly #fullAt: number;
  #open = 0;

  constructor(connectionsMax: number) {
    this.#fullAt = Math.max(1, Math.floor(connectionsMax * (1 - spareShare)));
  }

  attach(server: Server): void {
    server.on("connection", (socket: Socket) => {
      this.#open += 1;
      if (this.#open > this.#fullAt) this.#endLongestIdle();
      this.#idle.add(socket);
      socket.once("close", () => {
        this.#open -= 1;
        this.#idle.delete(socket);
      });
    });
  }

  /** A request has come. */
  begin(socket: Socket): void {
    this.#busy.set(socket, (this.#busy.get(socket) ?? 0) + 1);
    this.#idle.delete(socket);
  }

  /** A request was answered, or its client has gone. */
  end(socket: Socket): void {
    const left = (this.#busy.get(socket) ?? 1) - 1;
    this.#busy.set(socket, left);
    if (left === 0 && !socket.destroyed) this.#idle.add(socket);
  }

  #endLongestIdle(): void {
    for (const socket of this.#idle) {
      this.#idle.delete(socket);
      socket.destroy();
      return;
    }
  }
}

import type { Clock } from "@tenantry/base";
import type { TenantConnection } from "./tenant-connection.ts";

export interface ConnectionPoolOptions {
  readonly connect: () => Promise<TenantConnection>;
  readonly sizeMax: number;
  /** How long a request waits for a free connection. */
  readonly waitMs: number;
  readonly clock: Clock;
}

/** Why no connection could be lent. */
export class PoolBusy extends Error {
  override readonly name = "PoolBusy";
}
export class PoolClosed extends Error {
  override readonly name = "PoolClosed";
}

interface Waiter {
  readonly give: (connection: TenantConnection) => void;
  readonly refuse: (error: unknown) => void;
}

/**
 * A bounded set of sessions, lent to one transaction at a time.
 *
 * A tenant gets the session that it used last if that is free, because it needs no reset. Whoever
 * finds none waits in line; a session that comes back goes to the head of the line. A session in
 * doubt is thrown away, and its place is given to the next in line as a new one.
 */
export class ConnectionPool implements AsyncDisposable {
  readonly #options: ConnectionPoolOptions;
  readonly #idle: TenantConnection[] = [];
  readonly #lent = new Set<TenantConnection>();
  readonly #waiters: Waiter[] = [];
  #opening = 0;
  #state: "open" | "draining" | "closed" = "open";

  constructor(options: ConnectionPoolOptions) {
    this.#options = options;
  }

  /** How many transactions run or wait. */
  get load(): number {
    return this.#lent.size + this.#opening + this.#waiters.length;
  }

  async acquire(seal: string, signal: AbortSignal | undefined): Promise<TenantConnection> {
    if (this.#state === "closed") throw new PoolClosed();
    signal?.throwIfAborted();
    const idle = this.#takeIdle(seal);
    if (idle !== undefined) return idle;
    const waiting = this.#wait(signal);
    this.#openIfRoom();
    return waiting;
  }

  release(connection: TenantConnection): void {
    this.#lent.delete(connection);
    const isWanted = this.#state === "open" || (this.#state === "draining" && this.#waiters.length > 0);
    if (!connection.isUsable || !isWanted) {
      void connection[Symbol.asyncDispose]();
      this.#openIfRoom();
      return;
    }
    this.#offer(connection);
  }

  /** Keeps no session that nobody uses. Whoever still holds the pool is served, by sessions that end after them. */
  async drain(): Promise<void> {
    this.#state = "draining";
    await Promise.all(this.#idle.splice(0).map((connection) => connection[Symbol.asyncDispose]()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#state = "closed";
    for (const waiter of this.#waiters.splice(0)) waiter.refuse(new PoolClosed());
    await Promise.all(this.#idle.splice(0).map((connection) => connection[Symbol.asyncDispose]()));
  }

  #takeIdle(seal: string): TenantConnection | undefined {
    for (;;) {
      if (this.#idle.length === 0) return undefined;
      const same = this.#idle.findIndex((connection) => connection.cleanFor === seal);
      // The most recently used one otherwise: its caches are warm and the others can grow old.
      const [connection] = this.#idle.splice(same === -1 ? this.#idle.length - 1 : same, 1);
      if (connection?.isUsable !== true) continue;
      this.#lent.add(connection);
      return connection;
    }
  }

  #offer(connection: TenantConnection): void {
    const waiter = this.#waiters.shift();
    if (waiter === undefined) {
      this.#idle.push(connection);
      return;
    }
    this.#lent.add(connection);
    waiter.give(connection);
  }

  #wait(signal: AbortSignal | undefined): Promise<TenantConnection> {
    return new Promise((resolve, reject) => {
      const served = new AbortController();
      const leave = () => {
        const index = this.#waiters.indexOf(waiter);
        if (index !== -1) this.#waiters.splice(index, 1);
      };
      const onAbort = () => {
        leave();
        served.abort();
        reject(signal?.reason as Error);
      };
      const settle = () => {
        served.abort();
        signal?.removeEventListener("abort", onAbort);
      };
      const waiter: Waiter = {
        give: (connection) => (settle(), resolve(connection)),
        refuse: (error) => (settle(), reject(error as Error)),
      };
      this.#waiters.push(waiter);
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#options.clock.sleep(this.#options.waitMs, served.signal).then(
        () => (leave(), waiter.refuse(new PoolBusy())),
        () => undefined,
      );
    });
  }

  #openIfRoom(): void {
    const size = this.#idle.length + this.#lent.size + this.#opening;
    if (this.#state === "closed" || this.#waiters.length <= this.#opening || size >= this.#options.sizeMax)
      return;
    this.#opening += 1;
    this.#options.connect().then(
      (connection) => {
        this.#opening -= 1;
        if (this.#state === "closed") void connection[Symbol.asyncDispose]();
        else this.#offer(connection);
      },
      (error: unknown) => {
        this.#opening -= 1;
        // Everyone in line would meet the same closed door; say so at once instead of at the deadline.
        for (const waiter of this.#waiters.splice(0)) waiter.refuse(error);
      },
    );
  }
}

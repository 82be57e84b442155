import { assert, type Clock, DeadlineLine, type DeadlinePlace } from "@tenantry/base";
import type { TenantConnection } from "./tenant-connection.ts";

/** How the sessions of a pool, or of several together, are used. */
export interface PoolUsage {
  readonly sizeMax: number;
  readonly idle: number;
  readonly busy: number;
  /** Sessions that are being opened. */
  readonly opening: number;
  /** Transactions that wait for a session. */
  readonly waiting: number;
}

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
  readonly line: Line;
  readonly give: (connection: TenantConnection) => void;
  readonly refuse: (error: unknown) => void;
  place: DeadlinePlace<Waiter> | null;
}

/** Those of one tenant who wait. */
interface Line {
  readonly seal: string;
  readonly waiters: Waiter[];
  /** How many turns the line has had, counted from where the others stood when it came. */
  turns: number;
}

/** How many turns a tenant may be ahead of the others because the session needs no reset for it. */
const turnsAheadMax = 3;

/**
 * A bounded set of sessions, lent to one transaction at a time.
 *
 * A tenant gets the session that it used last if that is free, because it needs no reset. Whoever
 * finds none waits in the line of the own tenant, and the lines have their turns one after the
 * other, however long one of them is. The tenant that used a session last may keep it for a few turns
 * more. A session in doubt is thrown away, and its place is given to the next in line as a new one.
 */
export class ConnectionPool implements AsyncDisposable {
  readonly #options: ConnectionPoolOptions;
  readonly #idle: TenantConnection[] = [];
  readonly #lent = new Set<TenantConnection>();
  readonly #lines = new Map<string, Line>();
  readonly #waiting: DeadlineLine<Waiter>;
  #turnsLast = 0;
  #opening = 0;
  #state: "open" | "draining" | "closed" = "open";

  constructor(options: ConnectionPoolOptions) {
    this.#options = options;
    this.#waiting = new DeadlineLine({
      timeoutMs: options.waitMs,
      clock: options.clock,
      onExpired: (waiter) => {
        this.#leaveLine(waiter);
        waiter.refuse(new PoolBusy());
      },
    });
  }

  /** How many transactions run or wait. */
  get load(): number {
    return this.#lent.size + this.#opening + this.#waiting.size;
  }

  get usage(): PoolUsage {
    return {
      sizeMax: this.#options.sizeMax,
      idle: this.#idle.length,
      busy: this.#lent.size,
      opening: this.#opening,
      waiting: this.#waiting.size,
    };
  }

  /** A session that is free right now. */
  take(seal: string): TenantConnection | undefined {
    return this.#state === "closed" ? undefined : this.#takeIdle(seal);
  }

  async acquire(seal: string, signal: AbortSignal | undefined): Promise<TenantConnection> {
    if (this.#state === "closed") throw new PoolClosed();
    signal?.throwIfAborted();
    const idle = this.#takeIdle(seal);
    if (idle !== undefined) return idle;
    const waiting = this.#wait(seal, signal);
    this.#openIfRoom();
    return waiting;
  }

  release(connection: TenantConnection): void {
    this.#lent.delete(connection);
    const isWanted = this.#state === "open" || (this.#state === "draining" && this.#waiting.size > 0);
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
    this.#refuseAll(new PoolClosed());
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
    const line = this.#nextLine(connection.cleanFor);
    if (line === undefined) {
      this.#idle.push(connection);
      return;
    }
    const waiter = line.waiters[0];
    assert(waiter !== undefined, "a line is kept without anybody in it");
    line.turns += 1;
    this.#turnsLast = line.turns;
    this.#leave(waiter);
    this.#lent.add(connection);
    waiter.give(connection);
  }

  /** The line that had the fewest turns, or one that is hardly ahead of it and needs no reset. */
  #nextLine(cleanFor: string | null): Line | undefined {
    let next: Line | undefined;
    for (const line of this.#lines.values()) if (next === undefined || line.turns < next.turns) next = line;
    const same = cleanFor === null ? undefined : this.#lines.get(cleanFor);
    if (next === undefined || same === undefined) return next;
    return same.turns < next.turns + turnsAheadMax ? same : next;
  }

  #wait(seal: string, signal: AbortSignal | undefined): Promise<TenantConnection> {
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.#leave(waiter);
        reject(signal?.reason as Error);
      };
      const line = this.#lineOf(seal);
      const waiter: Waiter = {
        line,
        give: (connection) => (signal?.removeEventListener("abort", onAbort), resolve(connection)),
        refuse: (error) => (signal?.removeEventListener("abort", onAbort), reject(error as Error)),
        place: null,
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      line.waiters.push(waiter);
      waiter.place = this.#waiting.add(waiter);
    });
  }

  #lineOf(seal: string): Line {
    const known = this.#lines.get(seal);
    if (known !== undefined) return known;
    const line: Line = { seal, waiters: [], turns: this.#turnsLast };
    this.#lines.set(seal, line);
    return line;
  }

  #leave(waiter: Waiter): void {
    if (waiter.place !== null && this.#waiting.remove(waiter.place)) this.#leaveLine(waiter);
  }

  #leaveLine(waiter: Waiter): void {
    const { line } = waiter;
    line.waiters.splice(line.waiters.indexOf(waiter), 1);
    if (line.waiters.length === 0) this.#lines.delete(line.seal);
  }

  #refuseAll(error: unknown): void {
    for (const waiter of this.#waiting.takeAll()) {
      this.#leaveLine(waiter);
      waiter.refuse(error);
    }
  }

  #openIfRoom(): void {
    const size = this.#idle.length + this.#lent.size + this.#opening;
    if (this.#state === "closed" || this.#waiting.size <= this.#opening || size >= this.#options.sizeMax)
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
        this.#refuseAll(error);
      },
    );
  }
}

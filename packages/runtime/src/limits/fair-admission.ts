import { assert, type Clock } from "@tenantry/base";

export interface FairAdmissionOptions {
  /** How many requests are in flight at once, of all tenants together. */
  readonly slotsMax: number;
  /** How many requests of one tenant wait at most. All together are bounded by the open connections. */
  readonly waitingMax: number;
  /** How long a request waits at most. */
  readonly waitMs: number;
  readonly clock: Clock;
}

export type Admission =
  /** `leave` gives the slot back; more than once changes nothing. */
  | { readonly kind: "admitted"; readonly leave: () => void }
  | { readonly kind: "refused"; readonly reason: "queue-full" | "waited" | "gone" };

interface Waiting {
  readonly admit: (admission: Admission) => void;
}

interface Line {
  readonly tenant: string;
  inFlight: number;
  /** A tier's own bound on requests in flight. */
  ownMax: number;
  /** When the tenant was served last, in turns. */
  servedAt: number;
  readonly waiting: Waiting[];
}

/**
 * How many slots a tenant may hold for each one that is free. One tenant alone gets two thirds of
 * all, two get two fifths each, n get 2/(2n+1) each, and as much as half a share stays free.
 */
const slotsPerFreeSlot = 2;

/**
 * Slots for requests in flight, shared fairly by tenants.
 *
 * Who may take a slot follows from who holds how many: a tenant may while it holds fewer than
 * twice as many as are free (dynamic thresholds: Choudhury and Hahne, IEEE/ACM Transactions on
 * Networking 6(2), 1998). However much one tenant asks for, and however long its requests take,
 * it leaves free slots for the tenant that comes next; and when many want more than there is, all
 * end up holding the same. A request that may not go on waits in its own tenant's line. A slot that
 * comes free goes to the tenant with the fewest in flight, and among equals to the one that has
 * waited for its turn the longest. So demand is met in full where it is below the fair share, and
 * what others leave is shared by those who want more.
 */
export class FairAdmission {
  readonly #options: FairAdmissionOptions;
  readonly #lines = new Map<string, Line>();
  /** Those of the lines in which somebody waits. */
  readonly #linesWaiting = new Set<Line>();
  #free: number;
  #turn = 0;

  constructor(options: FairAdmissionOptions) {
    assert(options.slotsMax >= 1, "there are no slots");
    this.#options = options;
    this.#free = options.slotsMax;
  }

  /** How many requests hold a slot, and how many wait. */
  get load(): { readonly inFlight: number; readonly waiting: number } {
    let waiting = 0;
    for (const line of this.#linesWaiting) waiting += line.waiting.length;
    return { inFlight: this.#options.slotsMax - this.#free, waiting };
  }

  /**
   * Takes a slot, at once where one may be had.
   *
   * @param ownMax requests in flight that the tenant's tier allows; null for no bound of its own
   * @param signal asked for when the request has to wait; when aborted, it waits no longer
   */
  enter(tenant: string, ownMax: number | null, signal: () => AbortSignal): Admission | Promise<Admission> {
    const line = this.#lineOf(tenant, ownMax);
    if (line.waiting.length === 0 && this.#mayTake(line)) return this.#take(line);
    if (line.waiting.length >= this.#options.waitingMax) {
      this.#forgetIfIdle(line);
      return { kind: "refused", reason: "queue-full" };
    }
    return this.#wait(line, signal());
  }

  #lineOf(tenant: string, ownMax: number | null): Line {
    let line = this.#lines.get(tenant);
    if (line === undefined) {
      line = { tenant, inFlight: 0, ownMax: 0, servedAt: 0, waiting: [] };
      this.#lines.set(tenant, line);
    }
    line.ownMax = ownMax ?? Number.POSITIVE_INFINITY;
    return line;
  }

  #mayTake({ inFlight, ownMax }: Line): boolean {
    return inFlight < Math.min(ownMax, slotsPerFreeSlot * this.#free);
  }

  #take(line: Line): Admission {
    this.#free -= 1;
    line.inFlight += 1;
    this.#turn += 1;
    line.servedAt = this.#turn;
    let held = true;
    const leave = () => {
      if (!held) return;
      held = false;
      this.#free += 1;
      line.inFlight -= 1;
      this.#forgetIfIdle(line);
      this.#serveWaiting();
    };
    return { kind: "admitted", leave };
  }

  async #wait(line: Line, signal: AbortSignal): Promise<Admission> {
    const { promise, resolve } = Promise.withResolvers<Admission>();
    const settled = new AbortController();
    const waiting: Waiting = { admit: resolve };
    const giveUp = (reason: "waited" | "gone") => {
      const index = line.waiting.indexOf(waiting);
      if (index === -1) return;
      line.waiting.splice(index, 1);
      if (line.waiting.length === 0) this.#linesWaiting.delete(line);
      this.#forgetIfIdle(line);
      resolve({ kind: "refused", reason });
    };
    line.waiting.push(waiting);
    this.#linesWaiting.add(line);
    const onAbort = () => giveUp("gone");
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) giveUp("gone");
    this.#options.clock.sleep(this.#options.waitMs, settled.signal).then(
      () => giveUp("waited"),
      () => undefined,
    );
    const admission = await promise;
    settled.abort();
    signal.removeEventListener("abort", onAbort);
    return admission;
  }

  #serveWaiting(): void {
    for (;;) {
      const line = this.#nextLine();
      if (line === null) return;
      const next = line.waiting.shift();
      assert(next !== undefined, "a line without anybody waiting is among those with somebody");
      if (line.waiting.length === 0) this.#linesWaiting.delete(line);
      next.admit(this.#take(line));
    }
  }

  /** The line whose turn it is, or null when nobody who waits may take a slot. */
  #nextLine(): Line | null {
    let best: Line | null = null;
    for (const line of this.#linesWaiting) {
      if (!this.#mayTake(line)) continue;
      if (best === null || line.inFlight < best.inFlight) best = line;
      else if (line.inFlight === best.inFlight && line.servedAt < best.servedAt) best = line;
    }
    return best;
  }

  #forgetIfIdle(line: Line): void {
    if (line.inFlight === 0 && line.waiting.length === 0) this.#lines.delete(line.tenant);
  }
}

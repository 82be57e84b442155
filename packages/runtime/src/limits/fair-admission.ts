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

/** How it ended for a request that asked for a slot; "gone" where it gave up by itself. */
export type Admission = "admitted" | "queue-full" | "waited" | "gone";

interface Waiting {
  readonly line: Line;
  readonly untilMs: number;
  readonly settle: (admission: Admission) => void;
  state: "waiting" | "holding" | "left";
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
  /** Also those who wait no longer, until it is their time. */
  readonly #waitingByTime: Waiting[] = [];
  #expiring: Promise<void> | null = null;
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
   * Asks for a slot. `settle` is called once: at once where that can be said at once, and when a
   * slot came free or the time was up where the request has to wait.
   *
   * @param ownMax requests in flight that the tenant's tier allows; null for no bound of its own
   * @returns what gives the slot back, or the place in line up; more than once changes nothing
   */
  enter(tenant: string, ownMax: number | null, settle: (admission: Admission) => void): () => void {
    const line = this.#lineOf(tenant, ownMax);
    const { waitingMax, waitMs, clock } = this.#options;
    const isFree = line.waiting.length === 0 && this.#mayTake(line);
    if (!isFree && line.waiting.length >= waitingMax) {
      this.#forgetIfIdle(line);
      settle("queue-full");
      return () => undefined;
    }
    const untilMs = isFree ? 0 : clock.monotonicMs() + waitMs;
    const request: Waiting = { line, untilMs, settle, state: "waiting" };
    if (isFree) this.#take(request);
    else this.#wait(request);
    return () => this.#leave(request);
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

  #take(request: Waiting): void {
    const { line } = request;
    this.#free -= 1;
    line.inFlight += 1;
    this.#turn += 1;
    line.servedAt = this.#turn;
    request.state = "holding";
    request.settle("admitted");
  }

  #leave(request: Waiting): void {
    if (request.state === "waiting") this.#giveUp(request, "gone");
    if (request.state !== "holding") return;
    const { line } = request;
    request.state = "left";
    this.#free += 1;
    line.inFlight -= 1;
    this.#forgetIfIdle(line);
    this.#serveWaiting();
  }

  #wait(request: Waiting): void {
    request.line.waiting.push(request);
    this.#linesWaiting.add(request.line);
    this.#waitingByTime.push(request);
    if (this.#expiring === null) this.#expiring = this.#expire();
  }

  #giveUp(request: Waiting, admission: "waited" | "gone"): void {
    const { line } = request;
    line.waiting.splice(line.waiting.indexOf(request), 1);
    if (line.waiting.length === 0) this.#linesWaiting.delete(line);
    this.#forgetIfIdle(line);
    request.state = "left";
    request.settle(admission);
  }

  /** One timer for all who wait: all wait equally long, so the first to come is the first whose time is up. */
  async #expire(): Promise<void> {
    const { clock } = this.#options;
    for (;;) {
      while (this.#waitingByTime[0] !== undefined && this.#waitingByTime[0].state !== "waiting") {
        this.#waitingByTime.shift();
      }
      const first = this.#waitingByTime[0];
      if (first === undefined) break;
      const leftMs = first.untilMs - clock.monotonicMs();
      if (leftMs > 0) await clock.sleep(leftMs);
      else this.#giveUp(first, "waited");
    }
    this.#expiring = null;
  }

  #serveWaiting(): void {
    for (;;) {
      const line = this.#nextLine();
      if (line === null) return;
      const next = line.waiting.shift();
      assert(next !== undefined, "a line without anybody waiting is among those with somebody");
      if (line.waiting.length === 0) this.#linesWaiting.delete(line);
      this.#take(next);
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

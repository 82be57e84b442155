import { assert, type Clock, DeadlineLine, type DeadlinePlace } from "@tenantry/base";
import { RecentAverage } from "./recent-average.ts";

export interface FairAdmissionOptions {
  /** How many requests are in flight at once, of all tenants together. */
  readonly slotsMax: number;
  /**
   * How many of the slots tenants share while several are present; all of them where not given.
   * About as many requests as can be worked on without one slowing another down.
   */
  readonly contendedSlotsMax?: number;
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
  readonly settle: (admission: Admission) => void;
  state: "waiting" | "holding" | "left";
  place: DeadlinePlace<Waiting> | null;
}

interface Line {
  readonly tenant: string;
  inFlight: number;
  /** A tier's own bound on requests in flight. */
  ownMax: number;
  /** When the tenant was served last, in turns. */
  servedAt: number;
  /** When a request of the tenant came last. */
  seenMs: number;
  readonly waiting: Waiting[];
  /** What it holds and waits for. */
  readonly demand: RecentAverage;
}

/**
 * How many slots a tenant may hold for each one that is free. One tenant alone gets two thirds of
 * all, two get two fifths each, n get 2/(2n+1) each, and as much as half a share stays free.
 */
const slotsPerFreeSlot = 2;

/** A tenant is present for so long after its last request. */
const presentMs = 1_000;
/** Below this the others were hardly there, and what each of them wants is not known. */
const othersActiveMin = 0.05;
/** How many lines are looked at for one that can be forgotten when a new one comes. */
const looksPerNewLine = 2;

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
 *
 * Holding a slot is not all that a request costs another: those that are worked on at once share one event
 * loop and the database, and each of them waits a little for all others. So one tenant alone may use all slots;
 * but while another is present, which it is for a second after its last request, a tenant is
 * given no more than the most of these: what the others have lately left of `contendedSlotsMax`, an equal part
 * of them, as many as each of the others wants, and one. So who wants as much as all others is not
 * held back at all, who wants a hundred times as much gets what they get, and a hundred tenants with
 * a request now and then leave nearly all of it.
 */
export class FairAdmission {
  readonly #options: FairAdmissionOptions;
  readonly #lines = new Map<string, Line>();
  /** Those of the lines in which somebody waits. */
  readonly #linesWaiting = new Set<Line>();
  readonly #waitingByTime: DeadlineLine<Waiting>;
  #free: number;
  #turn = 0;
  /** Of all lines together. */
  #demand = 0;
  #active = 0;
  readonly #demandLately: RecentAverage;
  readonly #activeLately: RecentAverage;
  /** Who came last, and when somebody else did. */
  #seen: { line: Line; atMs: number } | null = null;
  #isServingSoon = false;
  /** More than this is not looked at: wanting everything gives nobody a claim to it. */
  readonly #demandMax: number;
  #otherSeenMs = Number.NEGATIVE_INFINITY;
  #sweep: Iterator<Line>;

  constructor(options: FairAdmissionOptions) {
    assert(options.slotsMax >= 1, "there are no slots");
    this.#options = options;
    this.#free = options.slotsMax;
    this.#demandMax = Math.max(options.contendedSlotsMax ?? 1, Math.ceil(options.slotsMax / 4));
    const nowMs = options.clock.monotonicMs();
    this.#demandLately = new RecentAverage(presentMs, nowMs);
    this.#activeLately = new RecentAverage(presentMs, nowMs);
    this.#sweep = this.#lines.values();
    this.#waitingByTime = new DeadlineLine({
      timeoutMs: options.waitMs,
      clock: options.clock,
      onExpired: (request) => this.#giveUp(request, "waited"),
    });
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
    const { waitingMax, clock } = this.#options;
    const nowMs = clock.monotonicMs();
    const line = this.#lineOf(tenant, ownMax, nowMs);
    this.#see(line, nowMs);
    const isFree = line.waiting.length === 0 && this.#mayTake(line, nowMs);
    if (!isFree && line.waiting.length >= waitingMax) {
      settle("queue-full");
      return () => undefined;
    }
    const request: Waiting = { line, settle, state: "waiting", place: null };
    if (isFree) this.#takeAtOnce(request);
    else this.#wait(request, nowMs);
    return () => this.#leave(request);
  }

  #lineOf(tenant: string, ownMax: number | null, nowMs: number): Line {
    let line = this.#lines.get(tenant);
    if (line === undefined) {
      this.#forgetIdleLines(nowMs);
      const demand = new RecentAverage(presentMs, nowMs);
      line = { tenant, inFlight: 0, ownMax: 0, servedAt: 0, seenMs: nowMs, waiting: [], demand };
      this.#lines.set(tenant, line);
    }
    line.ownMax = ownMax ?? Number.POSITIVE_INFINITY;
    return line;
  }

  #see(line: Line, nowMs: number): void {
    line.seenMs = nowMs;
    if (this.#seen !== null && this.#seen.line !== line) this.#otherSeenMs = this.#seen.atMs;
    this.#seen = { line, atMs: nowMs };
  }

  #mayTake(line: Line, nowMs: number): boolean {
    const max = Math.min(line.ownMax, slotsPerFreeSlot * this.#free);
    return line.inFlight < max && line.inFlight < this.#contendedMax(line, nowMs);
  }

  /** How many slots others who are present leave to a line. */
  #contendedMax(line: Line, nowMs: number): number {
    const { contendedSlotsMax, slotsMax } = this.#options;
    if (contendedSlotsMax === undefined) return slotsMax;
    const otherSeenMs = this.#seen?.line === line ? this.#otherSeenMs : (this.#seen?.atMs ?? 0);
    const isAlone = nowMs - otherSeenMs > presentMs && this.#active <= 1;
    if (isAlone) return slotsMax;
    const own = line.demand.at(nowMs);
    const othersDemand = this.#demandLately.at(nowMs) - own;
    const active = this.#activeLately.at(nowMs);
    const othersActive = active - Math.min(1, own);
    const left = contendedSlotsMax - othersDemand;
    const part = contendedSlotsMax / Math.max(1, active);
    const asOthers = othersActive < othersActiveMin ? 0 : othersDemand / othersActive;
    // Averages of whole numbers that are all but reached.
    return Math.max(1, Math.floor(left), Math.floor(part), Math.floor(asOthers + 0.5));
  }

  /** What a line holds or waits for has changed. */
  #count(line: Line, before: number): void {
    const after = line.inFlight + line.waiting.length;
    const cut = this.#demandMax;
    const nowMs = this.#options.clock.monotonicMs();
    this.#demand += Math.min(after, cut) - Math.min(before, cut);
    this.#active += Math.min(after, 1) - Math.min(before, 1);
    line.demand.set(Math.min(after, cut), nowMs);
    this.#demandLately.set(this.#demand, nowMs);
    this.#activeLately.set(this.#active, nowMs);
  }

  #takeAtOnce(request: Waiting): void {
    // Like one who waits, and has been counted when it gets its turn.
    request.line.inFlight += 1;
    this.#count(request.line, request.line.inFlight - 1 + request.line.waiting.length);
    request.line.inFlight -= 1;
    this.#take(request);
  }

  #take(request: Waiting): void {
    const { line } = request;
    if (request.place !== null) this.#waitingByTime.remove(request.place);
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
    this.#count(line, line.inFlight + 1 + line.waiting.length);
    this.#serveSoon();
  }

  #wait(request: Waiting, nowMs: number): void {
    const { line } = request;
    line.waiting.push(request);
    this.#count(line, line.inFlight + line.waiting.length - 1);
    this.#linesWaiting.add(request.line);
    request.place = this.#waitingByTime.add(request, nowMs);
  }

  #giveUp(request: Waiting, admission: "waited" | "gone"): void {
    const { line } = request;
    line.waiting.splice(line.waiting.indexOf(request), 1);
    if (request.place !== null) this.#waitingByTime.remove(request.place);
    if (line.waiting.length === 0) this.#linesWaiting.delete(line);
    this.#count(line, line.inFlight + line.waiting.length + 1);
    request.state = "left";
    request.settle(admission);
  }

  /**
   * In contention, the next of a line begins after what has come in meanwhile was read: a line that is
   * never empty would otherwise always be ahead of the one request of somebody else.
   */
  #serveSoon(): void {
    if (this.#linesWaiting.size === 0) return;
    if (this.#options.contendedSlotsMax === undefined || this.#active <= 1) this.#serveWaiting();
    else if (!this.#isServingSoon) {
      this.#isServingSoon = true;
      setImmediate(() => {
        this.#isServingSoon = false;
        this.#serveWaiting();
      });
    }
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
    if (this.#linesWaiting.size === 0) return best;
    const nowMs = this.#options.clock.monotonicMs();
    for (const line of this.#linesWaiting) {
      if (!this.#mayTake(line, nowMs)) continue;
      if (best === null || line.inFlight < best.inFlight) best = line;
      else if (line.inFlight === best.inFlight && line.servedAt < best.servedAt) best = line;
    }
    return best;
  }

  /** A line that has been idle for long has no more influence on anybody's share than a new one. */
  #forgetIdleLines(nowMs: number): void {
    for (let looks = 0; looks < looksPerNewLine; looks += 1) {
      const next = this.#sweep.next();
      if (next.done === true) {
        this.#sweep = this.#lines.values();
        return;
      }
      const { value: line } = next;
      const isIdle = line.inFlight === 0 && line.waiting.length === 0;
      if (isIdle && nowMs - line.seenMs > presentMs * 10) this.#lines.delete(line.tenant);
    }
  }
}

import type { Clock } from "@tenantry/base";
import type { Tenant } from "../tenants/tenant.ts";
import { FairAdmission } from "../limits/fair-admission.ts";

/** Why a stream is ended that neither side has ended. */
export type StreamEnd = "draining" | "tenant-inactive" | "credential-ended" | "idle";

/** A WebSocket or an event stream: an exchange that has no end of its own. */
export interface OpenStream {
  /** Whether it may go on; the reason to end it where not. */
  recheck(): Promise<StreamEnd | null>;
  end(reason: StreamEnd): void;
}

export interface OpenStreamsOptions {
  readonly streamsMax: number;
  /** Between two looks at whether each stream may go on. */
  readonly recheckMs: number;
  readonly clock: Clock;
}

/**
 * The streams that are open: as many as there is room for, shared fairly by tenants. A stream
 * outlives the moment in which it was admitted, so whether its tenant is still active and its
 * credential still good is asked again while it is open.
 */
export class OpenStreams implements AsyncDisposable {
  readonly #options: OpenStreamsOptions;
  readonly #slots: FairAdmission;
  readonly #open = new Set<OpenStream>();
  readonly #closing = new AbortController();
  #watching: Promise<void> | null = null;

  constructor(options: OpenStreamsOptions) {
    this.#options = options;
    const { streamsMax, clock } = options;
    this.#slots = new FairAdmission({ slotsMax: streamsMax, waitingMax: 0, waitMs: 0, clock });
  }

  get size(): number {
    return this.#open.size;
  }

  /** A place for a stream, given back by the function; null where the tenant has as many as it may. */
  admit(tenant: Tenant | null, isAnonymous: boolean): (() => void) | null {
    let isAdmitted = false;
    // Strangers do not take the places of the tenant's own.
    const line = `${tenant?.id ?? ""}${isAnonymous ? "/anonymous" : ""}`;
    const leave = this.#slots.enter(line, null, (admission) => {
      isAdmitted = admission === "admitted";
    });
    return isAdmitted ? leave : null;
  }

  /** @returns what takes it out again when it has ended */
  add(stream: OpenStream): () => void {
    if (this.#closing.signal.aborted) stream.end("draining");
    this.#open.add(stream);
    this.#watching ??= this.#watch();
    return () => void this.#open.delete(stream);
  }

  /** Ends all, and those that come later at once. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    for (const stream of this.#open) stream.end("draining");
    await this.#watching;
  }

  async #watch(): Promise<void> {
    const { clock, recheckMs } = this.#options;
    const { signal } = this.#closing;
    while (this.#open.size > 0 && !signal.aborted) {
      await clock.sleep(recheckMs, signal).catch(() => undefined);
      for (const stream of signal.aborted ? [] : [...this.#open]) {
        // What cannot be asked now is asked next time: a database that is away ends no stream.
        const reason = await stream.recheck().catch(() => null);
        if (reason !== null && this.#open.has(stream)) stream.end(reason);
      }
    }
    this.#watching = null;
    if (this.#open.size > 0 && !signal.aborted) this.#watching = this.#watch();
  }
}
